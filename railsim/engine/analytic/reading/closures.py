"""When places are shut, as moments: what a lot that comes at any hour has to wait.

A spell of d hours in which a resource keeps a share of its capacity delays those who
come in it by (d - t), on the mean over a year of T hours by sum d^2 / (2 T); the square
of that delay has the mean sum d^3 / (3 T). One closure of L hours a day gives L^2 / 48
and L^3 / 72 (MODEL specification 3.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, flags, floats, ints
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import Span
from railsim.corridor.time.hours import Factor
from railsim.corridor.time.moments import moments, powers_of_triangular
from railsim.engine.capacity import capacity_changes
from railsim.engine.misfortune import named_resources
from railsim.scenario.schema.chance import Regime, Severity
from railsim.sharing import once_for
from railsim.units import MS_PER_HOUR

HOURS_PER_MONTH = 730.0


@dataclass(frozen=True, slots=True)
class Closures:
    """Rows `begin[r]` to `begin[r + 1]` are the kinds of spells of resource r.

    `kept_share` of its capacity remains in a spell; `mean_h` and `square_h2` are the
    mean delay and its mean square, over all hours of the year, which grow at most by
    `most_growth` while what gathered is cleared: the year ends. `is_daily` tells office
    hours from misfortune. `open_share[r]` is its mean capacity over the full one.
    """

    begin: Ints
    kept_share: Floats
    mean_h: Floats
    square_h2: Floats
    most_growth: Floats
    is_daily: Flags
    open_share: Floats


@dataclass(frozen=True, slots=True)
class _Spells:
    """Spells of one kind at one resource: sums of d, d^2 and d^3 over a year, in h."""

    resource: int
    kept_share: float
    powers: tuple[float, ...]
    is_daily: bool = False


@once_for(
    *("span", "resources", "factors", "disruptions", "regimes", "is_deterministic"),
    most=128,
)
def read_closures(plan: Plan) -> Closures:
    """Calendars and holidays of the year, and the misfortune to expect in one."""
    hours = (plan.span.end_ms - plan.span.measure_ms) / MS_PER_HOUR
    daily, open_share = _office_hours(plan)
    chance = [*_disruptions(plan), *_regimes(plan, hours)]
    for row in chance:
        open_share[row.resource] *= 1.0 - (1.0 - row.kept_share) * row.powers[0] / hours
    for r, available in _breakdowns(plan):
        open_share[r] *= available
    rows = sorted([*daily, *_holidays(plan), *chance], key=lambda row: row.resource)
    of_resource = [row.resource for row in rows]
    return Closures(
        begin=np.searchsorted(of_resource, np.arange(len(open_share) + 1)),
        kept_share=floats(row.kept_share for row in rows),
        mean_h=floats(row.powers[1] / (2.0 * hours) for row in rows),
        square_h2=floats(row.powers[2] / (3.0 * hours) for row in rows),
        most_growth=floats(2.0 * hours * row.powers[1] / row.powers[2] for row in rows),
        is_daily=flags(row.is_daily for row in rows),
        open_share=open_share,
    )


def _office_hours(plan: Plan) -> tuple[list[_Spells], Floats]:
    """Closed spells by the calendars, and the mean capacity they and holidays leave."""
    open_share, spells = np.ones(len(plan.resources.capacity)), []
    known: dict[tuple[int, int], tuple[float, tuple[float, ...]]] = {}
    for r, factors in plan.factors.items():
        full = max(1, int(plan.resources.capacity[r]))
        key = (id(factors), full)  # resources share the factors of their calendar
        if key not in known:
            known[key] = _hours_of_calendar(factors, full, plan.span)
        open_share[r], shut = known[key]
        if shut[0] > 0.0:
            spells.append(_Spells(r, 0.0, shut, is_daily=True))
    return spells, open_share


@lru_cache(maxsize=512)
def _hours_of_calendar(
    factors: tuple[Factor, ...], full: int, span: Span
) -> tuple[float, tuple[float, ...]]:
    """Mean capacity over the full one, and sums of powers of the closed spells."""
    changes = capacity_changes(ints([full]), {0: factors}, {}, begin_ms=span.begin_ms)
    edges = np.concatenate([[span.begin_ms], changes.at_ms, [span.stop_ms]])
    level = np.concatenate([[full], changes.capacity])
    lengths = np.diff(np.clip(edges, span.measure_ms, span.end_ms)) / MS_PER_HOUR
    shut = lengths[level == 0]
    powers = tuple(float((shut**k).sum()) for k in (1, 2, 3))
    return float(level @ lengths) / (float(lengths.sum()) * full), powers


def _holidays(plan: Plan) -> Iterator[_Spells]:
    """Spells in which some hands are missing; they are in `open_share` already."""
    calendars = {id(factors): factors for factors in plan.factors.values()}
    known = {key: [*_short_of_hands(f, plan.span)] for key, f in calendars.items()}
    for r, factors in plan.factors.items():
        for kept, length in known[id(factors)]:
            yield _Spells(r, kept, (length, length**2, length**3))


def _short_of_hands(
    factors: tuple[Factor, ...], span: Span
) -> Iterator[tuple[float, float]]:
    """Capacity kept in each such spell of the year, and its hours."""
    for begin, end, kept in factors:
        inside = min(end, span.end_ms) - max(begin, span.measure_ms)
        if 0.0 < kept < 1.0 and inside > 0:
            yield kept, inside / MS_PER_HOUR


def _disruptions(plan: Plan) -> Iterator[_Spells]:
    for disruption in plan.disruptions.values():
        for name, severity in disruption.severities.items():
            count = float(
                sum(said == name for said in _listed(plan, disruption.listed))
            )
            if not plan.is_deterministic:
                count += disruption.events_per_year * severity.share
            yield from _outages(plan, severity, count)


def _listed(plan: Plan, listed: dict[str, str]) -> Iterator[str]:
    return (said for day, said in listed.items() if int(day[:4]) == plan.span.year)


def _outages(plan: Plan, severity: Severity, count: float) -> Iterator[_Spells]:
    for outage in severity.outages.values():
        powers = powers_of_triangular(outage.low_h, outage.mode_h, outage.high_h)
        expected = tuple(count * power for power in powers)
        for r in named_resources(plan, outage.resources):
            if count > 0.0 and outage.capacity_factor < 1.0:
                yield _Spells(r, outage.capacity_factor, expected)


def _regimes(plan: Plan, hours: float) -> Iterator[_Spells]:
    """Spells of regimes that cut the capacity of stations."""
    for name, regime in plan.regimes.items():
        if regime.capacity_factor == 1.0:
            continue
        for powers in _powers_of_regime(plan, name, hours):
            for r in named_resources(plan, regime.resources):
                yield _Spells(r, regime.capacity_factor, powers)


def _powers_of_regime(
    plan: Plan, name: str, hours: float
) -> Iterator[tuple[float, ...]]:
    """Listed spells, and geometric ones, of which E[d^2] = 2 m^2, E[d^3] = 6 m^3."""
    regime = plan.regimes[name]
    listed = _listed_months(plan, regime) * HOURS_PER_MONTH
    mean = regime.mean_months * HOURS_PER_MONTH
    length = hours * regime_share(plan, name) - listed
    if listed > 0.0:
        yield listed, listed**2, listed**3
    if length > 0.0:
        yield length, 2.0 * length * mean, 6.0 * length * mean * mean


def regime_share(plan: Plan, name: str) -> float:
    """Share of the year in which a regime rules: as listed, else in the long run."""
    regime = plan.regimes[name]
    listed = min(1.0, _listed_months(plan, regime) / 12.0)
    if plan.is_deterministic:
        return listed
    leaves = 1.0 / regime.mean_months
    usual = regime.entry_per_month / (regime.entry_per_month + leaves)
    return listed + (1.0 - listed) * usual


def _listed_months(plan: Plan, regime: Regime) -> float:
    """Months of the measured year that listed spells cover."""
    months = 0.0
    for month, length in regime.listed.items():
        first = 12.0 * (int(month[:4]) - plan.span.year) + int(month[5:7]) - 1.0
        months += max(0.0, min(12.0, first + length) - max(0.0, first))
    return months


def _breakdowns(plan: Plan) -> Iterator[tuple[int, float]]:
    """Availability of stations whose servers fail: MTBF / (MTBF + MTTR)."""
    if plan.is_deterministic:
        return
    for r, (between_h, repair) in plan.resources.breakdown_streams.items():
        repair_h, _ = moments(repair, is_deterministic=False)
        yield r, between_h / (between_h + repair_h)
