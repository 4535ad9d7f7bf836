"""Every random number of a year, by named stream, before the clock starts.

Numbers are indexed by the thing concerned (lot of a flow, departure of a service, event
of a kind of storm), never by order of use, so alternatives share their luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.tables import Flows, Plan, Stream, Unit
from railsim.corridor.timing import SectionRun, central_hours, hours
from railsim.engine.arrivals import arrival_times
from railsim.engine.capacity import Changes, capacity_changes
from railsim.engine.luck import Luck
from railsim.engine.misfortune import broken_servers, outages, regime_spells
from railsim.units import MS_PER_HOUR

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lots:
    """One row a lot, ordered by (arrival, flow, number in the flow).

    `slots` are the TEU places a lot fills (0 for bulk). Its times are `times_ms` from
    `time_begin` on, its visit uniforms `visits` from `visit_begin` on; bit i of
    `regimes` tells whether regime i ruled when it was created.
    """

    arrival_ms: Ints
    flow: Ints
    number: Ints
    teu: Ints
    slots: Ints
    kg: Ints
    boxes: Ints
    trucks: Ints
    choice: Floats
    contract: Floats
    ramp: Floats
    stranded: Floats
    regimes: Ints
    time_begin: Ints
    visit_begin: Ints
    times_ms: Ints
    visits: Floats


@dataclass(frozen=True, slots=True)
class Vehicles:
    """One row a departure: when it really leaves, whether it is dropped, its times."""

    depart_ms: Ints
    is_dropped: Flags
    time_begin: Ints
    times_ms: Ints


@dataclass(frozen=True, slots=True)
class Draws:
    """All chance of one year and replication."""

    lots: Lots
    vehicles: Vehicles
    changes: Changes


def draw(plan: Plan, seed: int, replication: int) -> Draws:
    """Draw a year: lots, vehicles, closures. Pure in (plan, seed, replication)."""
    luck = Luck(seed, replication, plan.span.year)
    if plan.is_deterministic:
        luck = Luck(0, 0, plan.span.year)  # what stays discrete is the same every time
    spells = {
        name: regime_spells(name, regime, plan, luck)
        for name, regime in plan.regimes.items()
    }
    changes = capacity_changes(
        plan.resources.capacity,
        outages(plan, luck, spells),
        broken_servers(plan, luck),
        begin_ms=plan.span.begin_ms,
    )
    return Draws(_draw_lots(plan, luck, spells), _draw_vehicles(plan, luck), changes)


def _draw_lots(
    plan: Plan, luck: Luck, spells: dict[str, list[tuple[int, int]]]
) -> Lots:
    parts = [_FlowLots.draw(plan, f, luck) for f in range(len(plan.flows.names))]
    arrival = _joined([part.arrival_ms for part in parts], np.int64)
    flow = np.repeat(np.arange(len(parts)), [len(p.arrival_ms) for p in parts])
    number = _joined([np.arange(len(p.arrival_ms)) for p in parts], np.int64)
    order = np.lexsort((number, flow, arrival))

    def column(read: str, dtype: type = np.int64) -> NDArray[Any]:
        return _joined([getattr(part, read) for part in parts], dtype)[order]

    widths = [
        (part.times_ms.shape[1], part.visits.shape[1], len(part.arrival_ms))
        for part in parts
    ]
    time_width = np.array([w[0] for w in widths], dtype=np.int64)[flow]
    visit_width = np.array([w[1] for w in widths], dtype=np.int64)[flow]
    return Lots(
        arrival_ms=arrival[order],
        flow=flow[order],
        number=number[order],
        teu=column("teu"),
        slots=column("slots"),
        kg=column("kg"),
        boxes=column("boxes"),
        trucks=column("trucks"),
        choice=column("choice", np.float64),
        contract=column("contract", np.float64),
        ramp=column("ramp", np.float64),
        stranded=column("stranded", np.float64),
        regimes=_regime_bits(plan, arrival[order], spells),
        time_begin=(np.cumsum(time_width) - time_width)[order],
        visit_begin=(np.cumsum(visit_width) - visit_width)[order],
        times_ms=_joined([part.times_ms.ravel() for part in parts], np.int64),
        visits=_joined([part.visits.ravel() for part in parts], np.float64),
    )


def _regime_bits(
    plan: Plan, at_ms: Ints, spells: dict[str, list[tuple[int, int]]]
) -> Ints:
    bits = np.zeros(len(at_ms), dtype=np.int64)
    for i, name in enumerate(plan.regime_names):
        for begin, end in spells[name]:
            bits[(at_ms >= begin) & (at_ms < end)] |= 1 << i
    return bits


@dataclass(frozen=True, slots=True)
class _FlowLots:
    """The lots of one flow, in order of arrival; one row a lot, a column a stream."""

    arrival_ms: Ints
    teu: Ints
    slots: Ints
    kg: Ints
    boxes: Ints
    trucks: Ints
    choice: Floats
    contract: Floats
    ramp: Floats
    stranded: Floats
    times_ms: Ints
    visits: Floats

    @classmethod
    def draw(cls, plan: Plan, f: int, luck: Luck) -> _FlowLots:
        """Draw arrivals, sizes, choices, times and visits of flow f."""
        flows, name = plan.flows, plan.flows.names[f]
        arrival_ms = arrival_times(plan, f, luck)
        count = len(arrival_ms)
        teu = _sizes(flows, f, luck.uniforms(f"lot_size.{name}", count))
        forty = flows.forty_foot_share[f] * teu / 2.0
        forty = np.floor(forty + luck.uniforms(f"box.{name}", count))
        boxes = teu - np.minimum(forty.astype(np.int64), teu // 2)
        counts = _unit_counts(flows, f, teu, boxes)
        return cls(
            arrival_ms=arrival_ms,
            teu=teu,
            slots=np.zeros_like(teu) if flows.is_bulk[f] else teu,
            kg=teu * flows.kg_per_teu[f],
            boxes=boxes,
            trucks=counts[Unit.TRUCK].astype(np.int64),
            choice=luck.uniforms(f"choice.{name}", count),
            contract=luck.uniforms(f"contract.{name}", count),
            ramp=luck.uniforms(f"ramp.{name}", count),
            stranded=luck.uniforms(f"stranded.{name}", count),
            times_ms=_lot_times(plan, f, luck, counts),
            visits=_table(
                [luck.uniforms(f"visit.{v}.{name}", count) for v in flows.visits[f]],
                count,
                np.float64,
            ),
        )


def _sizes(flows: Flows, f: int, u: Floats) -> Ints:
    reached = np.cumsum(flows.size_probability[f])
    last = len(reached) - 1
    return flows.size_teu[f][np.minimum(np.searchsorted(reached, u, "right"), last)]


def _unit_counts(flows: Flows, f: int, teu: Ints, boxes: Ints) -> dict[Unit, Floats]:
    """How many of each unit a lot counts; trucks are whole."""
    if flows.is_bulk[f]:
        trucks = -(-teu * flows.kg_per_teu[f] // flows.kg_per_truck[f])
    else:
        forty = teu - boxes
        twenty = boxes - forty
        trucks = forty + (twenty if flows.is_heavy[f] else (twenty + 1) // 2)
    return {
        Unit.ONE: np.ones(len(teu)),
        Unit.BOX: boxes.astype(np.float64),
        Unit.TEU: teu.astype(np.float64),
        Unit.TRUCK: trucks.astype(np.float64),
        Unit.TONNE: teu * (flows.kg_per_teu[f] / 1000.0),
    }


def _lot_times(plan: Plan, f: int, luck: Luck, counts: dict[Unit, Floats]) -> Ints:
    name, count = plan.flows.names[f], len(counts[Unit.ONE])
    columns = [
        _milliseconds(
            _times(plan, stream, luck, f"{stream.name}.{name}", count)
            * counts[stream.unit]
        )
        for stream in plan.flows.streams[f]
    ]
    return _table(columns, count, np.int64)


def _times(plan: Plan, stream: Stream, luck: Luck, name: str, count: int) -> Floats:
    if plan.is_deterministic:
        return np.full(count, central_hours(stream.timing))
    return hours(stream.timing, luck.uniforms(name, count))


def _milliseconds(times_h: Floats) -> Ints:
    times: Ints = np.rint(np.maximum(times_h, 0.0) * MS_PER_HOUR).astype(np.int64)
    return times


def _draw_vehicles(plan: Plan, luck: Luck) -> Vehicles:
    services = plan.services
    total = len(services.vehicle_ms)
    depart_ms, is_dropped = services.vehicle_ms.copy(), np.zeros(total, dtype=np.bool_)
    time_begin = np.zeros(total, dtype=np.int64)
    tables, filled = [], 0
    for v, rows in _vehicles_by_service(plan):
        name = plan.resources.names[services.resource[v]]
        count = len(rows)
        lateness = services.lateness[v]
        if lateness is not None:
            late = _times(plan, Stream("", lateness), luck, f"late.{name}", count)
            depart_ms[rows] += _milliseconds(late)
        if not plan.is_deterministic:
            is_dropped[rows] = (
                luck.uniforms(f"dropped.{name}", count) < services.cancelled_share[v]
            )
        table = _vehicle_times(plan, v, luck, name, services.vehicle_slowness[rows])
        time_begin[rows] = filled + np.arange(count) * table.shape[1]
        filled += table.size
        tables.append(table.ravel())
    return Vehicles(depart_ms, is_dropped, time_begin, _joined(tables, np.int64))


def _vehicles_by_service(plan: Plan) -> Iterator[tuple[int, Ints]]:
    for v in range(len(plan.services.resource)):
        yield v, np.flatnonzero(plan.services.vehicle_service == v)


def _vehicle_times(plan: Plan, v: int, luck: Luck, name: str, slowness: Floats) -> Ints:
    columns = []
    for stream in plan.services.streams[v]:
        times = _times(plan, stream, luck, f"{stream.name}.{name}", len(slowness))
        if isinstance(stream.timing, SectionRun):
            times = times * slowness
        columns.append(_milliseconds(times))
    return _table(columns, len(slowness), np.int64)


def _table(columns: list[NDArray[Any]], count: int, dtype: type) -> NDArray[Any]:
    if not columns:
        return np.zeros((count, 0), dtype=dtype)
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=dtype)


def _joined(parts: list[NDArray[Any]], dtype: type) -> NDArray[Any]:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype=dtype)
