"""Storms, floods, closures, quarantine regimes and breakdowns of a year.

One event strikes all its assets at once: it draws a severity and a common normal
number; each asset's outage follows from that number and its own, so that outages of one
event are rank-correlated by `common_share` and events are independent.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy import special

from railsim.corridor.tables import Plan, Word
from railsim.corridor.time.clock import ms_of_date
from railsim.corridor.time.hours import Factor
from railsim.corridor.time.timing import hours, triangular
from railsim.engine.luck import Luck
from railsim.scenario.schema.chance import Disruption, Outage, Regime
from railsim.units import MS_PER_HOUR, ms_from_hours

Spell = tuple[int, int]
MOST_EVENTS = 4000


def outages(
    plan: Plan, luck: Luck, spells: dict[str, list[Spell]]
) -> dict[int, list[Factor]]:
    """Factors on capacity by resource: calendars, disruptions, regimes."""
    found = {r: list(factors) for r, factors in plan.factors.items()}
    for name, disruption in plan.disruptions.items():
        for resource, factor in _disruption_factors(plan, luck, name, disruption):
            found.setdefault(resource, []).append(factor)
    for name, regime in plan.regimes.items():
        for begin, end in spells[name]:
            for resource in named_resources(plan, regime.resources):
                found.setdefault(resource, []).append(
                    (begin, end, regime.capacity_factor)
                )
    return found


def regime_spells(name: str, regime: Regime, plan: Plan, luck: Luck) -> list[Spell]:
    """When a regime rules: a monthly Markov chain from its long-run state.

    Spells do not overlap.
    """
    year = plan.span.year
    spells = [_listed_spell(month, length) for month, length in regime.listed.items()]
    if plan.is_deterministic:
        return _merged(spells)
    leaves = 1.0 / regime.mean_months
    for y in (year - 1, year, year + 1):
        u = luck.uniforms(f"regime.{name}", 12, year=y)
        rules = u[0] < regime.entry_per_month / (regime.entry_per_month + leaves)
        for month in range(1, 13):
            if month > 1:
                rules = (
                    u[month - 1] >= leaves
                    if rules
                    else (u[month - 1] < regime.entry_per_month)
                )
            if rules:
                spells.append(_month_spell(y, month))
    return _merged(spells)


def _merged(spells: list[Spell]) -> list[Spell]:
    """The union of spells, in order."""
    union: list[Spell] = []
    for begin, end in sorted(spells):
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((begin, end))
    return union


def broken_servers(plan: Plan, luck: Luck) -> dict[int, list[Spell]]:
    """Spells in which one server of a station is broken, server by server."""
    if plan.is_deterministic:
        return {}
    return {
        resource: [
            spell
            for server in range(int(plan.resources.capacity[resource]))
            for spell in _failures(plan, luck, resource, server)
        ]
        for resource in plan.resources.breakdown_streams
    }


def _failures(plan: Plan, luck: Luck, resource: int, server: int) -> Iterator[Spell]:
    between_h, repair = plan.resources.breakdown_streams[resource]
    span, name = plan.span, plan.resources.names[resource]
    length_h = (span.stop_ms - span.begin_ms) / MS_PER_HOUR
    count = int(length_h / between_h * 2.0 + 50.0)
    runs = -between_h * special.log1p(-luck.uniforms(f"run.{name}.{server}", count))
    repairs = hours(repair, luck.uniforms(f"repair.{name}.{server}", count))
    at_ms = span.begin_ms
    for run_h, repair_h in zip(runs.tolist(), repairs.tolist(), strict=True):
        begin = at_ms + ms_from_hours(run_h)
        at_ms = begin + ms_from_hours(repair_h)
        if begin >= span.stop_ms:
            return
        yield begin, at_ms


def _disruption_factors(
    plan: Plan, luck: Luck, name: str, disruption: Disruption
) -> Iterator[tuple[int, Factor]]:
    for day, severity in sorted(disruption.listed.items()):
        begin = ms_of_date(date.fromisoformat(day))
        u = luck.uniforms(f"listed.{name}.{day}", 64)
        yield from _event_factors(plan, disruption, severity, begin, u)
    if plan.is_deterministic:
        return
    for year in (plan.span.year - 1, plan.span.year, plan.span.year + 1):
        starts = _event_starts(luck, name, disruption, year)
        for k, begin in enumerate(starts):
            u = luck.uniforms(f"event.{name}.{k}", 65, year=year)
            severity = _severity(disruption, float(u[0]))
            yield from _event_factors(plan, disruption, severity, begin, u[1:])


def _event_starts(
    luck: Luck, name: str, disruption: Disruption, year: int
) -> list[int]:
    """Poisson events of a year, by inversion over the months' weights."""
    weights = np.array(disruption.month_weights)
    cumulative = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
    cumulative *= disruption.events_per_year
    count = min(int(disruption.events_per_year * 3 + 40), MOST_EVENTS)
    gaps = -special.log1p(-luck.uniforms(f"events.{name}", count, year=year))
    reached = np.cumsum(gaps)
    starts = []
    for s in reached[reached <= disruption.events_per_year].tolist():
        month = min(int(np.searchsorted(cumulative, s, "left")), 12)
        begin, end = _month_spell(year, month)
        width = float(cumulative[month] - cumulative[month - 1])
        share = (s - float(cumulative[month - 1])) / width
        starts.append(begin + math.floor((end - begin) * share))
    return starts


def _severity(disruption: Disruption, u: float) -> str:
    reached = 0.0
    for name, severity in disruption.severities.items():
        reached += severity.share
        if u < reached:
            return name
    return name


def _event_factors(
    plan: Plan,
    disruption: Disruption,
    severity: str,
    begin: int,
    u: NDArray[np.float64],
) -> Iterator[tuple[int, Factor]]:
    found = disruption.severities[severity].outages
    rho = 2.0 * math.sin(math.pi * disruption.common_share / 6.0)
    z = special.ndtri(u)
    for i, outage in enumerate(found.values()):
        own = math.sqrt(rho) * z[0] + math.sqrt(1.0 - rho) * z[1 + i]
        length_h = _outage_hours(outage, float(special.ndtr(own)))
        factor = (begin, begin + ms_from_hours(length_h), outage.capacity_factor)
        for resource in named_resources(plan, outage.resources):
            yield resource, factor


def _outage_hours(outage: Outage, u: float) -> float:
    times = triangular(np.array([u]), outage.low_h, outage.mode_h, outage.high_h)
    return float(times[0])


def named_resources(plan: Plan, names: tuple[str, ...]) -> Iterator[int]:
    """Resources of these names; a service means both its directions."""
    number = {name: r for r, name in enumerate(plan.resources.names)}
    for name in names:
        yield number[name]
        if plan.resources.word[number[name]] == Word.DEPARTURE:
            back = number.get(f"{name}.back")
            if back is not None:
                yield back


def _month_spell(year: int, month: int) -> Spell:
    length = calendar.monthrange(year, month)[1]
    begin = ms_of_date(date(year, month, 1))
    return begin, begin + length * 24 * MS_PER_HOUR


def _listed_spell(month: str, length_months: float) -> Spell:
    begin = ms_of_date(date.fromisoformat(f"{month}-01"))
    return begin, begin + ms_from_hours(length_months * 24.0 * 365.0 / 12.0)
