"""Railway companies: what they are paid, what they spend, who gets the rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import pyxirr

from railsim.finance.accounts import Accounts
from railsim.finance.lines import straight_line, tax_on
from tests.finance.worlds import (
    finance,
    keep,
    operator,
    package,
    traffic,
    tranche,
    works,
)

FREE = {"regime": "revenue_share", "revenue_share": 0}


def run(carried: Any = None, built: Any = None, **changes: Any) -> Accounts:
    return keep(
        {"only": package({"loan": tranche()})},
        operators={"rail": operator(**({"access": FREE} | changes))},
        carried=carried or traffic(10e6),
        built=built,
        fares_usd_per_passenger_km={"line": 0.05},
    )


def item(accounts: Accounts, name: str) -> np.ndarray:
    return accounts.operators["rail"].account[name].usd


def test_an_operator_is_paid_by_its_payees_alone() -> None:
    accounts = run()

    assert item(accounts, "freight")[6:8].tolist() == [5e6, 5e6]
    assert item(accounts, "passengers")[6] == pytest.approx(0.05 * 1e6 / 2)


def test_ancillary_revenue_is_a_share_of_the_rest() -> None:
    accounts = run(ancillary_share=0.02)

    assert item(accounts, "ancillary")[6] == pytest.approx(0.02 * (5e6 + 25_000))


def test_each_kind_of_activity_is_paid_for() -> None:
    rates = {
        "usd_per_train_km": 5,
        "usd_per_net_t_km": 0.01,
        "usd_per_gross_t_km": 0.001,
        "train_tare_t": 500,
        "usd_per_train_h": 20,
        "usd_per_lift": 16,
        "lifts_per_teu": 1.25,
        "fixed_usd_per_year": 1e6,
        "overhead_share": 0.1,
    }

    accounts = run(traffic(10e6, train_km=1000.0), **rates)

    half = {name: -item(accounts, name)[6] for name in ("train_running", "train_hours")}
    assert half == pytest.approx({"train_running": 2500.0, "train_hours": 200.0})
    assert -item(accounts, "haulage")[6] == pytest.approx(0.01 * 1e6 / 2)
    assert -item(accounts, "energy")[6] == pytest.approx(0.001 * (1e6 + 500e3) / 2)
    assert -item(accounts, "lifts")[6] == pytest.approx(16 * 1.25 * 1000 / 2)
    assert -item(accounts, "fixed_costs")[6] == pytest.approx(5e5)
    rest = 2500 + 200 + 5000 + 750 + 10_000 + 5e5
    assert -item(accounts, "overheads")[6] == pytest.approx(0.1 * rest)


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        ({"regime": "revenue_share", "revenue_share": 0.08}, 0.08 * 5.025e6),
        ({"regime": "gross_t_km", "usd_per_gross_t_km": 0.004}, 0.004 * 0.5e6),
        ({"regime": "train_km", "usd_per_train_km": 2}, 2 * 500.0),
        ({"regime": "surplus"}, 5.025e6),
    ],
)
def test_the_access_charge_follows_its_regime(access: Any, expected: float) -> None:
    accounts = run(traffic(10e6, train_km=1000.0), access=access)

    assert -item(accounts, "access_charge")[6] == pytest.approx(expected)
    assert accounts.owner.account["access_charge"].usd[6] == pytest.approx(expected)


def test_trains_are_bought_and_written_off() -> None:
    built = works([1e6] * 6, vehicles=[0.0] * 6 + [20e6])

    accounts = run(built=built, depreciation_years=10)

    rail = accounts.operators["rail"]
    assert -item(accounts, "trains_bought")[6] == 20e6
    assert rail.depreciation[7:27] == pytest.approx(np.full(20, 1e6))
    assert rail.depreciation.sum() == pytest.approx(20e6)
    assert item(accounts, "support")[6] == pytest.approx(20e6 - 5.025e6)


def test_leases_are_worth_what_the_trains_cost() -> None:
    built = works([1e6] * 6, vehicles=[0.0] * 6 + [20e6])

    accounts = run(built=built, rolling_stock="leased", lease_rate=0.06, lease_years=15)

    paid = -item(accounts, "trains_leased")[6:]
    assert paid[0] == 0.0
    assert pyxirr.npv(0.03, paid) == pytest.approx(20e6)


def test_tax_begins_after_the_holiday_and_losses_are_carried_forward() -> None:
    profit = np.array([-10.0, 4.0, 4.0, 4.0, 4.0])

    assert tax_on(profit, np.full(5, 0.2)) == pytest.approx([0, 0, 0, 0.4, 0.8])
    assert tax_on(profit, np.array([0, 0, 0, 0, 0.2])) == pytest.approx(
        [0, 0, 0, 0, 0.8]
    )

    accounts = run(tax={"rate": 0.2, "holiday_years": 10})
    tax = -item(accounts, "tax")
    assert not tax[:26].any()
    assert tax[26] == pytest.approx(0.2 * 5.025e6)


def test_working_capital_grows_with_revenue_and_no_more() -> None:
    accounts = run(working_capital_days=30)

    tied = -item(accounts, "working_capital")
    assert tied.sum() == pytest.approx(2 * 5.025e6 * 30 / 365)
    assert not tied[7:].any()


def test_an_operator_may_thrive_on_a_line_that_never_covers_its_debt() -> None:
    accounts = run(access={"regime": "revenue_share", "revenue_share": 0.08})

    assert item(accounts, "distributions")[6:].max() < 0
    assert len(accounts.ratios.breaches) == 30
    assert accounts.ratios.average is not None
    assert accounts.ratios.average < 0.05


def test_books_are_written_off_in_equal_parts() -> None:
    depreciation, book = straight_line(np.array([0.0, 8.0, 0, 0]), 4)

    assert depreciation.tolist() == [0, 0, 2, 2]
    assert book.sum() == pytest.approx(4.0)


def test_years_of_works_and_traffic_must_agree() -> None:
    with pytest.raises(ValueError, match="same years"):
        run(traffic(10e6, last_year=2050))


def test_prices_of_revenue_grow_with_the_currencies_they_are_made_in() -> None:
    money = finance()
    money["inflation"] |= {"vnd": 0.035}
    money["mixes"] = money["mixes"] | {"revenue": {"usd": 0, "cny": 0, "vnd": 1}}
    money["exchange"] |= {"vnd": "drift", "vnd_drift": 0.02}

    accounts = keep(
        {"only": package({"loan": tranche()})},
        money=money,
        operators={"rail": operator(access=FREE)},
        carried=traffic(10e6),
    )

    freight = item(accounts, "freight")
    assert freight[8] / freight[6] == pytest.approx(1.035 / 1.02)
