"""Times and waits of lots, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import Event, EventLog
from railsim.engine.measuring.joins import granted_at, time_of
from railsim.units import MS_PER_DAY, MS_PER_HOUR

MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class StepService:
    """Per step: lots that visited it, their waits and times, hours since creation.

    `wait_h` and `time_h` are TEU-hours, so that the steps of a route add up to its
    mean time, which is weighted by TEU.

    `waited_days` counts TEU by whole days (rounded up) of waiting for a departure.
    """

    visits: Ints | Floats
    wait_h: Floats
    time_h: Floats
    elapsed_p10_h: Floats
    elapsed_p90_h: Floats
    waited_days: Ints | Floats


def measure_steps(
    plan: Plan, draws: Draws, log: EventLog, measured: Flags
) -> StepService:
    """Pair what lots asked with what they got; a lot visits a step at most once.

    `measured[lot]` tells which lots count.
    """
    count, teu = len(plan.steps.act), draws.lots.teu
    is_lot = (log.unit >= 0) & (log.unit < log.lot_count)
    is_lot[is_lot] = measured[log.unit[is_lot]]
    asked = _Column.read(log, is_lot, Event.WAIT)
    began = _Column.read(log, is_lot, Event.START)
    ended = _Column.read(log, is_lot, Event.END)
    waits = _read_waits(log, is_lot, asked, began)
    elapsed = (ended.at_ms - draws.lots.arrival_ms[ended.unit]) / MS_PER_HOUR
    p10, p90 = _elapsed_quantiles(ended.step, elapsed, count)
    visits = np.maximum(
        np.bincount(ended.step, minlength=count),
        np.bincount(waits.step, minlength=count),
    )
    return StepService(
        visits=visits,
        wait_h=_teu_hours(waits.step, waits.ms, teu[waits.unit], count),
        time_h=_time_by_step(ended, asked, began, waits, teu, count),
        elapsed_p10_h=p10,
        elapsed_p90_h=p90,
        waited_days=_waited_days(waits, teu, count),
    )


@dataclass(frozen=True, slots=True)
class _Waits:
    """Every request that was granted: how long, at which step, by whom."""

    ms: Ints
    step: Ints
    unit: Ints


def _teu_hours(step: Ints, ms: Ints, teu: Ints, count: int) -> Floats:
    hours = np.bincount(step, ms / MS_PER_HOUR * teu, count)
    return np.asarray(hours, dtype=np.float64)


def _time_by_step(
    ended: _Column, asked: _Column, began: _Column, waits: _Waits, teu: Ints, count: int
) -> Floats:
    """Time at each step, wait included; taking a token is all wait."""
    ms = ended.at_ms - _entered(ended, asked, began)
    has_end = np.zeros(count, dtype=np.bool_)
    has_end[ended.step] = True
    is_take = ~has_end[waits.step]
    return _teu_hours(ended.step, ms, teu[ended.unit], count) + _teu_hours(
        waits.step[is_take], waits.ms[is_take], teu[waits.unit[is_take]], count
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """Rows of one event: who, where, when; `key` identifies the visit."""

    unit: Ints
    resource: Ints
    step: Ints
    at_ms: Ints

    @classmethod
    def read(cls, log: EventLog, mask: Flags, event: Event) -> _Column:
        """Rows whose value is a step."""
        rows = np.flatnonzero(mask & (log.event == event))
        return cls(
            log.unit[rows].astype(np.int64),
            log.resource[rows].astype(np.int64),
            log.value[rows].astype(np.int64),
            log.at_ms[rows],
        )

    @classmethod
    def of_resource(cls, log: EventLog, mask: Flags, event: Event) -> _Column:
        """Rows known by their resource; the step is not theirs to say."""
        column = cls.read(log, mask, event)
        return cls(column.unit, column.resource, column.resource, column.at_ms)


def _read_waits(log: EventLog, is_lot: Flags, asked: _Column, began: _Column) -> _Waits:
    """Requests joined with service begun, tokens taken or vehicle boarded."""
    by_step = time_of(asked.unit, asked.step, began.unit, began.step, began.at_ms)
    others = (
        _Column.of_resource(log, is_lot, event) for event in (Event.TAKE, Event.BOARD)
    )
    by_resource = [
        granted_at(
            asked.unit,
            asked.resource,
            asked.at_ms,
            other.unit,
            other.resource,
            other.at_ms,
        )
        for other in others
    ]
    at_ms = np.max(np.stack([by_step, *by_resource]), axis=0)
    is_granted = at_ms >= 0
    return _Waits(
        ms=(at_ms - asked.at_ms)[is_granted],
        step=asked.step[is_granted],
        unit=asked.unit[is_granted],
    )


def _entered(ended: _Column, asked: _Column, began: _Column) -> Ints:
    """When each finished step was entered: asked for, or begun without asking."""
    requests = time_of(ended.unit, ended.step, asked.unit, asked.step, asked.at_ms)
    starts = time_of(ended.unit, ended.step, began.unit, began.step, began.at_ms)
    return np.where(requests >= 0, requests, starts)


def _elapsed_quantiles(step: Ints, hours: Floats, count: int) -> tuple[Floats, Floats]:
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    order = np.argsort(step, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(step[order])) + 1):
        if len(group):
            s = step[group[0]]
            low[s], high[s] = np.quantile(hours[group], [0.1, 0.9])
    return low, high


def _waited_days(waits: _Waits, teu: Ints, count: int) -> Ints:
    days = np.minimum(-(-waits.ms // MS_PER_DAY), MOST_DAYS)
    cell = waits.step * (MOST_DAYS + 1) + days
    flat = np.bincount(cell, teu[waits.unit], count * (MOST_DAYS + 1))
    return flat.astype(np.int64).reshape(count, MOST_DAYS + 1)
