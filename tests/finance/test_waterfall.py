"""Who is paid first, and what would have to be paid for a line that is there."""

from __future__ import annotations

import numpy as np
import pytest

from railsim.finance.debt.waterfall import (
    level_for_cover,
    level_for_goal,
    pour,
    reserve_target,
)
from railsim.finance.measures.worth import yearly_rate
from railsim.formulas import viability_gap
from tests.finance.worlds import STATED, finance, keep, operator, package, tranche

NOTHING = np.zeros(4)


def test_senior_debt_is_paid_before_reserve_and_owners() -> None:
    cash, senior = np.array([10.0, 10, 10, 10]), np.array([4.0, 4, 4, 0])

    found = pour(cash, senior, NOTHING, reserve_target(senior, 6), NOTHING)

    assert found.reserve.tolist() == [4, 4, 0, 0]
    assert found.distributions.tolist() == [2, 6, 10, 10]
    assert found.support.tolist() == [0, 0, 0, 0]


def test_a_short_half_is_paid_from_the_reserve_and_then_by_support() -> None:
    cash, senior = np.array([10.0, 1, 1, 10]), np.full(4, 4.0)

    found = pour(cash, senior, NOTHING, reserve_target(senior, 6), NOTHING)

    assert found.reserve.tolist() == [4, 1, 0, 0]
    assert found.support.tolist() == [0, 0, 2, 0]
    assert found.distributions.tolist() == [2, 0, 0, 6]


def test_subordinated_debt_waits_until_the_reserve_is_full() -> None:
    cash, senior, junior = np.full(4, 6.0), np.full(4, 4.0), np.full(4, 1.0)

    found = pour(cash, senior, junior, reserve_target(senior, 6), NOTHING)

    assert found.reserve.tolist() == [2, 4, 4, 0]
    assert found.support.tolist() == [1, 1, 0, 0]
    assert found.distributions.tolist() == [0, 0, 1, 5]


def test_running_losses_are_paid_by_support_too() -> None:
    found = pour(np.full(4, -3.0), NOTHING, NOTHING, NOTHING, NOTHING)

    assert found.support.tolist() == [3, 3, 3, 3]


def test_the_level_that_covers_is_set_by_the_tightest_half() -> None:
    cash, due, index = (
        np.array([5.0, 5, 5]),
        np.array([5.0, 10, 0]),
        np.array([1.0, 2, 2]),
    )

    assert level_for_cover(cash, due, index, 1.2) == pytest.approx(3.5)
    assert level_for_cover(cash, due, np.zeros(3), 1.2) == np.inf
    assert level_for_cover(cash, due, index, 0.4) == 0.0


def test_a_level_is_found_only_where_the_goal_can_be_reached() -> None:
    assert level_for_goal(lambda x: x - 7.0, low=1.0, step=1.0) == pytest.approx(7.0)
    assert level_for_goal(lambda x: x, low=1.0, step=1.0) == 1.0
    assert level_for_goal(lambda _: -1.0, low=0.0, step=1.0) == np.inf


def test_an_availability_payment_restores_the_cover_lenders_want() -> None:
    promise = {"target_dscr": 1.3, "years": 30}
    free = {"regime": "revenue_share", "revenue_share": 0}

    accounts = keep(
        {"only": package({"loan": tranche()}, availability=promise)},
        operators={"toy": STATED | {"access": free}},
    )

    assert accounts.ratios.least == pytest.approx(1.3, rel=1e-12)
    level = 2 * 1.3 * accounts.owner.due[6]
    assert accounts.owner.availability_usd_per_year == pytest.approx(level)
    assert accounts.owner.availability[66:].tolist() == [0.0] * 14


def test_an_availability_payment_is_indexed_and_taxed() -> None:
    money = finance(tax={"rate": 0.2, "holiday_years": 5})
    money["inflation"] |= {"usd": 0.02}
    promise = {"target_dscr": 1.3, "years": 30}

    accounts = keep(
        {
            "only": package(
                {"loan": tranche()}, availability=promise, is_owner_taxed=True
            )
        },
        money=money,
        operators={"none": operator()},
    )

    assert accounts.ratios.least == pytest.approx(1.3, rel=1e-9)
    paid = accounts.owner.availability[6:66]
    assert paid[2:] / paid[:-2] == pytest.approx(np.full(58, 1.02))
    assert accounts.owner.tax[16:].min() >= 0.0
    assert not accounts.owner.tax[:16].any()


def test_an_availability_payment_earns_the_partner_its_return() -> None:
    promise = {"target_dscr": 1.0, "target_equity_irr": 0.12, "years": 30}

    accounts = keep(
        {"only": package({"loan": tranche()}, availability=promise)},
        operators={"none": operator()},
    )

    found = accounts.worth["equity"].nominal_return.rate
    assert found is not None
    assert yearly_rate(found) == pytest.approx(0.12, rel=1e-9)


def test_a_stated_availability_payment_is_paid_as_stated() -> None:
    promise = {"usd_per_year": 40e6, "target_dscr": 1.0, "years": 20}

    accounts = keep(
        {"only": package({"loan": tranche()}, availability=promise)},
        operators={"none": operator()},
    )

    assert accounts.owner.availability[6:46].tolist() == [20e6] * 40


def test_the_viability_gap_is_that_of_the_formula() -> None:
    accounts = keep({"only": package({"loan": tranche()})})

    owner = accounts.owner
    uses = float(owner.funding.uses.sum() + owner.services["loan"].capitalised.sum())
    equity = float(owner.funding.equity.sum())
    expected = viability_gap(
        capex=uses,
        equity=equity,
        cfads=owner.cash[6:36].tolist(),
        dscr=1.2,
        rate=0.0125,
    )
    capacity = accounts.ratios.debt_capacity
    assert capacity == pytest.approx(expected["debt_capacity"])
    assert uses - equity - capacity == pytest.approx(expected["gap"])
