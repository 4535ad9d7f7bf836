"""`EventLog` -> `Service`: times, waits, loads and the use of every resource.

Lots count when they were created in the measured year; resources are watched during
it. Hours everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import Cause, Event, EventLog
from railsim.engine.measuring.joins import time_of
from railsim.engine.measuring.sections import SectionUse, measure_sections
from railsim.engine.measuring.steps import StepService, measure_steps
from railsim.engine.measuring.use import ResourceUse, measure_resources
from railsim.units import MS_PER_HOUR

QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True, slots=True)
class RouteService:
    """Per chain: what its lots met. Times are weighted by TEU, `lot_*` by lots.

    Amounts are counted by the event fidelity and expected by the analytic one.

    `quantiles_h` has a row a chain and a column for each of `QUANTILES`; chains without
    deliveries have NaN times.
    """

    lots: Ints | Floats
    teu: Ints | Floats
    kg: Ints | Floats
    undelivered: Ints
    lost: Ints
    mean_h: Floats
    sd_h: Floats
    lot_mean_h: Floats
    lot_sd_h: Floats
    quantiles_h: Floats


@dataclass(frozen=True, slots=True)
class DepartureService:
    """Per service and direction: departures, what they carried, hours on the way."""

    run: Ints
    cancelled: Ints
    teu: Ints | Floats
    kg: Ints | Floats
    slots: Ints | Floats
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
        steps=measure_steps(plan, draws, log, _is_measured(plan, draws)),
        departures=_measure_departures(plan, draws, log),
        resources=measure_resources(plan, draws, log),
        sections=measure_sections(plan, log),
    )


def _is_measured(plan: Plan, draws: Draws) -> Flags:
    arrival = draws.lots.arrival_ms
    return (arrival >= plan.span.measure_ms) & (arrival < plan.span.end_ms)


def _rows(log: EventLog, *events: Event) -> Flags:
    is_wanted = np.zeros(len(Event), dtype=np.bool_)
    is_wanted[list(events)] = True
    found: Flags = is_wanted[log.event]
    return found


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
    delivered_ms = _delivered_ms(log)
    lost = np.zeros(log.lot_count, dtype=np.bool_)
    lost[log.unit[_rows(log, Event.LOST)]] = True
    is_done = measured & (delivered_ms >= 0)
    hours = ((delivered_ms - draws.lots.arrival_ms) / MS_PER_HOUR)[is_done]
    by_teu = _by_chain(chain[is_done], hours, draws.lots.teu[is_done], count)
    by_lot = _by_chain(chain[is_done], hours, np.ones_like(hours), count)

    def counted(mask: Flags, weight: Ints | None = None) -> Ints:
        weights = None if weight is None else weight[mask]
        return np.bincount(chain[mask], weights, count).astype(np.int64)

    return RouteService(
        lots=counted(measured),
        teu=counted(measured, draws.lots.teu),
        kg=counted(measured, draws.lots.kg),
        undelivered=counted(measured & (delivered_ms < 0) & ~lost),
        lost=counted(measured & lost),
        mean_h=by_teu.mean,
        sd_h=by_teu.sd,
        lot_mean_h=by_lot.mean,
        lot_sd_h=by_lot.sd,
        quantiles_h=by_teu.quantiles,
    )


def _delivered_ms(log: EventLog) -> Ints:
    """When each lot was delivered; -1 if it was not."""
    delivered = np.full(log.lot_count, -1, dtype=np.int64)
    rows = _rows(log, Event.DELIVERED)
    delivered[log.unit[rows]] = log.at_ms[rows]
    return delivered


@dataclass(frozen=True, slots=True)
class _Times:
    """Weighted mean, deviation and quantiles of times per chain; NaN where none."""

    mean: Floats
    sd: Floats
    quantiles: Floats


def _by_chain(
    chain: Ints, hours: Floats, weight: NDArray[np.generic], count: int
) -> _Times:
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
    return _Times(mean, sd, quantiles)


def _weighted_quantiles(times: Floats, weight: Floats) -> Floats:
    order = np.argsort(times, kind="stable")
    reached = np.cumsum(weight[order])
    position = np.searchsorted(reached, np.array(QUANTILES) * reached[-1] - 1e-9)
    found: Floats = times[order][np.minimum(position, len(times) - 1)]
    return found


def _measure_departures(plan: Plan, draws: Draws, log: EventLog) -> DepartureService:
    services = plan.services
    count = len(services.resource)
    window = (log.at_ms >= plan.span.measure_ms) & (log.at_ms < plan.span.end_ms)
    service_of = services.departures.service

    def tally(rows: Flags, weight: Ints | None = None) -> Ints:
        which = service_of[log.unit[rows] - log.lot_count]
        return np.bincount(which, weight, count).astype(np.int64)

    left = window & _rows(log, Event.DEPART)
    called_off = window & _rows(log, Event.CANCELLED)
    carried = window & _rows(log, Event.BOARD, Event.PART)
    vehicle = log.value[carried] - log.lot_count
    flow = draws.lots.flow[log.unit[carried]]
    teu = log.amount[carried].astype(np.int64)
    kg = teu * plan.flows.cargo.kg_per_teu[flow]
    slots = np.where(plan.flows.cargo.is_bulk[flow], 0, teu)
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


def _run_hours(plan: Plan, log: EventLog, left: Flags, count: int) -> Floats:
    """Mean time from departure to arrival; NaN for a service that never arrived."""
    arrived = log.event == Event.ARRIVE
    unit, once = log.unit[left].astype(np.int64), np.zeros(int(left.sum()), np.int64)
    other = log.unit[arrived].astype(np.int64)
    end_ms = time_of(unit, once, other, np.zeros_like(other), log.at_ms[arrived])
    is_done = end_ms >= 0
    hours = (end_ms - log.at_ms[left])[is_done] / MS_PER_HOUR
    which = plan.services.departures.service[unit[is_done] - log.lot_count]
    runs = np.bincount(which, minlength=count)
    total = np.bincount(which, hours, count)
    return np.where(runs > 0, total / np.maximum(runs, 1), np.nan)
