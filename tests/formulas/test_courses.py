"""Loans period by period: what a forward recursion cannot keep."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas import annuity_payment
from railsim.formulas.courses import draw_course, owed_before, repay_course


@given(st.floats(0.0, 0.5), st.integers(1, 300), st.floats(1.0, 1e12))
@settings(max_examples=100, deadline=None)
def test_a_level_shape_is_an_annuity(rate, n, principal) -> None:
    owed = repay_course(principal, [1.0] * n, [rate] * n)

    paid = owed[-2] * (1.0 + rate)
    level = annuity_payment(principal=principal, rate=rate, per_year=1, n=n)["payment"]
    assert owed[-1] == 0.0
    assert paid == pytest.approx(level, rel=1e-9)


def test_rates_may_differ_between_periods() -> None:
    owed = owed_before([110.0, 120.0], [0.1, 0.2])

    assert owed == pytest.approx([(100.0 + 110.0) / 1.1, 100.0, 0.0])


def test_what_is_drawn_costs_half_a_period_of_interest_and_commitment() -> None:
    drawn = draw_course([100.0, 0.0], [0.1, 0.1], [0.01, 0.01], is_capitalised=True)

    assert drawn["interest"] == pytest.approx([5.0, 10.5])
    assert drawn["balance"] == pytest.approx([0.0, 105.0, 115.5])
    assert drawn["commit_fee"] == pytest.approx([0.5, 0.0])
