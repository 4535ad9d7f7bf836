"""What keeping a line costs: maintenance, a fund for renewals, replacements."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from tests.finance.worlds import TOY_CAPEX, finance, keep, package, tranche, works

COST = 1e6 * sum(TOY_CAPEX)


def run(**asset: Any) -> Accounts:
    """Works of 800 million, opened at the beginning of 2029."""
    plain = {"maintenance_share": 0, "renewal_share": 0, "renewal_after_years": 0}
    kept = {"components": ["works"], **plain, **asset}
    money = finance(
        assets={"all": kept},
        upkeep={"usd_per_track_km": 50_000, "track_km": {"line": 400}},
    )
    return keep(
        {"only": package({"loan": tranche()}, support_from="state")},
        money=money,
        built=works([1e6 * usd for usd in TOY_CAPEX], 2029.0),
    )


def yearly(accounts: Accounts, name: str) -> np.ndarray:
    return -accounts.halves.yearly(accounts.owner.account[name].usd)


def test_a_year_of_maintenance_costs_its_share_and_its_kilometres() -> None:
    paid = yearly(run(maintenance_share=0.01), "maintenance")

    assert paid[:3].tolist() == [0.0] * 3
    assert paid[3:] == pytest.approx(np.full(37, 0.01 * COST + 50_000 * 400))


def test_the_fund_for_renewals_begins_when_it_is_said_to() -> None:
    paid = yearly(run(renewal_share=0.009, renewal_after_years=8), "renewals")

    assert not paid[:11].any()
    assert paid[11:] == pytest.approx(np.full(29, 0.009 * COST))


def test_assets_are_replaced_at_the_end_of_each_life() -> None:
    """Lives of twelve years end with the years 2040, 2052 and 2064."""
    paid = yearly(run(life_years=12), "renewals")

    expected = np.zeros(40)
    expected[[2040 - 2026, 2052 - 2026, 2064 - 2026]] = COST
    assert paid == pytest.approx(expected)
