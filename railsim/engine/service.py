"""`EventLog` -> `Service`: times, waits, loads and the use of every resource.

Lots count when they were created in the measured year; resources are watched during
it. Hours everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.joins import time_of
from railsim.engine.log import Cause, Event, EventLog
from railsim.engine.use import (
    ResourceUse,
    SectionUse,
    measure_resources,
    measure_sections,
)
from railsim.units import MS_PER_DAY, MS_PER_HOUR

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class RouteService:
    """Per chain: what its lots met. Times are weighted by TEU, `lot_*` by lots.

    `quantiles_h` has a row a chain and a column for each of `QUANTILES`; chains without
    deliveries have NaN times.
    """

    lots: Ints
    teu: Ints
    kg: Ints
    undelivered: Ints
    lost: Ints
    mean_h: Floats
    sd_h: Floats
    lot_mean_h: Floats
    lot_sd_h: Floats
    quantiles_h: Floats


@dataclass(frozen=True, slots=True)
class StepService:
    """Per step: lots that visited it, their waits and times, hours since creation.

    `waited_days` counts TEU by whole days (rounded up) of waiting for a departure.
    """

    visits: Ints
    wait_h: Floats
    time_h: Floats
    elapsed_p10_h: Floats
    elapsed_p90_h: Floats
    waited_days: Ints


@dataclass(frozen=True, slots=True)
class DepartureService:
    """Per service and direction: departures, what they carried, hours on the way."""

    run: Ints
    cancelled: Ints
    teu: Ints
    kg: Ints
    slots: Ints
    run_h: Floats


@dataclass(frozen=True, slots=True)
class Service:
    """What one simulated year offered."""

    routes: RouteService
    steps: StepService
    departures: DepartureService
    resources: ResourceUse
    sections: SectionUse


def measure(plan: Plan, draws: Draws, log: EventLog) -> Service:
    """Read a log. Pure; nothing of the log is kept."""
    return Service(
        routes=_measure_routes(plan, draws, log),
        steps=_measure_steps(plan, draws, log),
        departures=_measure_departures(plan, draws, log),
        resources=measure_resources(plan, draws, log),
        sections=measure_sections(plan, log),
    )


def _is_measured(plan: Plan, draws: Draws) -> NDArray[np.bool_]:
    arrival = draws.lots.arrival_ms
    return (arrival >= plan.span.measure_ms) & (arrival < plan.span.end_ms)


def _rows(log: EventLog, *events: Event) -> NDArray[np.bool_]:
    return np.isin(log.event, np.array(events, dtype=np.int8))


def final_chain(log: EventLog) -> Ints:
    """The chain each lot ended on (or is on); -1 for a lot that found none."""
    rows = _rows(log, Event.CHOSE, Event.REROUTED)
    chain = np.full(log.lot_count, -1, dtype=np.int64)
    chain[log.unit[rows]] = log.value[rows]
    return chain


def _measure_routes(plan: Plan, draws: Draws, log: EventLog) -> RouteService:
    count = len(plan.chains.route)
    chain = final_chain(log)
    measured = _is_measured(plan, draws) & (chain >= 0)
    delivered_ms = np.full(log.lot_count, -1, dtype=np.int64)
    rows = _rows(log, Event.DELIVERED)
    delivered_ms[log.unit[rows]] = log.at_ms[rows]
    lost = np.zeros(log.lot_count, dtype=np.bool_)
    lost[log.unit[_rows(log, Event.LOST)]] = True
    is_done = measured & (delivered_ms >= 0)
    hours = (delivered_ms - draws.lots.arrival_ms) / MS_PER_HOUR
    mean, sd, quantiles = _by_chain(
        chain[is_done], hours[is_done], draws.lots.teu[is_done], count
    )
    lot_mean, lot_sd, _ = _by_chain(
        chain[is_done], hours[is_done], np.ones(int(is_done.sum())), count
    )

    def counted(mask: NDArray[np.bool_], weight: Ints | None = None) -> Ints:
        weights = None if weight is None else weight[mask]
        return np.bincount(chain[mask], weights, count).astype(np.int64)

    return RouteService(
        lots=counted(measured),
        teu=counted(measured, draws.lots.teu),
        kg=counted(measured, draws.lots.kg),
        undelivered=counted(measured & (delivered_ms < 0) & ~lost),
        lost=counted(measured & lost),
        mean_h=mean,
        sd_h=sd,
        lot_mean_h=lot_mean,
        lot_sd_h=lot_sd,
        quantiles_h=quantiles,
    )


def _by_chain(
    chain: Ints, hours: Floats, weight: NDArray[np.generic], count: int
) -> tuple[Floats, Floats, Floats]:
    """Weighted mean, deviation and quantiles of times per chain; NaN where none."""
    mean, sd = np.full(count, np.nan), np.full(count, np.nan)
    quantiles = np.full((count, len(QUANTILES)), np.nan)
    order = np.argsort(chain, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(chain[order])) + 1):
        if len(group) == 0:
            continue
        c, times, w = chain[group[0]], hours[group], weight[group].astype(np.float64)
        total = w.sum()
        mean[c] = (times * w).sum() / total
        sd[c] = np.sqrt(((times - mean[c]) ** 2 * w).sum() / total)
        quantiles[c] = _weighted_quantiles(times, w)
    return mean, sd, quantiles


def _weighted_quantiles(times: Floats, weight: Floats) -> Floats:
    order = np.argsort(times, kind="stable")
    reached = np.cumsum(weight[order])
    position = np.searchsorted(reached, np.array(QUANTILES) * reached[-1] - 1e-9)
    found: Floats = times[order][np.minimum(position, len(times) - 1)]
    return found


def _measure_steps(plan: Plan, draws: Draws, log: EventLog) -> StepService:
    """Pair what lots asked with what they got; a lot visits a step at most once."""
    count = len(plan.steps.act)
    is_lot = (log.unit >= 0) & (log.unit < log.lot_count)
    measured = np.zeros(log.lot_count, dtype=np.bool_)
    measured[:] = _is_measured(plan, draws)
    is_lot[is_lot] = measured[log.unit[is_lot]]
    asked = _Column.read(log, is_lot, Event.WAIT)
    began = _Column.read(log, is_lot, Event.START)
    ended = _Column.read(log, is_lot, Event.END)
    taken = _Column.of_resource(log, is_lot, Event.TAKE)
    boarded = _Column.of_resource(log, is_lot, Event.BOARD)
    wait_ms, step_of_wait, unit_of_wait = _waits(asked, began, taken, boarded)
    wait_h = np.bincount(step_of_wait, wait_ms / MS_PER_HOUR, count)
    time_ms = ended.at_ms - _entered(ended, asked, began)
    time_h = np.bincount(ended.step, time_ms / MS_PER_HOUR, count)
    is_take = np.isin(step_of_wait, ended.step, invert=True)
    time_h += np.bincount(step_of_wait[is_take], wait_ms[is_take] / MS_PER_HOUR, count)
    elapsed = (ended.at_ms - draws.lots.arrival_ms[ended.unit]) / MS_PER_HOUR
    p10, p90 = _elapsed_quantiles(ended.step, elapsed, count)
    visits = np.maximum(
        np.bincount(ended.step, minlength=count),
        np.bincount(step_of_wait, minlength=count),
    )
    return StepService(
        visits=visits,
        wait_h=np.asarray(wait_h, dtype=np.float64),
        time_h=np.asarray(time_h, dtype=np.float64),
        elapsed_p10_h=p10,
        elapsed_p90_h=p90,
        waited_days=_waited_days(
            step_of_wait, wait_ms, draws.lots.teu[unit_of_wait], count
        ),
    )


@dataclass(frozen=True, slots=True)
class _Column:
    """Rows of one event: who, where, when; `key` identifies the visit."""

    unit: Ints
    resource: Ints
    step: Ints
    at_ms: Ints

    @classmethod
    def read(cls, log: EventLog, mask: NDArray[np.bool_], event: Event) -> _Column:
        """Rows whose value is a step."""
        rows = np.flatnonzero(mask & (log.event == event))
        return cls(
            log.unit[rows].astype(np.int64),
            log.resource[rows].astype(np.int64),
            log.value[rows].astype(np.int64),
            log.at_ms[rows],
        )

    @classmethod
    def of_resource(
        cls, log: EventLog, mask: NDArray[np.bool_], event: Event
    ) -> _Column:
        """Rows known by their resource; the step is not theirs to say."""
        column = cls.read(log, mask, event)
        return cls(column.unit, column.resource, column.resource, column.at_ms)


def _waits(
    asked: _Column, began: _Column, taken: _Column, boarded: _Column
) -> tuple[Ints, Ints, Ints]:
    """Wait of every request that was granted: ms, its step, its unit."""
    by_step = time_of(asked.unit, asked.step, began.unit, began.step, began.at_ms)
    by_resource = [
        time_of(asked.unit, asked.resource, other.unit, other.resource, other.at_ms)
        for other in (taken, boarded)
    ]
    at_ms = np.max(np.stack([by_step, *by_resource]), axis=0)
    is_granted = at_ms >= 0
    return (
        (at_ms - asked.at_ms)[is_granted],
        asked.step[is_granted],
        asked.unit[is_granted],
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


def _waited_days(step: Ints, wait_ms: Ints, teu: Ints, count: int) -> Ints:
    days = np.minimum(-(-wait_ms // MS_PER_DAY), MOST_DAYS)
    flat = np.bincount(step * (MOST_DAYS + 1) + days, teu, count * (MOST_DAYS + 1))
    return flat.astype(np.int64).reshape(count, MOST_DAYS + 1)


def _measure_departures(plan: Plan, draws: Draws, log: EventLog) -> DepartureService:
    services = plan.services
    count = len(services.resource)
    window = (log.at_ms >= plan.span.measure_ms) & (log.at_ms < plan.span.end_ms)
    service_of = services.vehicle_service

    def tally(rows: NDArray[np.bool_], weight: Ints | None = None) -> Ints:
        which = service_of[log.unit[rows] - log.lot_count]
        return np.bincount(which, weight, count).astype(np.int64)

    left = window & _rows(log, Event.DEPART)
    called_off = window & _rows(log, Event.CANCELLED)
    carried = window & _rows(log, Event.BOARD, Event.PART)
    vehicle = log.value[carried] - log.lot_count
    flow = draws.lots.flow[log.unit[carried]]
    teu = log.amount[carried].astype(np.int64)
    kg = teu * plan.flows.kg_per_teu[flow]
    slots = np.where(plan.flows.is_bulk[flow], 0, teu)
    return DepartureService(
        run=tally(left),
        cancelled=np.stack(
            [tally(called_off & (log.value == cause)) for cause in Cause], axis=1
        ),
        teu=np.bincount(service_of[vehicle], teu, count).astype(np.int64),
        kg=np.bincount(service_of[vehicle], kg, count).astype(np.int64),
        slots=np.bincount(service_of[vehicle], slots, count).astype(np.int64),
        run_h=_run_hours(plan, log, left, count),
    )


def _run_hours(
    plan: Plan, log: EventLog, left: NDArray[np.bool_], count: int
) -> Floats:
    """Mean time from departure to arrival; NaN for a service that never arrived."""
    arrived = log.event == Event.ARRIVE
    unit, once = log.unit[left].astype(np.int64), np.zeros(int(left.sum()), np.int64)
    other = log.unit[arrived].astype(np.int64)
    end_ms = time_of(unit, once, other, np.zeros_like(other), log.at_ms[arrived])
    is_done = end_ms >= 0
    hours = (end_ms - log.at_ms[left])[is_done] / MS_PER_HOUR
    which = plan.services.vehicle_service[unit[is_done] - log.lot_count]
    runs = np.bincount(which, minlength=count)
    total = np.bincount(which, hours, count)
    return np.where(runs > 0, total / np.maximum(runs, 1), np.nan)
