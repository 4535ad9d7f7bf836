"""The treasury, the state behind it, and several owners."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from railsim.formulas import debt_gdp_path
from tests.finance.worlds import STATED, finance, keep, operator, package, tranche

STATE = {
    "gdp_usd": 500e9,
    "growth_by_year": {"2026": 0.06, "2036": 0.04},
    "deflator_rate": 0.0,
    "debt_share": 0.35,
    "government_debt_share": 0.28,
    "interest_rate": 0.04,
    "primary_balance_share": -0.005,
    "revenue_share": 0.18,
    "debt_service_share": 0.2,
    "debt_ceiling_share": 0.6,
    "government_ceiling_share": 0.5,
    "service_ceiling_share": 0.25,
    "owed_usd_by_country": {"CN": 1e9},
    "cash_volatility": 0.25,
}
CHINA = {"title": "China", "country": "CN", "is_public": False, "has_dividends": True}
VIET_NAM = {"title": "State", "country": "VN", "is_public": True, "has_dividends": True}
NOTHING = {"none": operator()}


def run(loans: dict[str, Any], **how: Any) -> Accounts:
    return keep(
        {"only": package(loans, **({"support_from": "state"} | how))},
        money=finance(sovereign=STATE),
        operators=NOTHING,
    )


def item(accounts: Accounts, name: str) -> np.ndarray:
    return accounts.treasury.account[name].usd


def test_the_treasury_pays_equity_and_whatever_cash_does_not_cover() -> None:
    accounts = run({"loan": tranche()})

    assert -item(accounts, "equity") == pytest.approx(
        accounts.owner.funding.equity[:80]
    )
    assert -item(accounts, "support") == pytest.approx(accounts.owner.due)
    assert accounts.treasury.net.sum() < -800e6


def test_margins_and_guarantee_fees_go_to_the_treasury() -> None:
    lent_on = {"on_lent_margin": 0.005, "guarantee_fee_rate": 0.01, "rate": 0.02}

    accounts = run({"loan": tranche(**lent_on)})

    course = accounts.owner.services["loan"].course
    paid = course.paid_interest * 0.005 / 0.025 + course.guarantee_fees
    assert item(accounts, "margins_and_guarantee_fees") == pytest.approx(paid[:80])


def test_owners_share_equity_dividends_and_support() -> None:
    owners = {"china": CHINA | {"share": 0.7}, "state": VIET_NAM | {"share": 0.3}}

    accounts = keep(
        {"only": package({"loan": tranche(share=0.6)}, shareholders=owners)},
        operators={"toy": STATED},
    )

    china, state = accounts.worth["china"].nominal, accounts.worth["state"].nominal
    assert china == pytest.approx(7 / 3 * state)
    assert china + state == pytest.approx(accounts.worth["equity"].nominal)
    assert accounts.treasury.account["support"].usd == pytest.approx(
        -0.3 * accounts.owner.cascade.support
    )


def test_a_sovereign_loan_pays_two_thirds_of_the_states_part() -> None:
    """As between China and Laos: the state holds 12 % of the cost, 4 % in cash."""
    owners = {"china": CHINA | {"share": 0.7}, "state": VIET_NAM | {"share": 0.3}}
    loans = {
        "loan": tranche(share=0.6),
        "own": tranche(share=0.08, borrower="treasury", rate=0.023, channel="direct"),
    }

    accounts = run(loans, shareholders=owners, shares_of="total_uses")

    funding = accounts.owner.funding
    whole = funding.uses.sum() + accounts.owner.services["loan"].capitalised.sum()
    assert -item(accounts, "equity").sum() == pytest.approx(0.12 * whole)
    assert item(accounts, "draws own").sum() == pytest.approx(0.08 * whole)


def test_a_grant_gets_no_dividends() -> None:
    owners = {
        "state": VIET_NAM | {"share": 0.5, "has_dividends": False},
        "china": CHINA | {"share": 0.5},
    }

    accounts = keep(
        {"only": package({"loan": tranche()}, shareholders=owners)},
        operators={"toy": STATED},
    )

    assert accounts.worth["state"].nominal.max() <= 0.0
    received = accounts.worth["china"].nominal[40:]
    assert received == pytest.approx(accounts.owner.cascade.distributions[40:])


def test_debt_over_gdp_without_the_project_follows_the_formula() -> None:
    accounts = run({"loan": tranche()})

    debt = accounts.public_debt
    assert debt is not None
    growth = [0.06] * 10 + [0.04] * 30
    expected = debt_gdp_path(
        d0=0.35,
        interest=[0.04] * 40,
        growth=growth,
        deflator=[0.0] * 40,
        primary_balance=[-0.005] * 40,
        project=[0.0] * 40,
    )
    assert debt.without_share == pytest.approx(expected)
    assert debt.gdp_usd[0] == pytest.approx(500e9 * 1.06)


def test_nominal_debt_is_carried_by_nominal_growth() -> None:
    growth = {"growth_by_year": {"2026": 0.05}, "deflator_rate": 0.03}

    debt = keep(
        {"only": package({"loan": tranche()})},
        money=finance(sovereign=STATE | growth),
        operators=NOTHING,
    ).public_debt

    assert debt is not None
    expected = debt_gdp_path(
        d0=0.35,
        interest=[0.04] * 40,
        growth=[0.05] * 40,
        deflator=[0.03] * 40,
        primary_balance=[-0.005] * 40,
        project=[0.0] * 40,
    )
    assert debt.without_share == pytest.approx(expected)


def test_loans_of_the_state_and_what_it_pays_raise_its_debt() -> None:
    accounts = run({"loan": tranche(channel="on_lent", lender_country="CN")})

    debt = accounts.public_debt
    assert debt is not None
    first = (60e6 + 120e6 + accounts.owner.funding.fees[:2].sum()) / debt.gdp_usd[0]
    added = accounts.owner.services["loan"].capitalised[:2].sum() / debt.gdp_usd[0]
    assert debt.with_share[0] - debt.without_share[0] == pytest.approx(first + added)
    owed = accounts.owner.services["loan"].owed[1]
    everything = debt.with_share[0] * debt.gdp_usd[0]
    assert debt.lender_share["CN"][0] == pytest.approx((1e9 + owed) / everything)


def test_a_companys_own_loan_is_no_public_debt() -> None:
    private = run({"loan": tranche(channel="corporate")}, support_from="owners")
    lent_on = run({"loan": tranche(channel="on_lent")}, support_from="owners")

    assert private.public_debt is not None
    assert lent_on.public_debt is not None
    gap = lent_on.public_debt.with_share - private.public_debt.with_share
    owed = lent_on.owner.services["loan"].owed[1:80:2]
    assert gap == pytest.approx(owed / private.public_debt.gdp_usd)


def test_direct_loans_count_as_debt_service_and_on_lent_ones_when_supported() -> None:
    direct = run({"loan": tranche(channel="direct")}).public_debt
    lent_on = run({"loan": tranche(channel="on_lent")}).public_debt
    assert direct is not None
    assert lent_on is not None

    assert direct.service_with_share == pytest.approx(lent_on.service_with_share)
    assert direct.service_with_share[3] > 0.2


def test_without_spread_a_guarantee_is_worth_what_is_called() -> None:
    loans = {"loan": tranche(channel="guaranteed")}

    accounts = keep(
        {"only": package(loans, support_from="state")},
        money=finance(sovereign=STATE | {"cash_volatility": 0}),
        operators={"toy": STATED},
    )

    debt = accounts.public_debt
    assert debt is not None
    called = accounts.halves.yearly(accounts.treasury.called)
    assert called.sum() > 0
    assert debt.expected_calls_usd == pytest.approx(called)


def test_a_spread_of_cash_makes_guarantees_dearer() -> None:
    loans = {"loan": tranche(channel="guaranteed")}

    def priced(spread: float) -> float:
        accounts = keep(
            {"only": package(loans, support_from="state")},
            money=finance(sovereign=STATE | {"cash_volatility": spread}),
            operators={"toy": STATED},
        )
        assert accounts.public_debt is not None
        return float(accounts.public_debt.expected_calls_usd.sum())

    sample = np.exp(
        0.25 * np.random.default_rng(1).standard_normal(200_000) - 0.25**2 / 2
    )
    accounts = keep({"only": package(loans)}, operators={"toy": STATED})
    owner = accounts.owner
    drawn = np.maximum(owner.due[:, None] - owner.cash[:, None] * sample, 0.0).mean()
    assert priced(0.0) < priced(0.1) < priced(0.25)
    assert priced(0.25) == pytest.approx(drawn * 80, rel=0.02)


def test_what_nobody_may_take_goes_to_the_state() -> None:
    owners = {"state": VIET_NAM | {"share": 1, "has_dividends": False}}

    accounts = keep(
        {"only": package({"loan": tranche()}, shareholders=owners)},
        operators={"toy": STATED},
    )

    assert item(accounts, "dividends") == pytest.approx(
        accounts.owner.cascade.distributions
    )
