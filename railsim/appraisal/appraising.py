"""The world with a project against the world without it: appraisal on one page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.appraisal.checks import (
    check_present_values,
    check_totals,
    check_transfers,
    require,
)
from railsim.appraisal.effects.capital import book_capital, residuals
from railsim.appraisal.effects.externals import (
    BUILDING_CARBON,
    CARBON,
    book_externals,
    carbon_prices,
)
from railsim.appraisal.effects.producers import RESOURCES, book_producers
from railsim.appraisal.effects.users import (
    DIVERTED,
    RIDING,
    Gain,
    Trade,
    book_passengers,
    book_shippers,
    shippers_gain,
    trades_of,
)
from railsim.appraisal.incidence import (
    Incidence,
    book_funding,
    gifts_usd,
    incidence_of,
)
from railsim.appraisal.indicators import (
    Indicator,
    discount_factors,
    items_of,
    judge,
    switches,
)
from railsim.appraisal.ledger import (
    CHARGES,
    FARES,
    LEVIES,
    PASSENGERS,
    RESIDUAL,
    SHIPPERS,
    TREASURY,
    Entry,
    Funding,
    Ledger,
    Side,
    add,
    minus,
    total_of,
)
from railsim.balance import Check
from railsim.errors import InputError
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.traffic import Floats, Ints

PRODUCERS, PUBLIC_REVENUE = "producers", "public revenue"


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What a project is worth to society: with less without, real US$."""

    years: Ints
    price_year: int
    rate: float
    timing: str
    ledger: Ledger
    """Gains by item, party and country, payments between parties shown."""
    funding: Ledger
    """What the finance of the project moves between parties."""
    effects: Ledger
    """The same gains as `ledger`, each party net of what it pays and is paid."""
    net_usd: Floats
    gains: Mapping[str, Gain]
    """Flow -> gains of its shippers."""
    trades: Mapping[str, Trade]
    """Flow -> its market and commodity."""
    saved_t_co2e: Mapping[str, Floats]
    """Country of emission -> tonnes less."""
    indicators: tuple[Indicator, ...]
    switches: Mapping[str, tuple[float, float]]
    """Effect -> present value, and the relative change of it that makes the net 0."""
    incidence: Incidence
    gifts: Mapping[str, float]
    """Lender -> what its loans give away at the discount rate, US$."""
    checks: tuple[Check, ...]

    @property
    def enpv_usd(self) -> float:
        """Net present value at the test rate, in the timing that is published."""
        return self.incidence.total


def appraise(
    world: Scenario,
    with_: Side,
    without: Side,
    funding: Funding | None = None,
    *,
    booked: Ledger | None = None,
) -> Appraisal:
    """Judge a project: `world` with it, both sides under the same luck and years.

    `booked` is what `book_side` makes of `without`, if that is known already. Raises
    InputError if there is no `appraisal`, years differ, a flow loses its last route or
    somebody who is paid is unknown; AppraisalError if an account is broken.
    """
    frame, years = _frame(world), with_.traffic.years
    gains = shippers_gain(with_.traffic, without.traffic)
    before = book_side(world, without) if booked is None else booked
    users = book_shippers(frame, with_.traffic, without.traffic, gains)
    ledger = _joined(users, minus(book_side(world, with_), before))
    moved = {} if funding is None else book_funding(frame, funding, years)
    effects, at = effects_of(ledger), (frame.discount_rate, frame.timing)
    items = items_of(effects, len(years))
    net = total_of(items.values(), len(years))
    indicators = _indicators(frame, with_, without, items)
    incidence = incidence_of({**ledger, **moved}, *at)
    checks = (
        *check_transfers(ledger, moved),
        *check_totals(net, ledger, effects, gains),
        *check_present_values(incidence, net, indicators, frame.timing),
    )
    require(checks)
    return Appraisal(
        *(years, world.economy.price_year, *at),
        *(ledger, moved, effects, net),
        gains=gains,
        trades=trades_of(with_.traffic),
        saved_t_co2e=_saved(with_, without),
        indicators=indicators,
        switches=switches(items, *at),
        incidence=incidence,
        gifts={} if funding is None else gifts_usd(moved, funding.lenders, *at),
        checks=checks,
    )


def _frame(world: Scenario) -> Frame:
    if world.appraisal is None:
        raise InputError("the scenario has no table appraisal")
    return world.appraisal


