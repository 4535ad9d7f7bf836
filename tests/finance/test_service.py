"""A loan in another currency, in US dollars of the days of its draws and payments."""

from __future__ import annotations

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from railsim.scenario import load_scenario
from railsim.traffic import Floats
from tests.finance.worlds import MINIMAL, finance, keep, package, tranche

RISE = 0.03


def yuan_loan() -> Accounts:
    """A loan in yuan that grow cheaper by three per cent a year."""
    exchange = finance()["exchange"] | {"cny": "drift", "cny_drift": RISE}
    loan = tranche(
        currency="CNY", guarantee_fee_rate=0.01, channel="guaranteed", rate=0.04
    )
    return keep({"only": package({"loan": loan})}, money=finance(exchange=exchange))


def yuan_per_dollar(accounts: Accounts, halves_on: float) -> Floats:
    """So many halves after the beginning of each half, by hand."""
    economy = load_scenario(MINIMAL).economy
    days = accounts.prices.halves.begins + halves_on / 2.0
    elapsed = days - (economy.price_year + 0.5)
    return economy.cny_per_usd * (1.0 + RISE) ** elapsed


def test_draws_are_changed_in_mid_period_and_all_else_at_its_end() -> None:
    accounts = yuan_loan()
    service = accounts.owner.services["loan"]
    course, opened = service.course, service.course.terms.settled
    mid, end = (yuan_per_dollar(accounts, after) for after in (0.5, 1.0))

    assert service.draws == pytest.approx(course.draws / mid)
    assert service.principal == pytest.approx(course.principal / end)
    assert service.capitalised == pytest.approx(course.capitalised / end)
    assert service.owed == pytest.approx(course.closing / end)
    paid = course.interest / end
    assert service.interest[opened:] == pytest.approx(paid[opened:])
    assert service.principal[opened:].sum() > 0.0


def test_a_currency_that_falls_leaves_less_to_repay_and_the_gain_is_told() -> None:
    service = yuan_loan().owner.services["loan"]

    owed_first = float((service.draws + service.capitalised).sum())
    gained = owed_first - float(service.principal.sum())
    assert gained > 0.2 * owed_first
    assert float(service.fx_loss.sum()) == pytest.approx(-gained)
    before = np.concatenate([[0.0], service.owed[:-1]])
    flows = service.draws + service.capitalised - service.principal
    assert service.owed == pytest.approx(before + flows + service.fx_loss, abs=1.0)


def test_the_treasury_gets_the_guarantee_fee_of_what_is_owed() -> None:
    accounts = yuan_loan()
    service = accounts.owner.services["loan"]
    end = yuan_per_dollar(accounts, 1.0)

    fees = 0.01 * 0.5 * service.course.opening / end

    opened = service.course.terms.settled
    assert service.guarantee_fees[opened:] == pytest.approx(fees[opened:])
    assert service.to_treasury == pytest.approx(fees)
