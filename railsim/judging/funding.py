"""What the finance of a project moves between parties, as the appraisal books it.

The builder is the owner of the line: what it borrows, owes and is paid stands here.
Payments inside one party (availability, equity of the treasury) move nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from railsim.appraisal.ledger import Funding, Transfer
from railsim.finance.accounts import Accounts
from railsim.finance.debt.service import Service
from railsim.finance.treasury import dividend_share
from railsim.scenario import Scenario
from railsim.traffic import Floats

LOANS, LEFT = "loans and their service", "debt left at the end"
ACCESS, SURPLUS = "track access charge", "tax and surplus of operators"
EQUITY = "equity and dividends"


def funding_of(world: Scenario, accounts: Accounts) -> Funding:
    """All payments, real US dollars, a number a calendar year."""
    assert world.appraisal is not None
    builder, railway = world.appraisal.builder, world.appraisal.fleet_owner
    paid: dict[Transfer, Floats] = {}
    countries: dict[str, str] = {}
    lenders: list[str] = []
    for lender, country, service in _loans(accounts):
        countries[lender] = country
        lenders.append(lender)
        for item, usd in _loan(accounts, service):
            _add(paid, Transfer(builder, lender, item), usd)
    for item, usd in _operators(accounts):
        _add(paid, Transfer(railway, builder, item), usd)
    for name, country, usd in _shareholders(accounts):
        countries[name] = country
        _add(paid, Transfer(name, builder, EQUITY), usd)
    return Funding(paid, countries, tuple(dict.fromkeys(lenders)))


def _add(paid: dict[Transfer, Floats], transfer: Transfer, usd: Floats) -> None:
    before = paid.get(transfer)
    paid[transfer] = usd if before is None else before + usd


def _loans(accounts: Accounts) -> Iterator[tuple[str, str, Service]]:
    for services in (accounts.owner.services, accounts.treasury.services):
        for service in services.values():
            tranche = service.course.terms.tranche
            yield tranche.lender, tranche.lender_country, service


def _loan(accounts: Accounts, service: Service) -> Iterator[tuple[str, Floats]]:
    """What the lender gets less what it pays; a debt beyond the horizon is due then."""
    count, prices = accounts.halves.count, accounts.prices
    got = service.lender_flows + service.draws - service.to_treasury
    flows = got[:count] / prices.us_end[:count]
    flows = flows - service.draws[:count] / prices.us_mid[:count]
    yield LOANS, accounts.halves.yearly(flows)
    left = np.zeros(count)
    left[-1] = service.owed[count - 1] / prices.us_end[count - 1]
    yield LEFT, accounts.halves.yearly(left)


def _operators(accounts: Accounts) -> Iterator[tuple[str, Floats]]:
    """What operators pay to builder and treasury, less what they are given."""
    for each in accounts.operators.values():
        lines = each.account
        settled = lines["support"].usd + lines["distributions"].usd
        yield ACCESS, _real(accounts, each.access)
        yield SURPLUS, _real(accounts, each.tax - settled)


def _shareholders(accounts: Accounts) -> Iterator[tuple[str, str, Floats]]:
    """Equity less dividends of owners other than the state."""
    count, package, owner = accounts.halves.count, accounts.package, accounts.owner
    for name, holder in package.shareholders.items():
        if holder.is_public:
            continue
        paid = holder.share * owner.funding.equity[:count]
        if package.support_from == "owners":
            paid = paid + holder.share * owner.cascade.support
        got = dividend_share(package, [holder]) * owner.cascade.distributions
        yield name, holder.country, _real(accounts, paid - got)


def _real(accounts: Accounts, usd: Floats) -> Floats:
    """Nominal amounts of half-years as real ones of calendar years."""
    return accounts.halves.yearly(usd / accounts.prices.us_mid[: accounts.halves.count])
