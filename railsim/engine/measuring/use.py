"""How much every resource was used, waited for and closed in the measured year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats, Ints, floats, ints
from railsim.corridor.tables import Plan, Word
from railsim.engine.draws import Draws
from railsim.engine.log import Event, EventLog
from railsim.engine.measuring.joins import NONE, occurrence, time_of
from railsim.units import MS_PER_HOUR

GRANTS = {
    Word.TRAVEL: Event.START,
    Word.STATION: Event.START,
    Word.DEPARTURE: Event.BOARD,
    Word.LINE: Event.ENTER,
    Word.POOL: Event.TAKE,
}


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """Per resource, in the measured year; waits of requests made in it, in hours.

    `utilisation` is busy over open server-hours (stations, whole fleets; else NaN);
    `closed_wait_h` is the part of the mean wait spent before a closed door.
    """

    units: Ints | Floats
    trucks: Ints | Floats
    wait_mean_h: Floats
    wait_p95_h: Floats
    closed_wait_h: Floats
    queue_mean: Floats
    queue_max: Ints | Floats
    open_h: Floats
    utilisation: Floats


def measure_resources(plan: Plan, draws: Draws, log: EventLog) -> ResourceUse:
    """Pair requests with grants, starts with ends, resource by resource."""
    count = len(plan.resources.names)
    narrow = np.int16 if count < 2**15 else np.int32  # short keys sort faster
    order = np.argsort(log.resource.astype(narrow), kind="stable")
    order = order[np.searchsorted(log.resource[order], 0) :]
    resource = log.resource[order]
    edges = np.searchsorted(resource, np.arange(count + 1))
    rows = [
        _measure_one(plan, log, r, order[edges[r] : edges[r + 1]]) for r in range(count)
    ]
    columns = list(zip(*rows, strict=True))
    busy_h, open_h = _by_fleet(plan, columns[7]), _by_fleet(plan, columns[6])
    return ResourceUse(
        units=ints(columns[0]),
        trucks=_trucks(plan, draws, log),
        wait_mean_h=floats(columns[1]),
        wait_p95_h=floats(columns[2]),
        closed_wait_h=floats(columns[3]),
        queue_mean=floats(columns[4]),
        queue_max=ints(columns[5]),
        open_h=floats(columns[6]),
        utilisation=_ratio(busy_h, open_h),
    )


def _measure_one(
    plan: Plan, log: EventLog, r: int, rows: NDArray[np.int64]
) -> tuple[float, ...]:
    begin, end = plan.span.measure_ms, plan.span.end_ms
    word = Word(plan.resources.word[r])
    clock = _Capacity.read(plan, log, r, rows)
    asked, granted = _pairs(log, rows, Event.WAIT, GRANTS[word])
    inside = (asked >= begin) & (asked < end)
    wait = (granted - asked)[inside] / MS_PER_HOUR
    shut = (clock.closed_ms(granted) - clock.closed_ms(asked))[inside] / MS_PER_HOUR
    queue_mean, queue_max = _queue(asked, granted, begin, end)
    open_h = clock.open_server_hours(begin, end)
    busy_h = _busy_hours(log, rows, word, begin, end)
    at_ms = log.at_ms[rows][log.event[rows] == GRANTS[word]]
    units = int(np.count_nonzero((at_ms >= begin) & (at_ms < end)))
    return (
        units,
        float(wait.mean()) if len(wait) else 0.0,
        float(np.quantile(wait, 0.95)) if len(wait) else 0.0,
        float(shut.mean()) if len(shut) else 0.0,
        queue_mean,
        queue_max,
        open_h,
        busy_h,
    )


def _trucks(plan: Plan, draws: Draws, log: EventLog) -> Ints:
    """Trucks that the lots served in the measured year fill, per resource."""
    inside = (log.at_ms >= plan.span.measure_ms) & (log.at_ms < plan.span.end_ms)
    rows = inside & (log.event == Event.START) & (log.unit < log.lot_count)
    trucks = draws.lots.trucks[log.unit[rows]]
    count = len(plan.resources.names)
    return np.bincount(log.resource[rows], trucks, count).astype(np.int64)


def _by_fleet(plan: Plan, hours: tuple[float, ...]) -> Floats:
    """Hours of a fleet over all its places stand at each of its pools."""
    fleets = [name.partition("@")[0] for name in plan.resources.names]
    total: dict[str, float] = {}
    for fleet, h in zip(fleets, hours, strict=True):
        total[fleet] = total.get(fleet, 0.0) + h
    return np.array([total[fleet] for fleet in fleets], dtype=np.float64)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)


def _pairs(
    log: EventLog, rows: NDArray[np.int64], first: Event, second: Event
) -> tuple[Ints, Ints]:
    """Times of the k-th `first` and the k-th `second` of each unit at a resource.

    A unit still without its second is left out.
    """
    event = log.event[rows]
    asked, granted = rows[event == first], rows[event == second]
    unit, other = log.unit[asked].astype(np.int64), log.unit[granted].astype(np.int64)
    at_ms = time_of(
        unit, occurrence(unit), other, occurrence(other), log.at_ms[granted]
    )
    return log.at_ms[asked][at_ms != NONE], at_ms[at_ms != NONE]


def _queue(asked: Ints, granted: Ints, begin: int, end: int) -> tuple[float, int]:
    """Time average and maximum of the queue in a window; instant grants do not wait."""
    waits = granted > asked
    asked, granted = asked[waits], granted[waits]
    total = np.clip(granted, begin, end) - np.clip(asked, begin, end)
    times = np.concatenate([granted, asked])
    delta = np.concatenate([-np.ones(len(granted)), np.ones(len(asked))])
    order = np.argsort(times, kind="stable")
    level = np.cumsum(delta[order])
    inside = level[(times[order] >= begin) & (times[order] < end)]
    highest = int(inside.max()) if len(inside) else 0
    return float(total.sum()) / (end - begin), max(highest, 0)


def _busy_hours(
    log: EventLog, rows: NDArray[np.int64], word: Word, begin: int, end: int
) -> float:
    if word == Word.STATION:
        starts, ends = _pairs(log, rows, Event.START, Event.END)
        overlap = np.clip(ends, begin, end) - np.clip(starts, begin, end)
        return float(overlap.sum()) / MS_PER_HOUR
    if word != Word.POOL:
        return float("nan")
    event, at_ms = log.event[rows], np.clip(log.at_ms[rows], begin, end)
    amount = log.amount[rows].astype(np.float64)
    out = amount * (end - at_ms)
    taken = out[event == Event.TAKE].sum() - out[event == Event.GIVE].sum()
    return float(taken) / MS_PER_HOUR


@dataclass(frozen=True, slots=True)
class _Capacity:
    """Capacity over time as a step function."""

    at_ms: Ints
    level: Ints

    @classmethod
    def read(
        cls, plan: Plan, log: EventLog, r: int, rows: NDArray[np.int64]
    ) -> _Capacity:
        changed = rows[log.event[rows] == Event.CAPACITY]
        return cls(
            np.concatenate([[plan.span.begin_ms], log.at_ms[changed]]),
            np.concatenate([[plan.resources.capacity[r]], log.amount[changed]]),
        )

    def open_server_hours(self, begin: int, end: int) -> float:
        edges = np.clip(np.concatenate([self.at_ms, [end]]), begin, end)
        return float((np.diff(edges) * self.level).sum()) / MS_PER_HOUR

    def closed_ms(self, at_ms: Ints) -> Ints:
        """Closed time from the beginning to each instant."""
        lengths = np.diff(self.at_ms, append=self.at_ms[-1])
        reached = np.concatenate([[0], np.cumsum(lengths * (self.level == 0))])
        i = np.maximum(np.searchsorted(self.at_ms, at_ms, side="right") - 1, 0)
        since = np.where(self.level[i] == 0, at_ms - self.at_ms[i], 0)
        return np.asarray(reached[i] + since, dtype=np.int64)
