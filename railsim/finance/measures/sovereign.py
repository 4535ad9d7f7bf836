"""What the project does to public debt, to debt service and to guarantees.

Debt over GDP follows `debt_gdp_path`; what the treasury pays for the project is
borrowed at the mean cost of public debt, and its loans are added as they stand.
Guarantees are priced as expected calls: with cash of log deviation sigma round its
forecast C and service S due, E max(0, S - cash) = S N(-d2) - C N(-d1) (Black 1976).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from railsim.finance.debt.service import Service
from railsim.finance.owner import OwnerAccount
from railsim.finance.prices import Prices
from railsim.finance.treasury import TreasuryAccount
from railsim.formulas.debt import roll_debt
from railsim.project.halves import PER_YEAR, Halves
from railsim.scenario.schema.worth.sovereign import Sovereign
from railsim.traffic import Floats

PUBLIC = ("direct", "on_lent", "guaranteed")


@dataclass(frozen=True, slots=True)
class PublicDebt:
    """One number a year of the horizon."""

    gdp_usd: Floats
    without_share: Floats
    """Public debt over GDP without the project; below with it."""
    with_share: Floats
    government_share: Floats
    """With the project, guarantees left out."""
    service_without_share: Floats
    service_with_share: Floats
    """Service of the state's own debt and support, over budget revenue."""
    guaranteed_usd: Floats
    expected_calls_usd: Floats
    owed_usd: dict[str, Floats]
    """Lender country -> public debt of the project to it, nominal."""
    lender_share: dict[str, Floats]
    """Lender country -> all public debt to it over all public debt."""


def public_debt_of(
    state: Sovereign,
    owner: OwnerAccount,
    treasury: TreasuryAccount,
    halves: Halves,
    prices: Prices,
) -> PublicDebt:
    """Paths with and without the project."""
    growth = _growth(state, halves)
    gdp = _gdp(state, halves, prices, growth)
    years = len(gdp)
    owners = [s for s in owner.services.values() if _channel(s) in PUBLIC]
    loans = [*owners, *treasury.services.values()]
    owed = _year_ends(loans, years)
    guaranteed = _year_ends([s for s in owners if _channel(s) == "guaranteed"], years)
    plain = _path(state, growth, np.zeros(years))
    deeper = _path(state, growth, -halves.yearly(treasury.net) / gdp)
    whole = deeper + owed / gdp
    revenue = state.revenue_share * gdp
    service = halves.yearly(_own_service(owner, treasury, halves.count)) / revenue
    calls = halves.yearly(_expected_calls(state, owner, halves.count))
    rest = plain * (state.government_debt_share / state.debt_share)
    owed_to = _owed_to(loans, years)
    return PublicDebt(
        gdp_usd=gdp,
        without_share=plain,
        with_share=whole,
        government_share=rest + (whole - plain) - guaranteed / gdp,
        service_without_share=np.full(years, state.debt_service_share),
        service_with_share=state.debt_service_share + service,
        guaranteed_usd=guaranteed,
        expected_calls_usd=calls,
        owed_usd=owed_to,
        lender_share=_lender_shares(state, owed_to, whole * gdp),
    )


def _channel(service: Service) -> str:
    return service.course.terms.tranche.channel


def _gdp(state: Sovereign, halves: Halves, prices: Prices, growth: Floats) -> Floats:
    """Nominal GDP in US dollars of the year."""
    mid = prices.mid["VND"][: halves.count]
    yearly = halves.yearly(mid) / PER_YEAR
    logs = np.log1p(growth) + np.log1p(state.deflator_rate)
    start = yearly[0] if len(yearly) else 1.0
    return np.asarray(state.gdp_usd * np.exp(np.cumsum(logs)) * start / yearly)


def _growth(state: Sovereign, halves: Halves) -> Floats:
    anchors = sorted((int(year), rate) for year, rate in state.growth_by_year.items())
    begins = np.array([year for year, _ in anchors])
    years = halves.years[::PER_YEAR]
    at = np.maximum(np.searchsorted(begins, years, side="right") - 1, 0)
    return np.array([rate for _, rate in anchors])[at]


def _path(state: Sovereign, growth: Floats, project: Floats) -> Floats:
    nominal = (1.0 + growth) * (1.0 + state.deflator_rate)
    factors = ((1.0 + state.interest_rate) / nominal).tolist()
    added = (project - state.primary_balance_share).tolist()
    return np.array(roll_debt(state.debt_share, factors, added))


def _year_ends(services: Iterable[Service], years: int) -> Floats:
    owed = np.zeros(years)
    for each in services:
        owed += each.owed[PER_YEAR - 1 : PER_YEAR * years : PER_YEAR]
    return owed


def _own_service(owner: OwnerAccount, treasury: TreasuryAccount, count: int) -> Floats:
    """Direct loans and the treasury's own, and support for loans of others."""
    paid = treasury.called + treasury.supported
    direct = [s for s in owner.services.values() if _channel(s) == "direct"]
    for each in (*direct, *treasury.services.values()):
        paid = paid + (each.due + each.works_interest)[:count]
    return paid


def _expected_calls(state: Sovereign, owner: OwnerAccount, count: int) -> Floats:
    """Guaranteed part of what cash is expected to fall short of."""
    due, cash = owner.due, np.maximum(owner.cash, 0.0)
    guaranteed = np.zeros(count)
    for each in owner.services.values():
        if _channel(each) == "guaranteed":
            guaranteed += each.due[:count]
    spread = state.cash_volatility
    short = np.where(cash > 0.0, np.maximum(due - cash, 0.0), due)
    is_priced = (cash > 0.0) & (due > 0.0)
    if spread > 0.0 and is_priced.any():
        s, c = due[is_priced], cash[is_priced]
        d1 = np.log(c / s) / spread + spread / 2.0
        short[is_priced] = s * ndtr(spread - d1) - c * ndtr(-d1)
    part = np.divide(guaranteed, due, out=np.zeros(count), where=due > 0.0)
    return np.asarray(part * short)


def _owed_to(services: Iterable[Service], years: int) -> dict[str, Floats]:
    owed: dict[str, Floats] = {}
    for each in services:
        country = each.course.terms.tranche.lender_country
        owed[country] = owed.get(country, np.zeros(years)) + _year_ends([each], years)
    return owed


def _lender_shares(
    state: Sovereign, owed: dict[str, Floats], debt_usd: Floats
) -> dict[str, Floats]:
    countries = sorted(set(owed) | set(state.owed_usd_by_country))
    nothing = np.zeros(len(debt_usd))
    return {
        name: (state.owed_usd_by_country.get(name, 0.0) + owed.get(name, nothing))
        / debt_usd
        for name in countries
    }
