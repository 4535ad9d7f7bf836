"""Accounts of railway companies: paid by shippers and passengers, they run the trains.

What is left after running, access charge, trains and tax is handed to their owner, the
treasury; what is missing the treasury pays. So no company holds cash of its own, and a
company may thrive on a line whose own debt is never served.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.finance.lines import Account, Line, straight_line, tax_on, total
from railsim.finance.prices import Prices
from railsim.formulas import annuity_payment
from railsim.project.halves import PER_YEAR
from railsim.project.works import Works
from railsim.scenario.schema.worth.operators import Operator, Tax
from railsim.traffic import Floats, ServiceTraffic, Traffic
from railsim.units import DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class OperatorAccount:
    """One railway company over the horizon."""

    account: Account
    access: Floats
    """Paid to the owner of the line."""
    tax: Floats
    depreciation: Floats
    book_value: float
    """Of its trains after the last half."""
    invested: float
    """Cost of all trains bought."""


@dataclass(frozen=True, slots=True)
class Market:
    """What operators of a world meet."""

    works: Works
    traffic: Traffic
    prices: Prices
    fares: Mapping[str, float]
    """Project -> real US dollars a passenger-kilometre."""
    opening: float
    """First day on which anything opens."""


def run_operator(operator: Operator, market: Market) -> OperatorAccount:
    """The account of one company, nominal US dollars by half-year."""
    if operator.stated_cash is not None:
        return _stated(operator, market)
    activity = _activity(operator, market)
    revenue = _revenue(operator, market)
    running = _running(operator, market, activity)
    trains, depreciation, book_value, invested = _trains(operator, market)
    earned = total(list(revenue.values()))
    spent = total(list(running.values()))
    access = _access(operator, market, activity, earned)
    cost = spent + access + depreciation
    if operator.rolling_stock == "leased":
        cost = cost + trains
    rates = tax_rates(operator.tax, market.opening, market)
    tax = tax_on(earned - cost, rates)
    owed = earned * PER_YEAR * operator.working_capital_days / DAYS_PER_YEAR
    tied = np.diff(owed, prepend=0.0)
    left = earned - spent - access - tax - tied - trains
    if operator.access.regime == "surplus":
        access, left = access + left, np.zeros(len(left))
    costs = running | {"tax": tax, "working_capital": tied, "access_charge": access}
    lines = {name: Line(usd) for name, usd in revenue.items()}
    lines |= {name: Line(-usd) for name, usd in costs.items()}
    lines |= _settled(operator, left, trains)
    lines["depreciation"] = Line(-depreciation, is_memo=True)
    return OperatorAccount(lines, access, tax, depreciation, book_value, invested)


def tax_rates(tax: Tax, opening: float, market: Market) -> Floats:
    """Rate of each half: none in the holiday that begins at the opening."""
    taxed = market.works.halves.open_share(opening + tax.holiday_years)
    return tax.rate * taxed


def _settled(operator: Operator, left: Floats, trains: Floats) -> dict[str, Line]:
    """Trains, and what the treasury gets or gives."""
    item = "trains_bought" if operator.rolling_stock == "purchased" else "trains_leased"
    return {
        item: Line(-trains),
        "support": Line(np.maximum(-left, 0.0)),
        "distributions": Line(-np.maximum(left, 0.0)),
    }


def _stated(operator: Operator, market: Market) -> OperatorAccount:
    """Cash that the scenario states, from the first whole half after opening."""
    halves, stated = market.works.halves, operator.stated_cash
    assert stated is not None
    first = int(np.searchsorted(halves.begins, market.opening))
    k = np.arange(halves.count) - first
    is_running = (k >= 0) & (k < stated.halves)
    growth = (1.0 + stated.growth_per_half) ** np.maximum(k, 0)
    cash = np.where(is_running, stated.first_usd * growth, 0.0)
    nothing = np.zeros(halves.count)
    access = cash if operator.access.regime == "surplus" else nothing
    left = cash - access
    lines = {"stated_cash": Line(cash), "access_charge": Line(-access)}
    lines |= _settled(operator, left, nothing)
    return OperatorAccount(lines, access, nothing, nothing, 0.0, 0.0)


def _revenue(operator: Operator, market: Market) -> dict[str, Floats]:
    """Freight, passengers and the rest."""
    halves, years = market.works.halves, market.traffic.years
    freight = np.zeros(len(years))
    for payment, usd in market.traffic.paid_usd.items():
        if payment.payee in operator.payees:
            freight += usd
    riders = np.zeros(len(years))
    for project in operator.passenger_projects:
        if project in market.works.passengers:
            km = market.works.passengers[project].passenger_km
            riders += market.fares.get(project, 0.0) * km
    level = market.prices.revenue[: halves.count]
    freight_usd = halves.spread(freight, market.opening) * level
    passenger_usd = halves.spread(riders, market.opening) * level
    rest = operator.ancillary_share * (freight_usd + passenger_usd)
    return {"freight": freight_usd, "passengers": passenger_usd, "ancillary": rest}


@dataclass(frozen=True, slots=True)
class _Activity:
    """What moves in each half."""

    train_km: Floats
    train_h: Floats
    net_t_km: Floats
    gross_t_km: Floats
    lifts: Floats


def _activity(operator: Operator, market: Market) -> _Activity:
    halves, opening = market.works.halves, market.opening
    ran = list(_services(operator, market.traffic))
    nothing = np.zeros(len(market.traffic.years))

    def spread(parts: list[Floats]) -> Floats:
        return halves.spread(total(parts) if parts else nothing, opening)

    train_km = spread([s.vehicle_km for s in ran])
    net_t_km = spread([s.t_km for s in ran])
    return _Activity(
        train_km=train_km,
        train_h=spread([s.vehicle_h for s in ran]),
        net_t_km=net_t_km,
        gross_t_km=net_t_km + operator.train_tare_t * train_km,
        lifts=operator.lifts_per_teu * spread([s.teu for s in ran]),
    )


def _services(operator: Operator, traffic: Traffic) -> Iterator[ServiceTraffic]:
    for name in operator.services:
        if name in traffic.services:
            yield traffic.services[name]


def _running(
    operator: Operator, market: Market, activity: _Activity
) -> dict[str, Floats]:
    """Costs of running; overheads come on top of all others."""
    halves = market.works.halves
    level = market.prices.running[: halves.count]
    is_open = halves.open_share(market.opening) / PER_YEAR
    costs = {
        "train_running": operator.usd_per_train_km * activity.train_km,
        "train_hours": operator.usd_per_train_h * activity.train_h,
        "haulage": operator.usd_per_net_t_km * activity.net_t_km,
        "energy": operator.usd_per_gross_t_km * activity.gross_t_km,
        "lifts": operator.usd_per_lift * activity.lifts,
        "fixed_costs": operator.fixed_usd_per_year * is_open,
    }
    costs["overheads"] = operator.overhead_share * total(list(costs.values()))
    return {name: usd * level for name, usd in costs.items()}


def _access(
    operator: Operator, market: Market, activity: _Activity, earned: Floats
) -> Floats:
    """What the owner of the line gets, but for a surplus."""
    access = operator.access
    level = market.prices.running[: market.works.halves.count]
    match access.regime:
        case "revenue_share":
            return access.revenue_share * earned
        case "gross_t_km":
            return access.usd_per_gross_t_km * activity.gross_t_km * level
        case "train_km":
            return access.usd_per_train_km * activity.train_km * level
    return np.zeros(len(earned))


def _trains(operator: Operator, market: Market) -> tuple[Floats, Floats, float, float]:
    """Paid for trains, their depreciation, their book value at last, their cost."""
    count = market.works.halves.count
    bought = np.zeros(count)
    for kind in operator.vehicles:
        if kind in market.works.vehicles_usd:
            bought += market.works.vehicles_usd[kind]
    bought *= market.prices.vehicles[:count]
    if operator.rolling_stock == "leased":
        return _leases(operator, bought), np.zeros(count), 0.0, 0.0
    life = round(operator.depreciation_years * PER_YEAR)
    depreciation, book = straight_line(bought, life)
    return bought, depreciation, float(book.sum()), float(bought.sum())


def _leases(operator: Operator, bought: Floats) -> Floats:
    """Level half-yearly payments for each purchase, from the next half on."""
    n = round(operator.lease_years * PER_YEAR)
    rate = operator.lease_rate / PER_YEAR
    level = annuity_payment(principal=1.0, rate=rate, per_year=1, n=n)["payment"]
    paid = np.convolve(bought, np.full(n, level))[: len(bought)]
    return np.concatenate([[0.0], paid[:-1]])
