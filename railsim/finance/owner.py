"""The account of the owner of the line: it builds, borrows, is paid and pays back.

It gets the access charge, an availability payment where a package has one, and state
support where cash is short; so its account can always be written, even where its debt
is never covered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.finance.debt.funding import Funding, Needs, raise_funds
from railsim.finance.debt.service import Service, due_of, service_of
from railsim.finance.debt.terms import Span, Terms
from railsim.finance.debt.waterfall import (
    Cascade,
    level_for_cover,
    level_for_goal,
    pour,
    reserve_target,
)
from railsim.finance.lines import END, MID, Account, Line, tax_on, total
from railsim.finance.prices import Prices
from railsim.finance.upkeep import (
    Books,
    depreciation_of,
    maintenance_of,
    renewals_of,
    spending_of,
)
from railsim.project.halves import PER_YEAR
from railsim.project.works import Item, Works
from railsim.scenario.schema.worth.finance import Finance
from railsim.scenario.schema.worth.loans import Availability, Package
from railsim.traffic import Floats

TAX_ROUNDS = 25
WHOLE = 1.0 - 1e-9  # of a half-year; parts of one are not asked to cover its debt


@dataclass(frozen=True, slots=True)
class Site:
    """What the owner of a world's lines has to do with."""

    finance: Finance
    package: Package
    works: Works
    prices: Prices
    span: Span
    opening: float
    terms: tuple[Terms, ...]
    """Of the owner's tranches."""
    lending: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class OwnerAccount:
    """The owner over the horizon; nominal US dollars by half-year."""

    account: Account
    funding: Funding
    services: Mapping[str, Service]
    spending: Mapping[Item, Floats]
    books: Books
    cash: Floats
    """Available for debt service: CFADS."""
    due: Floats
    """Debt service out of operation, all ranks."""
    senior: Floats
    cascade: Cascade
    availability: Floats
    availability_usd_per_year: float
    """Real level; infinite if no payment is enough."""
    tax: Floats


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What is known of the owner before tax and availability payments."""

    site: Site
    funding: Funding
    cash: Floats
    """Before both."""
    profit: Floats
    senior: Floats
    junior: Floats
    target: Floats
    rates: Floats

    def after(self, payment: Floats) -> tuple[Floats, Floats]:
        """Cash for debt service and tax if this is paid for availability."""
        tax = tax_on(self.profit + payment, self.rates)
        return self.cash + payment - tax, tax

    def cascade(self, payment: Floats) -> Cascade:
        """Where cash goes if this is paid."""
        filled = self.funding.reserve[: len(payment)]
        cash, _ = self.after(payment)
        return pour(cash, self.senior, self.junior, self.target, filled)


def run_owner(site: Site, access: Floats) -> OwnerAccount:
    """Build, borrow, serve the debt; `access` is what operators pay."""
    finance, works, prices = site.finance, site.works, site.prices
    spending = spending_of(works, finance, prices)
    upkeep = {
        "maintenance": -maintenance_of(works, finance, prices),
        "renewals": -renewals_of(works, finance, prices),
    }
    before_tax = access + total(list(upkeep.values()))
    funding = _fund(site, spending, before_tax)
    services = {name: service_of(c, prices) for name, c in funding.courses.items()}
    books = _books(site, spending, _financing(funding, services))
    ledger = _ledger(site, funding, services, before_tax, books)
    level = _level(site, ledger, _index(site))
    payment = (level if np.isfinite(level) else 0.0) * _index(site)
    cash, tax = ledger.after(payment)
    parts = {"access_charge": access, "availability_payment": payment}
    parts |= upkeep | {"tax": -tax}
    cascade = ledger.cascade(payment)
    account = {name: Line(usd) for name, usd in parts.items()}
    account |= _spent(spending) | _financed(funding, services, cascade)
    account[f"{site.package.support_from}_support"] = Line(cascade.support, END)
    account["depreciation"] = Line(-books.depreciation, is_memo=True)
    due = ledger.senior + ledger.junior
    return OwnerAccount(
        *(account, funding, services, spending, books, cash, due, ledger.senior),
        *(cascade, payment, level, tax),
    )


def _books(site: Site, spending: dict[Item, Floats], financing: float) -> Books:
    count, opened = site.works.halves.count, site.span.opened
    return depreciation_of(
        spending, site.finance, count, opened=opened, financing=financing
    )


def _financing(funding: Funding, services: Mapping[str, Service]) -> float:
    """What money cost until the opening, for the books."""
    added = [float(each.capitalised.sum()) for each in services.values()]
    return float(funding.fees.sum() + funding.interest.sum()) + math.fsum(added)


def needed_level(site: Site, owner: OwnerAccount, target: float) -> float:
    """Real level payment a year from opening on that would cover debt so many times.

    In whole half-years; before tax on it; on top of what is paid anyway.
    """
    count = site.works.halves.count
    half = site.works.halves.open_share(site.opening) / PER_YEAR
    index = half * site.prices.us_mid[:count]
    due = np.where(half * PER_YEAR >= WHOLE, owner.due, 0.0)
    return level_for_cover(owner.cash, due, index, target)


def _fund(site: Site, spending: Mapping[Item, Floats], cash: Floats) -> Funding:
    longer, count = site.prices.halves.count, site.works.halves.count
    outlay = np.zeros(longer)
    outlay[:count] = total([np.zeros(count), *spending.values()])
    shape = np.concatenate([cash, np.resize(cash[-PER_YEAR:], longer - count)])
    stated = site.package.availability
    if stated is not None:
        index = np.concatenate([_index(site), np.zeros(longer - count)])
        level = stated.usd_per_year
        shape = index if level is None else shape + level * index
    needs = Needs(spending=outlay, span=site.span, cash=shape)
    return raise_funds(site.package, site.terms, needs, site.prices, site.lending)


def _ledger(
    site: Site,
    funding: Funding,
    services: Mapping[str, Service],
    before_tax: Floats,
    books: Books,
) -> _Ledger:
    halves = site.works.halves
    senior = due_of(services.values(), "senior", halves.count)
    junior = due_of(services.values(), "subordinated", halves.count)
    tax = site.finance.tax
    taxed = halves.open_share(site.opening + tax.holiday_years)
    rate = tax.rate if site.package.is_owner_taxed else 0.0
    profit = before_tax - books.depreciation
    for each in services.values():
        profit = profit - (each.interest + each.guarantee_fees)[: halves.count]
    return _Ledger(
        site=site,
        funding=funding,
        cash=before_tax,
        profit=profit,
        senior=senior,
        junior=junior,
        target=reserve_target(senior, site.package.reserve_months),
        rates=rate * taxed,
    )


def _index(site: Site) -> Floats:
    """Availability payment of each half at a real level of 1 a year."""
    halves = site.works.halves
    availability = site.package.availability
    if availability is None:
        return np.zeros(halves.count)
    begun = halves.open_share(site.opening)
    ended = halves.open_share(site.opening + availability.years)
    return (begun - ended) / PER_YEAR * site.prices.us_mid[: halves.count]


def _level(site: Site, ledger: _Ledger, index: Floats) -> float:
    """Stated, or what covers the debt and satisfies the owners."""
    availability = site.package.availability
    if availability is None or not index.any():
        return 0.0
    if availability.usd_per_year is not None:
        return availability.usd_per_year
    level = _covering_level(ledger, index, availability.target_dscr)
    if availability.target_equity_irr is None or not np.isfinite(level):
        return level
    return _rewarding_level(site, ledger, index, availability, level)


def _covering_level(ledger: _Ledger, index: Floats, target: float) -> float:
    """Level after tax; a tax on what pays the tax, and so on."""
    due, level = ledger.senior + ledger.junior, 0.0
    count = len(index)
    whole = ledger.site.prices.us_mid[:count] / PER_YEAR
    due = np.where(index >= WHOLE * whole, due, 0.0)
    for _ in range(TAX_ROUNDS if ledger.rates.any() else 1):
        _, tax = ledger.after(level * index)
        level = level_for_cover(ledger.cash - tax, due, index, target)
    return level


def _rewarding_level(
    site: Site,
    ledger: _Ledger,
    index: Floats,
    availability: Availability,
    level: float,
) -> float:
    """Level from `level` on at which dividends give the target return."""
    assert availability.target_equity_irr is not None
    holders = site.package.shareholders.values()
    share = float(np.sum([h.share for h in holders if h.has_dividends]))
    count = len(index)
    paid = share * ledger.funding.equity[:count]
    growth = np.log1p(availability.target_equity_irr) / PER_YEAR
    factors = np.exp(-growth * np.arange(count))

    def gain(tried: float) -> float:
        return float((ledger.cascade(tried * index).distributions - paid) @ factors)

    step = max(level, float(paid.sum()) / count)
    return level_for_goal(gain, low=level, step=step) if step > 0.0 else level


def _spent(spending: Mapping[Item, Floats]) -> dict[str, Line]:
    return {
        f"works {item.project} {item.component}": Line(-usd)
        for item, usd in spending.items()
    }


def _financed(
    funding: Funding, services: Mapping[str, Service], cascade: Cascade
) -> dict[str, Line]:
    """Lines of loans, state and owners."""
    count = len(cascade.support)
    lines = {"equity": Line(funding.equity[:count])}
    for name, each in services.items():
        lines |= loan_lines(name, each, count)
    reserve = cascade.reserve_change + funding.reserve[:count]
    lines["reserve"] = Line(-reserve, END)
    lines["distributions"] = Line(-cascade.distributions, END)
    return lines


def loan_lines(name: str, service: Service, count: int) -> dict[str, Line]:
    """One tranche in the account of its borrower."""
    flows = {
        "fees": -service.fees,
        "interest_during_works": -service.works_interest,
        "interest": -service.interest,
        "guarantee_fees": -service.guarantee_fees,
        "principal": -service.principal,
    }
    memo = {
        "interest_capitalised": -service.capitalised,
        "debt": service.owed,
        "fx_loss": -service.fx_loss,
    }
    lines = {f"draws {name}": Line(service.draws[:count], MID, tranche=name)}
    for item, usd in flows.items():
        lines[f"{item} {name}"] = Line(usd[:count], END, tranche=name)
    for item, usd in memo.items():
        lines[f"{item} {name}"] = Line(
            usd[:count], END, is_memo=True, tranche=name, is_stock=item == "debt"
        )
    return lines
