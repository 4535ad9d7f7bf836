"""Queues, use and openings of resources, day by day.

All are step functions of time. A step of weight w at an instant adds w times the rest
of its day to that day and w to every later day, so integrals need no order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.tables import Plan, Word
from railsim.engine.diary.happened import Happened
from railsim.engine.diary.records import Days
from railsim.engine.log import BOARD, CAPACITY, END, START, WAIT
from railsim.units import MS_PER_DAY


@dataclass(frozen=True, slots=True)
class _Grid:
    """Resources and days: the place of an instant in them."""

    rows: int
    days: int
    begin_ms: int

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows, self.days

    def place(self, row: Ints, at_ms: Ints) -> Ints:
        """What is earlier counts as the first day, what is later as one day more."""
        day = (at_ms - self.begin_ms) // MS_PER_DAY
        places: Ints = row * (self.days + 1) + np.clip(day, 0, self.days)
        return places

    def add(self, places: Ints, weight: Ints | Floats | None = None) -> Floats:
        """Weights by place; what is later than the year is left out."""
        size = self.rows * (self.days + 1)
        added = np.bincount(places, weight, minlength=size).astype(np.float64)
        return added.reshape(self.rows, self.days + 1)[:, :-1]

    def levels(self, row: Ints, at_ms: Ints, step: Ints) -> Floats:
        """The level at the beginning of every day, steps before the year included."""
        is_before = at_ms <= self.begin_ms
        first = np.bincount(row[is_before], step[is_before], minlength=self.rows)
        later = self.add(self.place(row, at_ms)[~is_before], step[~is_before])
        levels = np.cumsum(later, axis=1) - later
        return levels + first[:, None]

    def integral_ms(self, row: Ints, at_ms: Ints, step: Ints) -> Floats:
        """Level times time, day by day."""
        inside = at_ms > self.begin_ms
        rest_ms = MS_PER_DAY - (at_ms - self.begin_ms) % MS_PER_DAY
        partly = self.add(
            self.place(row, at_ms)[inside], (step * rest_ms.astype(np.float64))[inside]
        )
        return self.levels(row, at_ms, step) * MS_PER_DAY + partly


def count_days(plan: Plan, resources: Ints, log: Happened) -> Days:
    """What happened at these resources on every day of the measured year."""
    span = plan.span
    grid = _Grid(
        len(resources), (span.end_ms - span.measure_ms) // MS_PER_DAY, span.measure_ms
    )
    row_of = np.zeros(len(plan.resources.names), dtype=np.int64)
    row_of[resources] = np.arange(len(resources))
    row = row_of[log.resource]
    is_let_in = _is_let_in(log)
    came = is_let_in & (log.at_ms >= span.measure_ms)
    queue = _queue_steps(row, log, is_let_in)
    return Days(
        resource=resources,
        units=grid.add(grid.place(row[came], log.at_ms[came])).astype(np.int64),
        queue_mean=grid.integral_ms(*queue) / MS_PER_DAY,
        queue_max=_longest(grid, *queue),
        utilisation=_use(plan, resources, grid, row, log),
    )


def _is_let_in(log: Happened) -> Flags:
    flags: Flags = (log.event == START) | (log.event == BOARD)
    return flags


def _queue_steps(row: Ints, log: Happened, is_let_in: Flags) -> tuple[Ints, Ints, Ints]:
    """Resource, instant and +-1 of every wait that ended, in the order of time.

    A unit that asks again before it is let in has waited since it asked first.
    """
    asks = np.flatnonzero(is_let_in | (log.event == WAIT))
    asks = asks[np.lexsort((log.unit[asks], row[asks]))]  # stable: then by time
    is_wait = log.event[asks] == WAIT
    is_new = np.ones(len(asks), dtype=np.bool_)
    is_new[1:] = (np.diff(row[asks]) != 0) | (np.diff(log.unit[asks]) != 0)
    is_first = is_wait & (is_new | ~np.roll(is_wait, 1))
    places = np.arange(len(asks))
    end = len(asks)
    group_end = _next(places, np.roll(is_new, -1), end)
    answer = _next(places, ~is_wait, end)
    first = np.flatnonzero(is_first)
    first = first[answer[first] <= group_end[first]]
    begin, let_in = asks[first], asks[answer[first]]
    has_waited = log.at_ms[let_in] > log.at_ms[begin]
    rows = np.concatenate([let_in[has_waited], begin[has_waited]])
    step = np.repeat(np.array([-1, 1]), np.count_nonzero(has_waited))
    order = np.lexsort((step, log.at_ms[rows], row[rows]))  # who leaves goes first
    rows = rows[order]
    return row[rows], log.at_ms[rows], step[order]


def _next(places: Ints, is_one: Flags, end: int) -> Ints:
    """The first place from here on that is one; `end` if there is none."""
    marked = np.where(is_one, places, end)
    following: Ints = np.minimum.accumulate(marked[::-1])[::-1]
    return following


def _longest(grid: _Grid, row: Ints, at_ms: Ints, step: Ints) -> Ints:
    """The longest queue of every day, steps in the order of time."""
    longest = grid.levels(row, at_ms, step).astype(np.int64)
    level = np.cumsum(step)  # every resource ends with nobody waiting
    inside = (at_ms > grid.begin_ms) & (at_ms < grid.begin_ms + grid.days * MS_PER_DAY)
    day = (at_ms[inside] - grid.begin_ms) // MS_PER_DAY
    np.maximum.at(longest, (row[inside], day), level[inside])
    return longest


def _use(plan: Plan, resources: Ints, grid: _Grid, row: Ints, log: Happened) -> Floats:
    """Servers in service over servers that are open; NaN for what has none."""
    is_station = plan.resources.word[resources] == Word.STATION
    serving = (log.event == START) | (log.event == END)
    step = np.where(log.event[serving] == START, 1, -1)
    busy_ms = grid.integral_ms(row[serving], log.at_ms[serving], step)
    open_ms = grid.integral_ms(*_capacity_steps(plan, resources, row, log))
    with np.errstate(divide="ignore", invalid="ignore"):
        use = np.where(open_ms > 0, busy_ms / open_ms, np.nan)
    return np.where(is_station[:, None], use, np.nan)


def _capacity_steps(
    plan: Plan, resources: Ints, row: Ints, log: Happened
) -> tuple[Ints, Ints, Ints]:
    """By how much the capacity of every resource changes, from its first one on."""
    changed = np.flatnonzero(log.event == CAPACITY)
    changed = changed[np.argsort(row[changed], kind="stable")]
    count = len(resources)
    rows = np.concatenate([np.arange(count), row[changed]])
    at_ms = np.concatenate([np.full(count, plan.span.begin_ms), log.at_ms[changed]])
    level = np.concatenate([plan.resources.capacity[resources], log.amount[changed]])
    order = np.argsort(rows, kind="stable")
    rows, at_ms, level = rows[order], at_ms[order], level[order]
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = np.diff(rows) != 0
    step = level - np.where(is_first, 0, np.roll(level, 1))
    return rows, at_ms, step