def book_side(world: Scenario, side: Side) -> Ledger:
    """What counts as one world less the other, of one of them, by the rules of `world`.

    Raises InputError if somebody who is paid is unknown.
    """
    frame = _frame(world)
    return _joined(
        book_producers(world, frame, side.traffic),
        book_passengers(frame, side),
        book_externals(frame, side),
        book_capital(frame, side),
    )


def _joined(*parts: Ledger) -> Ledger:
    ledger: Ledger = {}
    for part in parts:
        for entry, amounts in part.items():
            add(ledger, entry, amounts)
    return ledger


def _saved(with_: Side, without: Side) -> dict[str, Floats]:
    after, before = with_.traffic.t_co2e, without.traffic.t_co2e
    zeros = np.zeros(len(with_.traffic.years))
    return {
        country: before.get(country, zeros) - after.get(country, zeros)
        for country in sorted({*after, *before})
    }


def effects_of(ledger: Ledger) -> Ledger:
    """Every party net: what it pays and is paid joins what it gains by it."""
    effects: Ledger = {}
    for entry, amounts in ledger.items():
        effect = Entry(_effect(entry), entry.party, entry.country)
        add(effects, effect, amounts)
    return effects


def _effect(entry: Entry) -> str:
    if entry.item not in (CHARGES, FARES, LEVIES, RESOURCES):
        return entry.item
    if entry.party == SHIPPERS:
        return DIVERTED
    if entry.party == PASSENGERS:
        return RIDING
    return PUBLIC_REVENUE if entry.party == TREASURY else PRODUCERS


def _indicators(
    frame: Frame, with_: Side, without: Side, items: Mapping[str, Floats]
) -> tuple[Indicator, ...]:
    """Over the window at every rate; over some years of operation at the first."""
    opening = _opening(with_, without)
    first_year = int(with_.traffic.years[0])
    index = None
    if math.isfinite(opening):
        index = max(math.ceil(opening) - first_year, 0)
    figures = judge(
        items,
        rates=(frame.discount_rate, *frame.sensitivity_rates),
        timing=frame.timing,
        opening_index=index,
    )
    figures += _at_other_prices(frame, items, with_.traffic.years)
    return (*figures, *_of_operation(frame, with_, without, items, index))


def _at_other_prices(
    frame: Frame, items: Mapping[str, Floats], years: Ints
) -> list[Indicator]:
    """Net present value under each path of carbon prices, all else as it is."""
    key, count = (frame.discount_rate, frame.timing), len(years)
    factors = discount_factors(frame.discount_rate, count, frame.timing)
    names = (CARBON, BUILDING_CARBON)
    carbon = total_of((items[n] for n in names if n in items), count)
    rest = total_of((a for n, a in items.items() if n not in names), count)
    price = carbon_prices(frame.carbon, years)
    figures = []
    for path in frame.carbon.paths:
        net = rest + carbon * (carbon_prices(frame.carbon, years, path) / price)
        worth = float((net * factors).sum())
        figures.append(Indicator("enpv", f"carbon path {path}", *key, worth, "USD"))
    return figures


def _opening(with_: Side, without: Side) -> float:
    """The first day on which anything opens that the other world has not by then."""
    known = [d.openings for d in without.works.deliveries.values()]
    return min(
        (
            day
            for delivery in with_.works.deliveries.values()
            for name, day in delivery.openings.items()
            if not any(each.get(name, math.inf) <= day for each in known)
        ),
        default=math.inf,
    )


def _of_operation(
    frame: Frame,
    with_: Side,
    without: Side,
    items: Mapping[str, Floats],
    index: int | None,
) -> list[Indicator]:
    """The same, cut after so many full years, with what is left by then."""
    scope = f"{frame.operating_years} years of operation"
    count = None if index is None else index + frame.operating_years
    if count is None or count > len(with_.traffic.years):
        reason = "nothing opens" if count is None else "the window ends before"
        key = (scope, frame.discount_rate, frame.timing)
        return [Indicator("enpv", *key, None, "USD", reason)]
    cut = {name: a[:count] for name, a in items.items() if name != RESIDUAL}
    left = np.zeros(count)
    for side, sign in ((with_, 1.0), (without, -1.0)):
        left[-1] += sign * math.fsum(residuals(frame, side, count).values())
    return judge(
        {**cut, RESIDUAL: left},
        rates=(frame.discount_rate,),
        timing=frame.timing,
        opening_index=index,
        scope=scope,
    )
