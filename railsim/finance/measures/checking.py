"""Does the money add up? Checks that are always on; a failed one is our mistake.

A residual is an amount in US dollars, or in the loan's own currency, that should be
zero; its tolerance is what rounding may leave of the amounts concerned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from railsim.balance import Check
from railsim.finance.debt.loans import Course
from railsim.finance.lines import Account, cash_of
from railsim.finance.measures.ratios import cover, is_served
from railsim.finance.measures.worth import Worth
from railsim.finance.operators import OperatorAccount
from railsim.finance.owner import OwnerAccount, Site
from railsim.finance.treasury import TreasuryAccount
from railsim.formulas.returns import NEGLIGIBLE
from railsim.project.works import Item
from railsim.traffic import Floats

ROUNDING = 1e-12  # of the gross amount
CENT = 1e-6
RATE = 0.03  # any rate will do where two sides must agree at one


class BrokenAccountsError(AssertionError):
    """Accounts do not add up: railsim is wrong, not its user."""


def check_accounts(
    site: Site,
    operators: Mapping[str, OperatorAccount],
    owner: OwnerAccount,
    treasury: TreasuryAccount,
    worth: Mapping[str, Worth],
) -> tuple[Check, ...]:
    """All checks of a world; raises BrokenAccountsError where one fails."""
    courses = [
        s.course for s in (*owner.services.values(), *treasury.services.values())
    ]
    checks = (
        *_check_funding(owner),
        *_check_cash("owner", owner.account),
        *_check_cash("treasury", treasury.account),
        *(c for k, o in operators.items() for c in _check_cash(k, o.account)),
        *_check_reserve(owner),
        *(check for course in courses for check in _check_loan(course)),
        *_check_books(owner, operators),
        *(c for view, each in worth.items() for c in _check_return(view, each)),
        *_check_values(owner, worth),
        *_check_totals(site, owner, operators, worth),
        _check_cover(owner),
    )
    require_sound(checks)
    return checks


def require_sound(checks: Iterable[Check]) -> None:
    """Raise BrokenAccountsError with every check that fails."""
    broken = [
        f"{c.name} of {c.scope}: {c.residual!r}, at most {c.tolerance!r}"
        for c in checks
        if not c.is_met
    ]
    if broken:
        raise BrokenAccountsError("; ".join(broken))


def _slack(gross: float) -> float:
    return ROUNDING * gross + CENT


def _largest(values: Floats) -> float:
    """The value farthest from zero; NaN if any is."""
    return float(values[np.argmax(np.abs(values))]) if len(values) else 0.0


def _check_funding(owner: OwnerAccount) -> Iterator[Check]:
    funding = owner.funding
    sources = funding.equity.copy()
    for drawn in funding.draws.values():
        sources += drawn
    whole = float(funding.uses.sum())
    residual = _largest(sources - funding.uses)
    yield Check("sources equal uses", "owner", residual, _slack(whole))
    short = float(np.minimum(funding.equity, 0.0).min(initial=0.0))
    yield Check("equity is not negative", "owner", short, 1e-9 * whole + CENT)


def _check_cash(scope: str, account: Account) -> Iterator[Check]:
    cash, gross = cash_of(account)
    yield Check("cash closes", scope, _largest(cash), _slack(gross))


def _check_reserve(owner: OwnerAccount) -> Iterator[Check]:
    kept = owner.cascade.reserve
    filled = owner.funding.reserve[: len(kept)]
    moved = np.cumsum(filled + owner.cascade.reserve_change)
    gross = float(np.abs(owner.cash).sum() + owner.due.sum() + filled.sum())
    yield Check("reserve closes", "owner", _largest(moved - kept), _slack(gross))
    least = float(np.minimum(kept, 0.0).min(initial=0.0))
    yield Check("reserve is not negative", "owner", least, CENT)


def _check_loan(course: Course) -> Iterator[Check]:
    """Balance, sign, end, interest and worth of a loan, in its own currency."""
    terms, name = course.terms, course.terms.name
    m, a = terms.matures, terms.settled
    size = float(course.draws.sum() + course.capitalised.sum())
    slack = _slack(size)
    gaps = course.closing[:-1] - course.opening[1:]
    yield Check("debt closes", name, _largest(gaps), slack)
    least = float(np.minimum(course.closing, 0.0).min(initial=0.0))
    yield Check("debt is not negative", name, least, 1e-9 * size + CENT)
    left = _largest(course.closing[m - 1 :])
    yield Check("debt ends at zero", name, left, 1e-6 * size + CENT)
    rates = np.zeros(len(course.opening))
    rates[:m] = terms.level * terms.fractions
    owed = course.opening + course.draws / 2.0
    due = _largest(course.interest - rates * owed)
    yield Check("interest is as stated", name, due, slack)
    worth = _worth_of_service(course, rates, a, m)
    yield Check("debt is what its service is worth", name, worth, 1e-9 * size + CENT)


def _worth_of_service(course: Course, rates: Floats, a: int, m: int) -> float:
    """Service from settling on, against what is owed then."""
    paid = (course.interest + course.principal)[a:m]
    factors = np.exp(-np.cumsum(np.log1p(rates[a:m])))
    return float(paid @ factors - course.opening[a])


def _check_books(
    owner: OwnerAccount, operators: Mapping[str, OperatorAccount]
) -> Iterator[Check]:
    books = owner.books
    yield _check_depreciation("owner", books.depreciation, books.book_value, books.cost)
    for name, each in operators.items():
        yield _check_depreciation(
            name, each.depreciation, each.book_value, each.invested
        )


def _check_depreciation(
    scope: str, depreciation: Floats, book_value: float, cost: float
) -> Check:
    residual = float(depreciation.sum()) + book_value - cost
    return Check(
        "depreciation and book value sum to cost", scope, residual, _slack(cost)
    )


def _check_return(view: str, worth: Worth) -> Iterator[Check]:
    """At its own rate a flow is worth nothing."""
    for name, flows, found in (
        ("nominal flows at their return", worth.nominal, worth.nominal_return),
        ("real flows at their return", worth.real, worth.real_return),
    ):
        for root in found.roots:
            logs = -np.log1p(root) * np.arange(len(flows))
            worths = flows * np.exp(logs - logs.max())
            gross = float(np.abs(worths).sum())
            dust = NEGLIGIBLE * len(flows) * float(np.abs(flows).max())
            yield Check(name, view, float(worths.sum()), 1e-9 * gross + dust)


def _check_values(owner: OwnerAccount, worth: Mapping[str, Worth]) -> Iterator[Check]:
    """Lenders, owners, state and reserve together get what the line is worth."""
    count = len(owner.cash)
    kept = owner.cascade.reserve_change + owner.funding.reserve[:count]
    shared = owner.cascade.distributions - owner.funding.equity[:count]
    theirs = shared - owner.cascade.support + kept
    for each in owner.services.values():
        theirs = theirs + each.lender_flows[:count]
    factors = np.exp(-np.log1p(RATE) / 2.0 * np.arange(count))
    line = worth["owner"].nominal
    gross = float((np.abs(line) + np.abs(theirs)) @ factors)
    residual = float((theirs - line) @ factors)
    yield Check("debt and equity are worth the line", "owner", residual, _slack(gross))


def _check_totals(
    site: Site,
    owner: OwnerAccount,
    operators: Mapping[str, OperatorAccount],
    worth: Mapping[str, Worth],
) -> Iterator[Check]:
    """Parts sum to totals, and what one pays another gets."""
    _, gross = cash_of(owner.account)
    spent = owner.funding.needs.spending.sum()
    parts = float(np.sum([0.0] + [usd.sum() for usd in owner.spending.values()]))
    yield Check("works sum to spending", "owner", parts - float(spent), _slack(gross))
    if not site.finance.stated_spending_usd:
        yield _check_deliveries(site)
    paid = np.zeros(len(owner.cash))
    for each in operators.values():
        paid += each.access
    got = _largest(paid - owner.account["access_charge"].usd)
    yield Check("access charges paid are got", "owner", got, _slack(gross))
    holders = [worth[n].nominal for n in site.package.shareholders if n in worth]
    if holders and all(h.has_dividends for h in site.package.shareholders.values()):
        residual = _largest(np.sum(holders, axis=0) - worth["equity"].nominal)
        yield Check("shareholders sum to equity", "owner", residual, _slack(gross))


def _check_deliveries(site: Site) -> Check:
    """Real spending of works is that of the deliveries."""
    spent, residual, whole = site.works.spent_usd, 0.0, 0.0
    for name, delivery in site.works.deliveries.items():
        for component, usd in delivery.spent_usd.items():
            if Item(name, component) in spent:
                residual += float(usd.sum() - spent[Item(name, component)].sum())
                whole += float(usd.sum())
    return Check("deliveries sum to works", "owner", residual, 1e-9 * whole + CENT)


def _check_cover(owner: OwnerAccount) -> Check:
    """Cover is empty just where no debt service is due."""
    wrong = np.isnan(cover(owner.cash, owner.due)) == is_served(owner.due)
    return Check("cover is empty without service", "owner", float(wrong.sum()), 0.0)
