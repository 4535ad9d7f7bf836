"""What building costs society: spending at shadow prices, upkeep, renewals, residuals.

Economic cost = sum of what a cost pays for times its shadow factor (ADB 2017; MODEL
specification 8.4). Parties pay the financial cost; the difference is booked as a shadow
correction: taxes come back to the treasury, the rent of unskilled labour falls to
workers, the rest to the public. Assets age from the first opening of their project.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from railsim.appraisal.ledger import (
    CORRECTION,
    FLEET,
    INVESTMENT,
    MAINTENANCE,
    PUBLIC,
    RENEWALS,
    RESIDUAL,
    TREASURY,
    WORKERS,
    Entry,
    Ledger,
    Side,
    add,
    total_of,
    yearly,
)
from railsim.formulas.economics import remaining_share
from railsim.scenario.schema.worth.appraisal import Appraisal as Frame
from railsim.scenario.schema.worth.appraisal import ShadowPrices
from railsim.traffic import Floats, Ints

GAINERS = {"taxes": TREASURY, "unskilled": WORKERS}
"""Class of cost -> who gets what it costs less to society; else the public."""


def shadow_factors(shadow: ShadowPrices) -> dict[str, float]:
    """Class of cost -> economic over financial cost, at world prices."""
    standard = shadow.standard_conversion_factor
    return {
        "traded": 1.0,
        "non_traded": standard,
        "skilled": shadow.skilled_wage_factor,
        "unskilled": shadow.unskilled_wage_factor * standard,
        "taxes": 0.0,
        "land": shadow.land_factor,
    }


def conversion_factor(shadow: ShadowPrices, split: Mapping[str, float]) -> float:
    """Economic over financial cost of something that pays for several classes."""
    return _converted(shadow_factors(shadow), split)


def _converted(factors: Mapping[str, float], split: Mapping[str, float]) -> float:
    return math.fsum(share * factors[name] for name, share in split.items())


class Cost(NamedTuple):
    """What a party pays in each year for an item, and what that pays for."""

    item: str
    party: str
    split: Mapping[str, float]
    usd: Floats


def book_capital(frame: Frame, side: Side) -> Ledger:
    """All that is built and kept in one world, and what is left of it at the end."""
    ledger: Ledger = {}
    count = len(side.traffic.years)
    _book_costs(ledger, frame, list(_costs(frame, side)))
    _book_upkeep(ledger, frame, side)
    for party, worth in residuals(frame, side, count).items():
        left = np.zeros(count)
        left[-1] = worth
        add(ledger, Entry(RESIDUAL, party, frame.home_country), left)
    return ledger


def _costs(frame: Frame, side: Side) -> Iterator[Cost]:
    years, works = side.traffic.years, side.works
    spent = yearly(works.halves, _rows(works.spent_usd, works.halves.count), years)
    for (item, all_halves), paid in zip(works.spent_usd.items(), spent, strict=True):
        asset, opening = side.assets[item], _first_opening(side, item.project)
        yield Cost(INVESTMENT, frame.builder, asset.split, paid)
        again = _renewals(float(all_halves.sum()), asset.life_years, opening, years)
        if again.any():
            yield Cost(RENEWALS, frame.builder, asset.split, again)
    bought = yearly(works.halves, _rows(works.vehicles_usd, works.halves.count), years)
    for kind, paid in zip(works.vehicles_usd, bought, strict=True):
        yield Cost(FLEET, frame.fleet_owner, side.vehicles[kind].split, paid)


def _rows(amounts: Mapping[Any, Floats], count: int) -> Floats:
    """Half-years of everything, a row each."""
    return np.array(list(amounts.values())).reshape(-1, count)


def _book_costs(ledger: Ledger, frame: Frame, costs: Sequence[Cost]) -> None:
    """Financial costs to their payers, and who gets what society does not lose."""
    home, factors = frame.home_country, shadow_factors(frame.shadow)
    for cost in costs:
        add(ledger, Entry(cost.item, cost.party, home), -cost.usd)
    usd = np.array([cost.usd for cost in costs])
    for gainer in (TREASURY, WORKERS, PUBLIC) if costs else ():
        saved = [
            (name, 1.0 - factor)
            for name, factor in factors.items()
            if GAINERS.get(name, PUBLIC) == gainer and factor != 1.0
        ]
        shares = [
            math.fsum(cost.split.get(name, 0.0) * share for name, share in saved)
            for cost in costs
        ]
        if any(shares):
            add(ledger, Entry(CORRECTION, gainer, home), np.array(shares) @ usd)


def _book_upkeep(ledger: Ledger, frame: Frame, side: Side) -> None:
    upkeep, home = maintenance_usd(frame, side), frame.home_country
    add(ledger, Entry(MAINTENANCE, frame.builder, home), -upkeep)
    saved = (1.0 - frame.shadow.maintenance_factor) * upkeep
    add(ledger, Entry(CORRECTION, PUBLIC, home), saved)


def _renewals(cost: float, life_years: float, opening: float, years: Ints) -> Floats:
    """The cost again at the end of each life, but not in the last instant."""
    again = np.zeros(len(years))
    end = float(years[-1] + 1)
    if not math.isfinite(life_years) or not math.isfinite(opening):
        return again
    for day in _ends_of_lives(opening, life_years, end):
        if (place := math.floor(day) - int(years[0])) >= 0:
            again[place] += cost
    return again


def _ends_of_lives(opening: float, life_years: float, end: float) -> Iterator[float]:
    count = math.ceil((end - opening) / life_years - 1e-9)
    yield from (opening + k * life_years for k in range(1, count))


def maintenance_usd(frame: Frame, side: Side) -> Floats:
    """Keeping the line, from its opening on; financial cost of each year."""
    years = side.traffic.years
    upkeep: list[Floats] = []
    for delivery in side.works.deliveries.values():
        for name, opening in delivery.openings.items():
            open_share = np.clip(years + 1.0 - opening, 0.0, 1.0)
            km = side.track_km.get(name, 0.0)
            upkeep.append(frame.maintenance_usd_per_km * km * open_share)
    return total_of(upkeep, len(years))


def residuals(frame: Frame, side: Side, count: int) -> dict[str, float]:
    """Party -> economic worth of its assets at the end of the first `count` years.

    Straight lines over each life; assets are renewed as `book_capital` says, rolling
    stock as it was bought. Only what was spent from the first year until then counts.
    """
    works, first = side.works, float(side.traffic.years[0])
    halves, end = works.halves, first + count
    is_spent = (halves.ends <= end) & (halves.begins >= first)
    factors = shadow_factors(frame.shadow)
    spent = _rows(works.spent_usd, halves.count)[:, is_spent].sum(axis=1).tolist()
    opened = {name: _first_opening(side, name) for name in works.deliveries}
    lines = []
    for item, cost in zip(works.spent_usd, spent, strict=True):
        asset, age = side.assets[item], max(end - opened[item.project], 0.0)
        share = remaining_share(asset.life_years, age)
        lines.append(_converted(factors, asset.split) * share * cost)
    vehicles = [side.vehicles[kind] for kind in works.vehicles_usd]
    ages = end - halves.mids[is_spent]
    lives = np.array([asset.life_years for asset in vehicles])
    left = np.minimum(np.maximum(1.0 - ages / lives[:, None], 0.0), 1.0)
    bought = _rows(works.vehicles_usd, halves.count)[:, is_spent]
    worth = (bought * left).sum(axis=1).tolist()
    fleet = [
        _converted(factors, asset.split) * usd
        for asset, usd in zip(vehicles, worth, strict=True)
    ]
    worths: dict[str, float] = {}
    for party, parts in ((frame.builder, lines), (frame.fleet_owner, fleet)):
        worths[party] = worths.get(party, 0.0) + math.fsum(parts)
    return worths


def _first_opening(side: Side, project: str) -> float:
    days = side.works.deliveries[project].openings.values()
    return min(days, default=math.inf)
