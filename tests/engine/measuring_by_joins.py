"""The meter's oracle: the same service from whole columns of a log, joined and sorted.

Slow and heavy, but it sees the year at once; it was the meter before there were pages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Flags, Floats, Ints, floats, ints
from railsim.corridor.tables import Plan, Word
from railsim.engine.draws import Draws
from railsim.engine.log import Cause, Event, EventLog
from railsim.engine.measuring.service import (
    QUANTILES,
    DepartureService,
    ResourceUse,
    RouteService,
    SectionUse,
    Service,
    StepService,
)
from railsim.units import MS_PER_DAY, MS_PER_HOUR


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


MOST_DAYS = 90


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


GRANTS = {
    Word.TRAVEL: Event.START,
    Word.STATION: Event.START,
    Word.DEPARTURE: Event.BOARD,
    Word.LINE: Event.ENTER,
    Word.POOL: Event.TAKE,
}


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


def measure_sections(plan: Plan, log: EventLog) -> SectionUse:
    """Trains and occupation of every section, and the time trains waited before it."""
    lines = plan.lines
    line = np.repeat(np.arange(len(lines.section_count)), lines.section_count)
    section = np.concatenate(
        [np.arange(n) for n in lines.section_count] or [np.zeros(0, np.int64)]
    )
    trains, occupied = np.zeros(len(line), np.int64), np.zeros(len(line))
    conflict = np.zeros(len(line))
    begin, end = plan.span.measure_ms, plan.span.end_ms
    for r in np.flatnonzero(lines.of_resource >= 0).tolist():
        i = int(lines.of_resource[r])
        passed = _passages(log, r)
        cell = lines.first_section[i] + passed.section
        left_ms = np.clip(passed.left_ms + lines.clear_ms[i], begin, end)
        busy_ms = left_ms - np.clip(passed.entered_ms, begin, end)
        inside = (passed.entered_ms >= begin) & (passed.entered_ms < end)
        trains += np.bincount(cell[inside], minlength=len(line))
        occupied += np.bincount(cell, busy_ms, len(line))
        stood_h = passed.stood_ms[inside] / MS_PER_HOUR
        conflict += np.bincount(cell[inside], stood_h, len(line))
    return SectionUse(line, section, trains, occupied / (end - begin), conflict)


@dataclass(frozen=True, slots=True)
class _Passages:
    """Every finished passage of a section, and how long the train stood before it."""

    section: Ints
    entered_ms: Ints
    left_ms: Ints
    stood_ms: Ints


def _passages(log: EventLog, r: int) -> _Passages:
    """A train enters and leaves sections in turn: its rows alternate."""
    rows = np.flatnonzero(log.resource == r)
    event = log.event[rows]
    rows = rows[(event == Event.ENTER) | (event == Event.CLEAR)]
    rows = rows[np.argsort(log.unit[rows], kind="stable")]
    unit, at_ms = log.unit[rows], log.at_ms[rows]
    is_entry = log.event[rows] == Event.ENTER
    follows = np.diff(unit, prepend=-1) == 0
    stood_ms = np.where(follows & is_entry, np.diff(at_ms, prepend=0), 0)
    entered = np.flatnonzero(is_entry[:-1] & follows[1:] & ~is_entry[1:])
    return _Passages(
        section=log.value[rows[entered]].astype(np.int64),
        entered_ms=at_ms[entered],
        left_ms=at_ms[entered + 1],
        stood_ms=stood_ms[entered],
    )


NONE = -1


def time_of(unit: Ints, mark: Ints, of_unit: Ints, of_mark: Ints, at_ms: Ints) -> Ints:
    """For each (unit, mark) the time of the other's row with both alike, else -1.

    Units and marks are at least 0; a pair occurs at most once in `of_unit, of_mark`.
    """
    found = np.full(len(unit), NONE, dtype=np.int64)
    if len(of_unit) == 0 or len(unit) == 0:
        return found
    base = int(max(mark.max(), of_mark.max())) + 1
    key = unit.astype(np.int64) * base + mark
    other = of_unit.astype(np.int64) * base + of_mark
    order = np.argsort(other, kind="stable")
    place = np.minimum(np.searchsorted(other[order], key), len(order) - 1)
    is_found = other[order][place] == key
    found[is_found] = at_ms[order][place[is_found]]
    return found


def granted_at(
    unit: Ints, mark: Ints, asked_ms: Ints, of_unit: Ints, of_mark: Ints, at_ms: Ints
) -> Ints:
    """For each request the time of the grant it got, else -1.

    A grant answers the last request of the same unit and mark before it; requests that
    were withdrawn have none.
    """
    found = np.full(len(unit), NONE, dtype=np.int64)
    if len(of_unit) == 0 or len(unit) == 0:
        return found
    base = int(max(mark.max(), of_mark.max())) + 1
    first_ms = int(min(asked_ms.min(), at_ms.min()))
    length = int(max(asked_ms.max(), at_ms.max())) - first_ms + 1
    key = (unit.astype(np.int64) * base + mark) * length + (asked_ms - first_ms)
    other = (of_unit.astype(np.int64) * base + of_mark) * length + (at_ms - first_ms)
    order = np.argsort(key, kind="stable")
    place = np.searchsorted(key[order], other, side="right") - 1
    request = order[np.maximum(place, 0)]
    is_answer = (place >= 0) & (key[request] // length == other // length)
    found[request[is_answer]] = at_ms[is_answer]
    return found


def occurrence(unit: Ints) -> Ints:
    """How many rows of the same unit stand before each row."""
    rank = np.zeros(len(unit), dtype=np.int64)
    order = np.argsort(unit, kind="stable")
    for_unit = unit[order]
    begins = np.flatnonzero(np.diff(for_unit, prepend=NONE - 1))
    lengths = np.diff(begins, append=len(unit))
    rank[order] = np.arange(len(unit)) - np.repeat(begins, lengths)
    return rank
