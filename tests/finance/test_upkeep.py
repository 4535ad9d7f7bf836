"""Maintenance, renewals and books of what is built."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from tests.finance.worlds import ASSET, finance, keep, package, tranche, works

FREE = {"only": package({"loan": tranche(share=0)})}


def run(
    asset: dict[str, Any] | None = None, component: str = "works", **money: Any
) -> Any:
    if asset is not None:
        money["assets"] = {"all": ASSET | asset}
    built = works([100e6] * 6, 2029.0, component=component)
    return keep(FREE, money=finance(**money), built=built, operators={})


def cost(accounts: Accounts, item: str) -> np.ndarray:
    return -accounts.owner.account[item].usd


def test_tracks_are_kept_from_the_opening_on() -> None:
    upkeep = {"usd_per_track_km": 50_000, "track_km": {"line": 400, "other": 900}}

    found = cost(run(upkeep=upkeep), "maintenance")

    assert not found[:6].any()
    assert found[6:] == pytest.approx(np.full(74, 10e6))


def test_works_may_be_kept_by_a_share_of_their_cost() -> None:
    found = cost(run({"maintenance_share": 0.015}), "maintenance")

    assert found[6:] == pytest.approx(np.full(74, 600e6 * 0.015 / 2))


def test_a_renewal_fund_begins_some_years_after_opening() -> None:
    fund = {"renewal_share": 0.01, "renewal_after_years": 8}

    found = cost(run(fund), "renewals")

    assert not found[:22].any()
    assert found[22:] == pytest.approx(np.full(58, 3e6))


def test_what_ends_its_life_is_replaced_each_time() -> None:
    found = cost(run({"life_years": 12}), "renewals")

    assert np.flatnonzero(found).tolist() == [29, 53, 77]
    assert found[29] == pytest.approx(600e6)


def test_books_are_closed_after_the_years_of_depreciation() -> None:
    found = cost(run({"depreciation_years": 20}), "depreciation")

    assert not found[:6].any()
    assert found[6:46] == pytest.approx(np.full(40, 15e6))
    assert not found[46:].any()


def test_land_has_no_books_and_what_is_not_listed_needs_no_upkeep() -> None:
    land = run({"maintenance_share": 0.01})
    unlisted = run({"maintenance_share": 0.01}, component="tunnels")

    assert not cost(land, "depreciation").any()
    assert not cost(unlisted, "maintenance").any()
