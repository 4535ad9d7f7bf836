"""One internal rate, or a reason: fast paths against all roots and other libraries."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas import irr_all
from railsim.formulas.returns import in_other_prices, internal_return

MONEY = st.floats(-1e9, 1e9).map(lambda x: 0.0 if abs(x) < 1.0 else x)
RATES = {"finance_rate": 0.05, "reinvest_rate": 0.04}


def found(flows: list[float]) -> tuple[float | None, str]:
    answer = internal_return(np.array(flows), **RATES)
    return answer.rate, answer.reason


@given(
    st.lists(st.floats(1.0, 1e9), min_size=1, max_size=30),
    st.lists(st.floats(1.0, 1e9), min_size=1, max_size=90),
)
@settings(max_examples=200, deadline=None)
def test_one_change_of_sign_has_the_root_that_all_roots_have(outlays, receipts) -> None:
    flows = [-x for x in outlays] + receipts

    rate, _ = found(flows)

    (expected,) = irr_all(cashflows=flows)
    assert rate == pytest.approx(expected, abs=1e-12 * (1 + abs(expected)))


@given(st.lists(MONEY, min_size=2, max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_flows_have_the_roots_that_all_roots_have(flows) -> None:
    answer = internal_return(np.array(flows), **RATES)

    largest = max(abs(x) for x in flows)
    clean = [0.0 if abs(x) <= 1e-12 * largest else x for x in flows]
    expected = irr_all(cashflows=clean)
    assert list(answer.roots) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    assert (answer.rate is not None) == (len(expected) == 1)


def test_two_libraries_agree_where_there_is_one_root() -> None:
    flows = [-100.0, -50.0, 30.0, 40.0, 60.0, 80.0]

    rate, reason = found(flows)

    assert rate == pytest.approx(pyxirr.irr(flows), abs=1e-9)
    assert rate == pytest.approx(float(npf.irr(flows)), abs=1e-9)
    assert reason == ""


def test_several_roots_give_a_reason_where_libraries_pick_one() -> None:
    flows = [-16.0, 100.0, -100.0]

    answer = internal_return(np.array(flows), **RATES)

    assert pyxirr.irr(flows) == pytest.approx(4.0)
    assert npf.irr(flows) == pytest.approx(0.25)
    assert answer.rate is None
    assert answer.roots == pytest.approx([0.25, 4.0])
    assert answer.reason == "several roots"
    assert answer.mirr == pytest.approx(pyxirr.mirr(flows, 0.05, 0.04))


def test_flows_that_never_pay_have_no_rate() -> None:
    assert found([-5.0, -3.0]) == (None, "no change of sign")
    assert found([0.0, 0.0]) == (None, "no flows")
    assert found([1.0, -1.0, 1.0]) == (None, "no root above -1")


def test_dust_is_no_change_of_sign() -> None:
    assert found([-1e9, -1e-6, 1e-5]) == (None, "no change of sign")


def test_a_return_in_other_prices_is_that_of_deflated_flows() -> None:
    flows = np.array([-100.0, 30.0, 40.0, 60.0])
    deflated = flows / 1.03 ** np.arange(4)

    moved = in_other_prices(internal_return(flows, **RATES), 0.03)

    assert moved.rate == pytest.approx(
        internal_return(deflated, **RATES).rate, abs=1e-12
    )
