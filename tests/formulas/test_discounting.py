"""Present values and rates, against numpy-financial, built roots and ISDA's cases."""

import math
from functools import reduce

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.discounting import (
    has_one_root,
    irr_all,
    mirr,
    npv,
    year_fraction,
)

flows = st.lists(st.floats(-1e6, 1e6), max_size=30)
rates = st.floats(-0.5, 3)


def with_roots(*roots):
    """Return the flows of prod (v - 1 - r), v growth per period."""
    return list(reduce(np.convolve, ([1.0, -1.0 - root] for root in roots)))


@given(rates, flows)
@settings(max_examples=50)
def test_present_values_agree_with_numpy_financial(rate, cashflows):
    found = npv(rate=rate, cashflows=cashflows, convention="start")

    terms = sum(abs(c) * (1 + rate) ** -t for t, c in enumerate(cashflows))
    assert found == pytest.approx(npf.npv(rate, cashflows), abs=1e-12 * terms)


@given(rates, flows)
@settings(max_examples=30)
def test_half_a_period_later_is_worth_less_by_the_root_of_growth(rate, cashflows):
    start, mid, end = (
        npv(rate=rate, cashflows=cashflows, convention=convention)
        for convention in ("start", "mid", "end")
    )

    assert mid == pytest.approx(start / math.sqrt(1 + rate))
    assert end == pytest.approx(start / (1 + rate))


@pytest.mark.parametrize(
    "roots",
    [[0.1], [-0.6, 0.2], [0.25, 4], [-0.3, 0, 0.07, 1.5], [0.05, 0.1, 0.2, 0.5]],
)
def test_every_rate_built_into_the_flows_is_found(roots):
    found = irr_all(cashflows=[0, 0, *with_roots(*roots), 0])

    assert found == pytest.approx(roots, rel=1e-9, abs=1e-9)


def test_a_double_rate_is_found_once():
    assert irr_all(cashflows=with_roots(0.1, 0.1)) == pytest.approx([0.1], abs=1e-7)


def test_flows_of_vanishing_size_count_for_nothing():
    assert irr_all(cashflows=[-1, 1.1, -1e-305]) == pytest.approx([0.1])


@pytest.mark.parametrize("cashflows", [[], [5], [0, 0], [1, 2], [-1, -2], [1, -1, 1]])
def test_flows_which_never_vanish_have_no_rate(cashflows):
    assert irr_all(cashflows=cashflows) == []


def test_a_long_loan_returns_its_rate():
    payment = 0.004 / (1 - 1.004**-360)

    assert irr_all(cashflows=[-1] + [payment] * 360) == pytest.approx(
        [0.004], rel=1e-11
    )


@given(st.lists(st.integers(-100, 100), min_size=2, max_size=12))
@settings(max_examples=50)
def test_at_each_internal_rate_the_flows_are_worth_nothing(cashflows):
    for root in irr_all(cashflows=cashflows):
        terms = [abs(c) * (1 + root) ** -t for t, c in enumerate(cashflows)]
        worth = npv(rate=root, cashflows=cashflows, convention="start")

        assert abs(worth) <= 1e-9 * sum(terms)


def test_the_modified_rate_agrees_with_numpy_financial():
    cashflows = [-1000, -200, 0, 500, 900, -50, 700]

    found = mirr(cashflows=cashflows, finance_rate=0.06, reinvest_rate=0.03)

    assert found == pytest.approx(npf.mirr(cashflows, 0.06, 0.03))


def test_at_its_own_rate_the_modified_rate_is_the_internal_rate():
    cashflows = [-1000, 300, 420, 680]
    rate = irr_all(cashflows=cashflows)[0]

    found = mirr(cashflows=cashflows, finance_rate=rate, reinvest_rate=rate)

    assert found == pytest.approx(rate)


@pytest.mark.parametrize(
    ("start", "end", "basis", "years"),
    [
        ("2026-01-01", "2026-07-01", "ACT/360", 181 / 360),
        ("2026-01-01", "2027-01-01", "ACT/365F", 1),
        ("2026-01-31", "2026-03-31", "30E/360", 60 / 360),
        ("2028-02-29", "2029-02-28", "30E/360", 359 / 360),
        ("2003-11-01", "2004-05-01", "ACT/ACT ISDA", 61 / 365 + 121 / 366),
        ("1999-02-01", "1999-07-01", "ACT/ACT", 150 / 365),
        ("2026-05-05", "2026-05-05", "ACT/ACT", 0),
    ],
)
def test_day_counts_follow_their_basis(start, end, basis, years):
    found = year_fraction(start=start, end=end, basis=basis)

    assert found == pytest.approx(years, abs=1e-15)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (npv, {"rate": -1, "cashflows": [1], "convention": "end"}, "rate"),
        (npv, {"rate": 0, "cashflows": [1], "convention": "late"}, "convention"),
        (npv, {"rate": 0, "cashflows": [math.nan], "convention": "mid"}, "cashflows"),
        (irr_all, {"cashflows": [1, True]}, "cashflows"),
        (
            mirr,
            {"cashflows": [1, 2], "finance_rate": 0, "reinvest_rate": 0},
            "cashflows",
        ),
        (
            year_fraction,
            {"start": "x", "end": "2026-01-01", "basis": "ACT/360"},
            "start",
        ),
        (
            year_fraction,
            {"start": "2026-01-02", "end": "2026-01-01", "basis": "ACT/360"},
            "end",
        ),
        (
            year_fraction,
            {"start": "2026-01-01", "end": "2026-01-01", "basis": "30/360"},
            "basis",
        ),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name} must"):
        function(**arguments)


@given(st.lists(st.integers(-100, 100), min_size=3, max_size=40))
@settings(max_examples=200)
def test_flows_proved_to_have_one_rate_have_one(cashflows):
    values = np.trim_zeros(np.array(cashflows, dtype=np.float64))

    if len(values) > 1 and has_one_root(values):
        assert values[0] * values[-1] < 0
        roots = np.polynomial.polynomial.polyroots(values)
        is_clear = (abs(roots.imag) < 1e-9 * abs(roots)) & (roots.real > 1e-9)
        assert np.count_nonzero(is_clear) == 1
        assert len(irr_all(cashflows=cashflows)) == 1


@pytest.mark.parametrize(
    "roots", [(0.1, 0.2, 0.3), (-0.5, 0.1, 0.4), (-0.3, -0.2, 0.5)]
)
def test_flows_with_three_rates_are_not_taken_to_have_one(roots):
    values = np.array(with_roots(*roots))

    assert not has_one_root(values)
    assert irr_all(cashflows=values.tolist()) == pytest.approx(sorted(roots))


def test_a_renewal_in_between_still_leaves_one_rate():
    values = np.array([-100.0, *[12.0] * 24, -40.0, *[12.0] * 15])

    assert has_one_root(values)
    (root,) = irr_all(cashflows=values.tolist())
    assert npf.npv(root, values) == pytest.approx(0.0, abs=1e-10)
