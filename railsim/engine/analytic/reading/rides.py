"""Services by closed forms: how long to the next departure, how long the ride."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.tables import Act, Departures, Plan
from railsim.corridor.time.clock import Span
from railsim.corridor.time.moments import Moments, moments
from railsim.corridor.time.timing import SectionRun, Timing
from railsim.engine.analytic.reading.closures import Closures
from railsim.engine.analytic.reading.lines import LineUse, use_of_lines
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
    services, departures = plan.services, plan.services.departures
    rows = departures.by_service(len(services.resource))
    at_ms = [departures.at_ms[own] for own in rows]
    kept = 1.0 - (0.0 if plan.is_deterministic else services.cancelled_share)
    hours = (plan.span.end_ms - plan.span.measure_ms) / MS_PER_HOUR
    headway, first, square = _columns(3, (_residuals(plan.span, t) for t in at_ms))
    count = np.array([_count(plan.span, times) for times in at_ms], dtype=np.float64)
    late = _columns(2, (_lateness(plan, v) for v in range(len(rows))))
    slowness = np.array([_slowness(departures, own) for own in rows])
    free = _columns(2, (_free(plan, v, slow) for v, slow in enumerate(slowness)))
    lines = use_of_lines(plan, count * kept / hours, slowness)
    shut = [_shut(plan, closures, v, slow) for v, slow in enumerate(slowness)]
    shut_h, shut_h2 = _columns(2, shut)
    return Rides(
        count=count * kept,
        active_h=np.minimum(headway * count, hours),
        headway_h=headway / kept,
        first_h=first * (2.0 - kept) / kept,
        first_h2=square * (kept * kept - 6.0 * kept + 6.0) / (kept * kept),
        cutoff_h=services.cutoff_ms / MS_PER_HOUR,
        late_h=late[0],
        late_h2=late[1],
        free_h=free[0],
        free_h2=free[1],
        lost_h=lines.lost_h + shut_h,
        lost_h2=lines.lost_h**2 + shut_h2,
        lines=lines,
    )


def _columns(count: int, rows: Iterable[tuple[float, ...]]) -> Floats:
    """So many columns of rows; of no rows, empty ones."""
    return np.array(list(rows), dtype=np.float64).reshape(-1, count).T


def _gaps(span: Span, at_ms: Ints) -> Floats:
    """Hours between the departures that serve the measured year."""
    first = max(int(np.searchsorted(at_ms, span.measure_ms)) - 1, 0)
    last = int(np.searchsorted(at_ms, span.end_ms)) + 1
    found: Floats = np.diff(at_ms[first:last]) / MS_PER_HOUR
    return found


def _count(span: Span, at_ms: Ints) -> int:
    """Departures planned in the measured year."""
    first, end = np.searchsorted(at_ms, [span.measure_ms, span.end_ms])
    return int(end - first)


def _residuals(span: Span, at_ms: Ints) -> tuple[float, float, float]:
    """Mean gap, mean and mean square of the time from any instant to the next."""
    gaps = _gaps(span, at_ms)
    total = float(gaps.sum())
    if total == 0.0:
        return 0.0, 0.0, 0.0
    mean, square = float((gaps**2).sum()) / 2.0, float((gaps**3).sum()) / 3.0
    return total / len(gaps), mean / total, square / total


def _lateness(plan: Plan, v: int) -> Moments:
    late = plan.services.lateness[v]
    if late is None:
        return 0.0, 0.0
    return moments(late, is_deterministic=plan.is_deterministic)


def _slowness(departures: Departures, rows: Ints) -> float:
    return float(departures.slowness[rows].mean()) if len(rows) > 0 else 1.0


def _free(plan: Plan, v: int, slowness: float) -> Moments:
    """A run with nobody in the way."""
    mean = variance = 0.0
    for timing in _timings(plan, v):
        m, var = moments(timing, is_deterministic=plan.is_deterministic)
        factor = slowness if isinstance(timing, SectionRun) else 1.0
        mean, variance = mean + factor * m, variance + factor * factor * var
    return mean, variance


def _timings(plan: Plan, v: int) -> Iterator[Timing]:
    chain, steps = int(plan.services.chain[v]), plan.steps
    for s in range(*plan.chains.begin[chain : chain + 2].tolist()):
        if steps.act[s] in (Act.TRAVEL, Act.SERVE, Act.RUN):
            count = max(1, abs(int(steps.last[s] - steps.first[s])))
            for k in range(int(steps.slot[s]), int(steps.slot[s]) + count):
                yield plan.services.streams[v][k].timing


def _shut(plan: Plan, closures: Closures, v: int, slowness: float) -> Moments:
    """Mean and mean square of the time lost before shut lines, links and berths.

    Nightly possessions stretch a run over a line by the share of the day they take;
    whatever else is shut delays those who come meanwhile.
    """
    chain, steps = int(plan.services.chain[v]), plan.steps
    mean = square = 0.0
    for s in range(*plan.chains.begin[chain : chain + 2].tolist()):
        r, act = int(steps.resource[s]), steps.act[s]
        rows = slice(*closures.begin[r : r + 2].tolist())
        is_shut = closures.kept_share[rows] == 0.0
        if act == Act.RUN:
            is_shut = is_shut & ~closures.is_daily[rows]
            mean += _run_hours(plan, v, s, slowness) * _possession(closures, r)
        if act in (Act.RUN, Act.TRAVEL, Act.SERVE):
            mean += float(closures.mean_h[rows][is_shut].sum())
            square += float(closures.square_h2[rows][is_shut].sum())
    return mean, square


def _run_hours(plan: Plan, v: int, s: int, slowness: float) -> float:
    count = abs(int(plan.steps.last[s] - plan.steps.first[s]))
    first = int(plan.steps.slot[s])
    streams = plan.services.streams[v][first : first + count]
    means = [
        moments(stream.timing, is_deterministic=plan.is_deterministic)[0]
        for stream in streams
    ]
    return slowness * float(np.sum(means))


def _possession(closures: Closures, r: int) -> float:
    """Closed hours for every open one."""
    share = float(closures.open_share[r])
    return (1.0 - share) / share if share > 0.0 else 0.0
