"""Services by closed forms: how long to the next departure, how long the ride."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, sums
from railsim.corridor.tables import Act, Plan
from railsim.corridor.time.moments import Moments, moments
from railsim.engine.analytic.reading.closures import Closures
from railsim.engine.analytic.reading.lines import LineUse, use_of_lines
from railsim.engine.analytic.reading.vehicles import Stops, ways_of_vehicles
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
    timetable = _read_timetable(plan)
    count, slowness = timetable.count, timetable.slowness
    late = np.array([_lateness(plan, v) for v in range(len(count))]).reshape(-1, 2)
    factor = np.where(stops.where(Act.RUN), slowness[stops.service], 1.0)
    mean, variance = factor * stops.mean_h, factor * factor * stops.variance_h2
    lines = use_of_lines(plan, count * kept / hours, slowness)
    shut_h, shut_h2 = _shut(stops, closures, mean, len(count))
    return Rides(
        count=count * kept,
        active_h=np.minimum(timetable.headway_h * count, hours),
        headway_h=timetable.headway_h / kept,
        first_h=timetable.first_h * (2.0 - kept) / kept,
        first_h2=timetable.first_h2 * (kept * kept - 6.0 * kept + 6.0) / (kept * kept),
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


@dataclass(frozen=True, slots=True)
class _Timetable:
    """Per service and direction: departures planned in the measured year, mean gap of
    those that serve it, mean and mean square of the time to the next, mean slowness.
    """

    count: Floats
    headway_h: Floats
    first_h: Floats
    first_h2: Floats
    slowness: Floats


def _read_timetable(plan: Plan) -> _Timetable:
    departures, span = plan.services.departures, plan.span
    count, order = len(plan.services.resource), departures.order
    service, at_ms = departures.service[order], departures.at_ms[order]
    planned = sums(service, np.ones(len(service)), count)
    before = sums(service, at_ms < span.measure_ms, count)
    until = sums(service, at_ms < span.end_ms, count)
    gap, of = np.diff(at_ms) / MS_PER_HOUR, service[:-1]
    place = np.arange(len(gap)) - (np.cumsum(planned) - planned)[of]
    serves = (of == service[1:]) & (place >= before[of] - 1) & (place < until[of])
    gap, of = gap[serves], of[serves]
    number, whole = sums(of, np.ones(len(gap)), count), sums(of, gap, count)
    slow = sums(service, departures.slowness[order], count)
    return _Timetable(
        count=until - before,
        headway_h=_divide(whole, number),
        first_h=_divide(sums(of, gap**2, count) / 2.0, whole),
        first_h2=_divide(sums(of, gap**3, count) / 3.0, whole),
        slowness=np.where(planned > 0.0, _divide(slow, planned), 1.0),
    )


def _divide(part: Floats, whole: Floats) -> Floats:
    """Quotients; nothing of nothing."""
    found: Floats = np.divide(part, whole, out=np.zeros(len(part)), where=whole > 0.0)
    return found


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
    possession = _divide(1.0 - share, share)
    lost[0] += np.where(runs, mean_h * possession, 0.0)
    mean, square = (sums(stops.service, each, count) for each in lost)
    return mean, square
