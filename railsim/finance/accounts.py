"""Three accounts of what is built: operators, owner of the line, treasury.

They are kept apart on purpose. Operators may thrive on a line whose debt is never
covered by what the line is paid; then the treasury pays, and the accounts say how much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.balance import Check
from railsim.finance.debt.terms import Span, Terms, terms_of
from railsim.finance.fx import FxLuck
from railsim.finance.measures.checking import check_accounts
from railsim.finance.measures.ratios import Ratios, ratios_of
from railsim.finance.measures.sovereign import PublicDebt, public_debt_of
from railsim.finance.measures.worth import Worth, points_of_view, worth_of
from railsim.finance.operators import Market, OperatorAccount, run_operator
from railsim.finance.owner import OwnerAccount, Site, needed_level, run_owner
from railsim.finance.prices import Prices, price_levels
from railsim.finance.treasury import TreasuryAccount, run_treasury
from railsim.finance.upkeep import completion_of, opening_of
from railsim.project.halves import PER_YEAR, Halves
from railsim.project.works import Works
from railsim.scenario import Scenario
from railsim.scenario.schema.worth.finance import Finance
from railsim.scenario.schema.worth.loans import Package
from railsim.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Accounts:
    """All that finance says of one world."""

    package_name: str
    package: Package
    finance: Finance
    halves: Halves
    span: Span
    opening: float
    prices: Prices
    operators: Mapping[str, OperatorAccount]
    owner: OwnerAccount
    treasury: TreasuryAccount
    ratios: Ratios
    worth: Mapping[str, Worth]
    """By point of view: railway, owner, equity, shareholders if several."""
    availability_needed_usd: float
    """Real yearly payment that would cover debt as lenders want; may be infinite."""
    public_debt: PublicDebt | None
    checks: tuple[Check, ...]


def account(
    world: Scenario,
    works: Works,
    traffic: Traffic,
    *,
    fares_usd_per_passenger_km: Mapping[str, float] | None = None,
    luck: FxLuck | None = None,
    lending_shares: Mapping[str, float] | None = None,
) -> Accounts:
    """Keep the accounts of a world.

    `works` and `traffic` cover the same calendar years. Fares are real, by project;
    `luck` moves exchange rates (None: as the scenario states); `lending_shares` says
    what part of its share a lender can still lend. Raises ValueError if years differ
    or the scenario says nothing of finance, InputError if loans can pay for no works,
    BrokenAccountsError if a check of `checking` fails.
    """
    finance = world.finance
    if finance is None:
        raise ValueError("the scenario has no table [finance]")
    halves = works.halves
    if halves.years[::PER_YEAR].tolist() != traffic.years.tolist():
        raise ValueError("works and traffic must cover the same years")
    name, package = package_in_force(world, finance)
    site = _site(world, works, finance, package, luck, lending_shares or {})
    fares = fares_usd_per_passenger_km or {}
    market = Market(works, traffic, site.prices, fares, site.opening)
    operators = {k: run_operator(o, market) for k, o in world.operators.items()}
    access = np.zeros(halves.count)
    for each in operators.values():
        access = access + each.access
    owner = run_owner(site, access)
    state_terms = _terms(finance, package, site.span, halves.first_year, "treasury")
    treasury = run_treasury(package, state_terms, owner, operators, site.prices)
    worth = _worth(site, operators, owner)
    checks = check_accounts(site, operators, owner, treasury, worth)
    return _measured(name, site, operators, owner, treasury, worth, checks)


def _worth(
    site: Site, operators: dict[str, OperatorAccount], owner: OwnerAccount
) -> dict[str, Worth]:
    count, returns = site.works.halves.count, site.finance.returns
    flows = points_of_view(owner, operators, site.package, count)
    return {view: worth_of(usd, site.prices, returns) for view, usd in flows.items()}


def package_in_force(world: Scenario, finance: Finance) -> tuple[str, Package]:
    """The package that pays: the fallback of one whose loan is not signed."""
    name = finance.package
    fallback = world.packages[name].fallback
    if not finance.is_loan_signed and fallback is not None:
        name = fallback
    return name, world.packages[name]


def _measured(
    name: str,
    site: Site,
    operators: dict[str, OperatorAccount],
    owner: OwnerAccount,
    treasury: TreasuryAccount,
    worth: Mapping[str, Worth],
    checks: tuple[Check, ...],
) -> Accounts:
    """Add ratios, returns and public debt."""
    halves, prices, returns = site.works.halves, site.prices, site.finance.returns
    state = site.finance.sovereign
    debt = None
    if state is not None:
        debt = public_debt_of(state, owner, treasury, halves, prices)
    return Accounts(
        package_name=name,
        package=site.package,
        finance=site.finance,
        halves=halves,
        span=site.span,
        opening=site.opening,
        prices=prices,
        operators=operators,
        owner=owner,
        treasury=treasury,
        ratios=ratios_of(owner, halves, site.span.opened, returns.target_dscr),
        worth=worth,
        availability_needed_usd=needed_level(site, owner, returns.target_dscr),
        public_debt=debt,
        checks=checks,
    )


def _site(
    world: Scenario,
    works: Works,
    finance: Finance,
    package: Package,
    luck: FxLuck | None,
    lending: Mapping[str, float],
) -> Site:
    """Loans first: the grid is as long as the longest of them."""
    halves, span = works.halves, _span(works, finance)
    start = halves.first_year
    terms = _terms(finance, package, span, start, "owner")
    others = _terms(finance, package, span, start, "treasury")
    ends = [t.matures for t in (*terms, *others)]
    longest = max([halves.count, span.opened + 1, *ends])
    prices = price_levels(world, finance, Halves(start, longest), luck)
    opening = opening_of(works, finance)
    return Site(finance, package, works, prices, span, opening, terms, lending)


def _span(works: Works, finance: Finance) -> Span:
    """When works are signed for, paid and opened; nothing built is all zero."""
    halves = works.halves
    spent = np.zeros(halves.count)
    stated = finance.stated_spending_usd[: halves.count]
    if stated:
        spent[: len(stated)] = stated
    else:
        for usd in works.spent_usd.values():
            spent = spent + usd
    paid = np.flatnonzero(spent > 0.0)
    if len(paid) == 0:
        return Span(0, 0, 0)
    drawn = int(paid[-1]) + 1
    starts = [each.start for each in works.deliveries.values()]
    begun = math.floor((min(starts, default=0.0) - halves.first_year) * PER_YEAR)
    signed = min(max(int(paid[0]), begun), drawn - 1)
    completion = completion_of(works, finance)
    opened = drawn
    if math.isfinite(completion):
        opened = math.ceil((completion - halves.first_year) * PER_YEAR - 1e-9)
    return Span(signed, drawn, max(opened, signed + 1))


def _terms(
    finance: Finance, package: Package, span: Span, first_year: int, borrower: str
) -> tuple[Terms, ...]:
    """Loans of a borrower; none where nothing is built."""
    if span.drawn == 0:
        return ()
    return tuple(
        terms_of(finance, name, tranche, span, first_year)
        for name, tranche in package.tranches.items()
        if tranche.borrower == borrower
    )
