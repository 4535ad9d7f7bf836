"""What accounts come to, one figure a row."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.finance.accounts import Accounts
from railsim.finance.debt.service import Service
from railsim.finance.measures.worth import Worth, discount_factors, yearly_rate
from railsim.finance.rows import DAYS
from railsim.formulas import grant_element
from railsim.formulas.returns import Return
from railsim.project.halves import PER_YEAR
from railsim.rows import OWN_UNIT, column
from railsim.traffic import Floats, Ints

NOMINAL, REAL, NONE = "nominal", "real", ""
GRANT = "drawn at once at signing, interest only in grace, equal instalments, no fees"


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One figure of one world."""

    alternative: str = column("id", "world that is compared")
    package: str = column("id", "package of finance in force")
    scope: str = column("id", "account, point of view, loan or country")
    metric: str = column("id", "what is measured")
    value: float | None = column(OWN_UNIT, "empty where there is none")
    unit: str = column("id", "unit of the value")
    prices: str = column("id", "real, nominal, or nothing for ratios")
    price_year: int | None = column("year", "year of real prices; else empty")
    timing: str = column("id", "date or convention it refers to")
    remark: str = column("text", "why it is empty, or what goes with it")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A row without its first two cells."""

    scope: str
    metric: str
    value: float | None
    unit: str
    prices: str
    timing: str
    remark: str = ""


def summary_rows(alternative: str, accounts: Accounts) -> Iterator[SummaryRow]:
    """All figures, by scope."""
    figures = (
        *_funding(accounts),
        *_cover(accounts),
        *(
            f
            for view, each in accounts.worth.items()
            for f in _returns(view, each, accounts)
        ),
        *_treasury(accounts),
        *_operators(accounts),
        *(f for name, s in _loans(accounts).items() for f in _loan(name, s, accounts)),
        *_state(accounts),
    )
    for f in figures:
        head = (alternative, accounts.package_name, f.scope, f.metric)
        value = None if f.value is None else f.value + 0.0  # never -0.0
        year = accounts.prices.price_year if f.prices == REAL else None
        yield SummaryRow(*head, value, f.unit, f.prices, year, f.timing, f.remark)


def _end_of(accounts: Accounts, half: int | None) -> str:
    if half is None:
        return ""
    year, part = divmod(half, PER_YEAR)
    return f"{accounts.halves.first_year + year}-{DAYS[part]}"


def _present(usd: Floats, accounts: Accounts) -> float:
    """Real present value of nominal flows of the horizon."""
    count = accounts.halves.count
    real = usd[:count] / accounts.prices.us_mid[:count]
    return float(real @ discount_factors(count, accounts.finance.returns))


def _valued(accounts: Accounts) -> str:
    returns = accounts.finance.returns
    day = f"{accounts.halves.first_year}-01-01"
    return f"{day}, {returns.discount_rate_real:g} a year, {returns.convention}"


def _funding(accounts: Accounts) -> Iterator[_Figure]:
    """Works and what pays for them."""
    funding, count = accounts.owner.funding, accounts.halves.count
    spent = funding.needs.spending[:count]
    real = float((spent / accounts.prices.us_mid[:count]).sum())
    opened = _end_of(accounts, accounts.span.opened - 1) if accounts.span.opened else ""
    capitalised = math.fsum(
        float(s.capitalised.sum()) for s in accounts.owner.services.values()
    )
    paid = "when paid"
    for metric, value, prices in (
        ("works", float(spent.sum()), NOMINAL),
        ("works", real, REAL),
        ("fees_during_works", float(funding.fees.sum()), NOMINAL),
        ("interest_paid_during_works", float(funding.interest.sum()), NOMINAL),
        ("interest_capitalised", capitalised, NOMINAL),
        ("reserve_prefunded", float(funding.reserve.sum()), NOMINAL),
        ("equity", float(funding.equity.sum()), NOMINAL),
    ):
        yield _Figure("owner", metric, value, "USD", prices, paid)
    ratios = accounts.ratios
    gap = float(funding.uses.sum()) + capitalised - float(funding.equity.sum())
    for metric, value in (
        ("debt_at_opening", ratios.debt_at_opening),
        ("debt_capacity", ratios.debt_capacity),
        ("viability_gap", max(0.0, gap - ratios.debt_capacity)),
    ):
        yield _Figure("owner", metric, value, "USD", NOMINAL, opened)


def _cover(accounts: Accounts) -> Iterator[_Figure]:
    """Ratios, with dates."""
    ratios = accounts.ratios
    least = _end_of(accounts, ratios.least_half)
    no_service = "" if ratios.average is not None else "no debt service"
    no_debt = "" if ratios.llcr is not None else "no debt at opening"
    opened = _end_of(accounts, accounts.span.opened - 1) if accounts.span.opened else ""
    yield _Figure("owner", "dscr_min", ratios.least, "1", NONE, least, no_service)
    yield _Figure(
        "owner", "dscr_avg", ratios.average, "1", NONE, "half-years", no_service
    )
    yield _Figure("owner", "llcr", ratios.llcr, "1", NONE, opened, no_debt)
    yield _Figure("owner", "plcr", ratios.plcr, "1", NONE, opened, no_debt)
    first = _end_of(accounts, ratios.breaches[0]) if ratios.breaches else ""
    count = float(len(ratios.breaches))
    yield _Figure(
        "owner", "dscr_breaches", count, "1", NONE, first, "first date beside"
    )
    for metric, level in (
        ("availability_paid_per_year", accounts.owner.availability_usd_per_year),
        ("availability_needed_per_year", accounts.availability_needed_usd),
    ):
        is_known = math.isfinite(level)
        remark = "" if is_known else "debt service falls due before opening or after it"
        value = level if is_known else None
        yield _Figure("owner", metric, value, "USD", REAL, "from opening", remark)


def _returns(view: str, worth: Worth, accounts: Accounts) -> Iterator[_Figure]:
    """Rates, present value and paybacks of one point of view."""
    both = ((NOMINAL, worth.nominal_return), (REAL, worth.real_return))
    for prices, found in both:
        yield _rate(view, found, prices)
        if found.mirr is not None:
            value = yearly_rate(found.mirr)
            remark = "finance and reinvestment rates of the scenario"
            yield _Figure(view, "mirr", value, "1/y", prices, "half-years", remark)
    yield _Figure(view, "npv", worth.npv_usd, "USD", REAL, _valued(accounts))
    for metric, years in (
        ("payback", worth.payback_years),
        ("discounted_payback", worth.discounted_payback_years),
    ):
        remark = "" if years is not None else "not within the horizon"
        yield _Figure(view, metric, years, "y", REAL, "from the first outlay", remark)


def _rate(view: str, found: Return, prices: str) -> _Figure:
    """The internal rate, or why there is none and what the roots are."""
    remark = found.reason
    if found.rate is not None and found.rate < 0.0:
        remark = "the flows sum to a loss"
    if len(found.roots) > 1:
        roots = " ".join(f"{yearly_rate(root):.6g}" for root in found.roots)
        remark = f"{remark}: {roots}"
    value = yearly_rate(found.rate) if found.rate is not None else None
    return _Figure(view, "irr", value, "1/y", prices, "half-years", remark)


def _treasury(accounts: Accounts) -> Iterator[_Figure]:
    """What the public purse pays."""
    valued, lines = _valued(accounts), accounts.treasury.account
    net = -_present(accounts.treasury.net, accounts)
    yield _Figure("treasury", "subsidy_pv", net, "USD", REAL, valued)
    for item in ("equity", "support", "operator_support", "availability_payment"):
        value = -_present(lines[item].usd, accounts)
        yield _Figure("treasury", f"{item}_pv", value, "USD", REAL, valued)
    called = _present(accounts.treasury.called, accounts)
    yield _Figure("treasury", "guarantees_called_pv", called, "USD", REAL, valued)


def _surpluses(accounts: Accounts) -> dict[str, Floats]:
    """What operators hand over, less what they are given."""
    return {
        name: -each.account["distributions"].usd - each.account["support"].usd
        for name, each in accounts.operators.items()
    }


def _operators(accounts: Accounts) -> Iterator[_Figure]:
    for name, surplus in _surpluses(accounts).items():
        value = _present(surplus, accounts)
        yield _Figure(name, "surplus_pv", value, "USD", REAL, _valued(accounts))


def _loans(accounts: Accounts) -> dict[str, Service]:
    return {**accounts.owner.services, **accounts.treasury.services}


def _loan(name: str, service: Service, accounts: Accounts) -> Iterator[_Figure]:
    """Size, first payment, end and gift of a loan."""
    terms, last = service.course.terms, accounts.halves.count - 1
    currency, course = terms.tranche.currency, service.course
    amount = float((service.draws + service.capitalised).sum())
    yield _Figure(name, "amount", amount, "USD", NOMINAL, "when drawn")
    settled = _end_of(accounts, terms.settled - 1) if terms.settled else ""
    yield _Figure(
        name, "debt_at_opening", course.owed_at_settling, currency, NOMINAL, settled
    )
    idc = float(course.capitalised.sum())
    yield _Figure(name, "interest_capitalised", idc, currency, NOMINAL, "when due")
    first = terms.repaid_from
    payment = float(course.interest[first] + course.principal[first])
    yield _Figure(
        name, "first_instalment", payment, currency, NOMINAL, _end_of(accounts, first)
    )
    matures = terms.matures - 1
    closing = float(course.closing[matures])
    yield _Figure(
        name, "closing", closing, currency, NOMINAL, _end_of(accounts, matures)
    )
    left = float(service.owed[last])
    yield _Figure(
        name, "owed_at_horizon", left, "USD", NOMINAL, _end_of(accounts, last)
    )
    lost = _present(service.fx_loss, accounts)
    yield _Figure(name, "fx_loss_pv", lost, "USD", REAL, _valued(accounts))
    yield _grant(name, service, accounts.finance.returns.grant_discount_rate)


def _grant(name: str, service: Service, discount: float) -> _Figure:
    terms = service.course.terms
    periods = max(round(terms.tranche.tenor_years * PER_YEAR), 1)
    grace = min(round(terms.tranche.grace_years * PER_YEAR), periods - 1)
    value = grant_element(
        rate=terms.level,
        discount=discount,
        maturity_y=periods / PER_YEAR,
        grace_y=grace / PER_YEAR,
        per_year=PER_YEAR,
    )
    return _Figure(
        name, "grant_element", value, "1", NONE, f"{discount:g} a year", GRANT
    )


def _state(accounts: Accounts) -> Iterator[_Figure]:
    """Peaks of public debt, with their years, and years above ceilings."""
    debt, state = accounts.public_debt, accounts.finance.sovereign
    if debt is None or state is None:
        return
    years = accounts.halves.years[::PER_YEAR]
    yield _peak("debt_gdp_peak_delta", debt.with_share - debt.without_share, years)
    yield _peak("debt_gdp_peak", debt.with_share, years)
    yield _peak("ds_revenue_peak", debt.service_with_share, years)
    for country, shares in debt.lender_share.items():
        yield _peak(f"debt_share_to_{country}_peak", shares, years)
    calls = np.repeat(debt.expected_calls_usd / PER_YEAR, PER_YEAR)
    value = _present(calls, accounts)
    yield _Figure("state", "expected_calls_pv", value, "USD", REAL, _valued(accounts))
    paths = {
        "debt": (debt.with_share, state.debt_ceiling_share),
        "government": (debt.government_share, state.government_ceiling_share),
        "service": (debt.service_with_share, state.service_ceiling_share),
    }
    for name, (path, ceiling) in paths.items():
        yield _breach(f"years_above_{name}_ceiling", path, ceiling, years)


def _breach(metric: str, path: Floats, ceiling: float, years: Ints) -> _Figure:
    """How many years lie above a ceiling, and which is the first."""
    above = np.flatnonzero(path > ceiling)
    first = str(int(years[above[0]])) if len(above) else ""
    count = float(len(above))
    return _Figure("state", metric, count, "y", NONE, first, f"ceiling {ceiling:g}")


def _peak(metric: str, path: Floats, years: Ints) -> _Figure:
    at = int(np.argmax(path))
    return _Figure("state", metric, float(path[at]), "1", NONE, str(int(years[at])))
