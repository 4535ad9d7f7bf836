"""Returns, paybacks and cover of flows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import pyxirr

from railsim.finance.accounts import account
from railsim.finance.measures.tariff import tariff_factor
from railsim.finance.measures.worth import discount_factors, payback
from railsim.formulas import cover_ratios, npv
from railsim.scenario import load_scenario
from railsim.scenario.schema.worth.finance import Returns
from tests.finance.worlds import (
    ASSET,
    MINIMAL,
    STATED,
    TOY_CAPEX,
    finance,
    keep,
    package,
    strict,
    traffic,
    tranche,
    works,
)


def test_a_payback_is_interpolated_within_its_half() -> None:
    assert payback(np.array([0.0, -4.0, 1.0, 1.0, 4.0])) == pytest.approx(1.75)
    assert payback(np.array([-4.0, 1.0])) is None
    assert payback(np.array([1.0, 2.0])) is None


def test_a_payback_that_is_lost_again_is_none() -> None:
    assert payback(np.array([-1.0, 2.0, -5.0])) is None


@pytest.mark.parametrize("convention", ["start", "mid", "end"])
def test_present_values_are_those_of_the_formula(convention: str) -> None:
    returns = finance()["returns"] | {"convention": convention}
    flows = np.array([-100.0, 20.0, 30.0, 80.0])

    factors = discount_factors(4, Returns.model_validate(strict(returns)))

    rate = 1.035**0.5 - 1
    expected = npv(rate=rate, cashflows=flows.tolist(), convention=convention)
    assert flows @ factors == pytest.approx(expected)
    start = pyxirr.npv(rate, flows)
    shift = {"start": 0, "mid": 0.5, "end": 1}[convention]
    assert flows @ factors == pytest.approx(start / (1 + rate) ** shift)


def test_real_returns_leave_inflation_out() -> None:
    money = finance()
    money["inflation"] |= {"usd": 0.03}

    accounts = keep({"only": package({"loan": tranche()})}, money=money)

    railway = accounts.worth["railway"]
    assert railway.nominal_return.rate is not None
    assert railway.real_return.rate is not None
    ratio = (1 + railway.nominal_return.rate) / (1 + railway.real_return.rate)
    assert ratio == pytest.approx(1.03**0.5)
    real = pyxirr.irr(railway.real)
    assert railway.real_return.rate == pytest.approx(real, abs=1e-9)


def test_a_railway_that_earns_nothing_has_no_return_and_says_why() -> None:
    accounts = keep({"only": package({"loan": tranche()})}, operators={})

    assert accounts.worth["railway"].nominal_return.rate is None
    assert accounts.worth["railway"].nominal_return.reason == "no change of sign"


def test_cover_is_that_of_the_formula() -> None:
    accounts = keep({"only": package({"loan": tranche()})})

    cash = accounts.owner.cash
    expected = cover_ratios(
        cfads=cash[6:36].tolist(),
        principal=accounts.ratios.debt_at_opening,
        rate=0.0125,
        n=30,
        project_cfads_tail=cash[36:].tolist(),
    )
    assert accounts.ratios.dscr[6:36] == pytest.approx(expected["dscr"])
    assert accounts.ratios.llcr == pytest.approx(expected["llcr"])
    assert accounts.ratios.plcr == pytest.approx(expected["plcr"])
    assert np.isnan(accounts.ratios.dscr[:6]).all()
    assert np.isnan(accounts.ratios.dscr[36:]).all()


def test_sculpted_debt_is_covered_evenly() -> None:
    loan = tranche(repayment="sculpted")

    accounts = keep({"only": package({"loan": loan})})

    dscr = accounts.ratios.dscr[6:36]
    assert dscr == pytest.approx(np.full(30, accounts.ratios.llcr))


def test_nothing_built_is_nothing_owed() -> None:
    accounts = keep({"only": package({"loan": tranche()})}, built=works(), operators={})

    assert accounts.owner.services == {}
    assert accounts.ratios.average is None
    assert accounts.ratios.llcr is None
    assert not accounts.treasury.net.any()


def test_a_line_that_opens_beyond_the_horizon_serves_no_debt_within_it() -> None:
    built = works([1e6] * 8, opening=2040.0, last_year=2029)

    accounts = keep(
        {"only": package({"loan": tranche(grace_years=14, availability_years=14)})},
        built=built,
        carried=traffic(last_year=2029),
    )

    assert not accounts.owner.due.any()
    assert accounts.owner.services["loan"].owed[-1] == 0.0


def test_a_change_of_currency_unit_leaves_returns_and_cover_alone() -> None:
    small = keep({"only": package({"loan": tranche()})}, money=finance())
    twice = STATED["stated_cash"] | {"first_usd": 36e6}
    large = keep(
        {"only": package({"loan": tranche()})},
        money=finance(stated_spending_usd=[2e6 * usd for usd in TOY_CAPEX]),
        operators={"toy": STATED | {"stated_cash": twice}},
    )

    assert large.ratios.llcr == pytest.approx(small.ratios.llcr)
    assert large.worth["equity"].nominal_return.rate == pytest.approx(
        small.worth["equity"].nominal_return.rate
    )


def test_a_tariff_is_found_where_the_target_is_first_met() -> None:
    def cover(factor: float) -> float:
        return factor * (2.0 - 0.5 * factor)  # shippers leave as tariffs rise

    found = tariff_factor(cover, 1.5, low=0.5, high=2.0, tolerance=1e-9)

    assert found.factor == pytest.approx(1.0, abs=1e-8)
    assert found.reached == pytest.approx(1.5)


def test_a_tariff_that_no_factor_makes_pay_has_a_reason() -> None:
    found = tariff_factor(lambda _: None, 1.0, low=0.5, high=2.0, tolerance=0.01)

    assert found.factor is None
    assert "not reached" in found.reason
    free = tariff_factor(lambda _: 2.0, 1.0, low=0.5, high=2.0, tolerance=0.01)
    assert free.factor == 0.5
    with pytest.raises(ValueError, match="below"):
        tariff_factor(lambda _: 1.0, 1.0, low=2.0, high=1.0, tolerance=0.01)


def test_without_finance_there_are_no_accounts() -> None:
    world = load_scenario(MINIMAL)

    with pytest.raises(ValueError, match="no table"):
        account(world, works(), traffic())


def test_works_without_an_opening_end_with_their_last_payment() -> None:
    built = works([1e8] * 6)
    delivery = replace(built.deliveries["line"], openings={})

    accounts = keep(
        {"only": package({"loan": tranche()})},
        built=replace(built, deliveries={"line": delivery}),
        operators={},
        money=finance(assets={"all": ASSET | {"life_years": 20}}),
    )

    assert accounts.span.opened == 6
    assert not accounts.owner.account["renewals"].usd.any()


def test_real_values_are_nominal_ones_at_a_rate_with_inflation() -> None:
    """(1 + r)(1 + inflation) a year, in prices of mid-2025, from 1 January 2026."""
    money = finance(inflation={"usd": 0.03, "cny": 0, "vnd": 0, "works_real": 0})

    found = keep({"only": package({"loan": tranche()})}, money=money).worth["equity"]

    level, rate = 1.03**0.75, (1.035 * 1.03) ** 0.5 - 1.0
    assert found.npv_usd == pytest.approx(
        npv(rate=rate, cashflows=found.nominal.tolist(), convention="start") / level
    )


def test_the_railway_as_a_whole_earns_nothing_by_what_the_state_pays_for_it() -> None:
    promise = {"target_dscr": 1, "usd_per_year": 50e6, "years": 25}
    plain = package({"loan": tranche()})

    alone, paid = (
        keep({"only": plain}),
        keep({"only": plain | {"availability": promise}}),
    )

    given = paid.owner.availability
    assert given.sum() == pytest.approx(25 * 50e6)
    before, after = alone.worth, paid.worth
    assert after["railway"].nominal == pytest.approx(before["railway"].nominal)
    assert after["owner"].nominal == pytest.approx(before["owner"].nominal + given)
