"""Services by closed forms: how long to the next departure, how long the ride."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from railsim.corridor.arrays import Floats, sums
from railsim.corridor.tables import Act, Plan
from railsim.corridor.time.clock import Span
from railsim.corridor.time.moments import Moments, moments
from railsim.corridor.time.timetables import KNOWN_AT_ONCE, Runs
from railsim.engine.analytic.reading.closures import Closures
from railsim.engine.analytic.reading.lines import LineUse, use_of_lines
from railsim.engine.analytic.reading.vehicles import Stops, ways_of_vehicles
from railsim.sharing import once_for
from railsim.units import MS_PER_HOUR


@dataclass(frozen=True, slots=True)
class Rides:
    """Per service and direction, in hours.

    `first_h` and `first_h2` are mean and mean square of the time from any instant to
    the next departure that runs; `late` and `free` mean and variance of its lateness
    and of an undisturbed run; `lost_h` what a run loses to other trains and shut lines.
    """

    count: Floats
    active_h: Floats
    headway_h: Floats
    first_h: Floats
    first_h2: Floats
    cutoff_h: Floats
    late_h: Floats
    late_h2: Floats
    free_h: Floats
    free_h2: Floats
    lost_h: Floats
    lost_h2: Floats
    lines: LineUse


def read_rides(plan: Plan, closures: Closures) -> Rides:
    """All services of a year; those that never leave have no departures and zeros."""
    services, (stops, _) = plan.services, ways_of_vehicles(plan)
    kept = 1.0 - (0.0 if plan.is_deterministic else services.cancelled_share)
    hours = (plan.span.end_ms - plan.span.measure_ms) / MS_PER_HOUR
    known = [_read_timetable(run, plan.span) for run in services.runs]
    count, headway, first, square, slowness = np.array(known).reshape(-1, 5).T
    late = np.array([_lateness(plan, v) for v in range(len(count))]).reshape(-1, 2)
    factor = np.where(stops.where(Act.RUN), slowness[stops.service], 1.0)
    mean, variance = factor * stops.mean_h, factor * factor * stops.variance_h2
    lines = use_of_lines(plan, count * kept / hours, slowness)
    shut_h, shut_h2 = _shut(stops, closures, mean, len(count))
    return Rides(
        count=count * kept,
        active_h=np.minimum(headway * count, hours),
        headway_h=headway / kept,
        first_h=first * (2.0 - kept) / kept,
        first_h2=square * (kept * kept - 6.0 * kept + 6.0) / (kept * kept),
        cutoff_h=services.cutoff_ms / MS_PER_HOUR,
        late_h=late[:, 0],
        late_h2=late[:, 1],
        free_h=sums(stops.service, mean, len(count)),
        free_h2=sums(stops.service, variance, len(count)),
        lost_h=lines.lost_h + shut_h,
        lost_h2=lines.lost_h**2 + shut_h2,
        lines=lines,
    )


def _lateness(plan: Plan, v: int) -> Moments:
    late = plan.services.lateness[v]
    if late is None:
        return 0.0, 0.0
    return moments(late, is_deterministic=plan.is_deterministic)


class _Timetable(NamedTuple):
    """Departures planned in the measured year, mean gap of those that serve it, mean
    and mean square of the time from any instant to the next, and mean slowness.
    """

    planned: float
    headway_h: float = 0.0
    first_h: float = 0.0
    first_h2: float = 0.0
    slowness: float = 1.0


@once_for(most=KNOWN_AT_ONCE)
def _read_timetable(runs: Runs, span: Span) -> _Timetable:
    at_ms, slowness = np.sort(runs.at_ms), runs.slowness
    before, until = np.searchsorted(at_ms, [span.measure_ms, span.end_ms]).tolist()
    gaps = np.diff(at_ms[max(before - 1, 0) : until + 1]) / MS_PER_HOUR
    slow = float(slowness.mean()) if len(slowness) else 1.0
    total = float(gaps.sum())
    if total == 0.0:
        return _Timetable(until - before, slowness=slow)
    mean, square = float((gaps**2).sum()) / 2.0, float((gaps**3).sum()) / 3.0
    headway = total / len(gaps)
    return _Timetable(until - before, headway, mean / total, square / total, slow)


def _shut(
    stops: Stops, closures: Closures, mean_h: Floats, count: int
) -> tuple[Floats, Floats]:
    """Mean and mean square of the time lost before shut lines, links and berths.

    Nightly possessions stretch a run over a line by the share of the day they take;
    whatever else is shut delays those who come meanwhile.
    """
    runs, resources = stops.where(Act.RUN), len(closures.open_share)
    of_row = np.repeat(np.arange(resources), np.diff(closures.begin))
    is_shut = closures.kept_share == 0.0
    lost = []
    for each in (closures.mean_h, closures.square_h2):
        ever, by_chance = (
            sums(of_row, np.where(rows, each, 0.0), resources)[stops.resource]
            for rows in (is_shut, is_shut & ~closures.is_daily)
        )
        lost.append(np.where(runs, by_chance, ever))
    share = closures.open_share[stops.resource]
    possession = np.divide(
        1.0 - share, share, out=np.zeros(len(share)), where=share > 0.0
    )
    lost[0] += np.where(runs, mean_h * possession, 0.0)
    mean, square = (sums(stops.service, each, count) for each in lost)
    return mean, square
