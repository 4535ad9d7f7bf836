"""The lots of a year: when they come, how large they are, and all their luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints, ints, joined
from railsim.corridor.tables import Flows, Plan, Unit
from railsim.engine.arrivals import arrival_times
from railsim.engine.columns import fill_times, row_begins, tables_in
from railsim.engine.luck import Luck

Spells = dict[str, list[tuple[int, int]]]
COLUMNS: dict[str, type] = {
    "teu": np.int64,
    "slots": np.int64,
    "kg": np.int64,
    "boxes": np.int64,
    "trucks": np.int64,
    "choice": np.float64,
    "contract": np.float64,
    "ramp": np.float64,
    "stranded": np.float64,
}


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


def draw_lots(plan: Plan, luck: Luck, spells: Spells) -> Lots:
    """The lots of all flows in the order in which they arrive."""
    parts = [_FlowLots.draw(plan, f, luck) for f in range(len(plan.flows.names))]
    counts = ints(len(part.arrival_ms) for part in parts)
    flow = np.repeat(np.arange(len(parts)), counts)
    number = joined([np.arange(count) for count in counts.tolist()], np.int64)
    arrival = joined([part.arrival_ms for part in parts], np.int64)
    order = np.argsort(arrival, kind="stable")
    time_width, visit_width = widths_used(plan)
    times_ms = np.empty(int(counts @ time_width), dtype=np.int64)
    visits = np.empty(int(counts @ visit_width), dtype=np.float64)
    for f, times_of_flow in enumerate(tables_in(times_ms, counts, time_width)):
        _draw_times(plan, luck, f, parts[f], times_of_flow)
    for f, visits_of_flow in enumerate(tables_in(visits, counts, visit_width)):
        _draw_visits(plan, luck, f, visits_of_flow)
    columns = {
        name: joined([getattr(part, name) for part in parts], dtype)[order]
        for name, dtype in COLUMNS.items()
    }
    return Lots(
        arrival_ms=arrival[order],
        flow=flow[order],
        number=number[order],
        regimes=_regime_bits(plan, arrival[order], spells),
        time_begin=row_begins(time_width, counts)[order],
        visit_begin=row_begins(visit_width, counts)[order],
        times_ms=times_ms,
        visits=visits,
        **columns,
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
    """The lots of one flow, in order of arrival; `units` counts what times go by."""

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
    units: dict[Unit, Floats]

    @classmethod
    def draw(cls, plan: Plan, f: int, luck: Luck) -> _FlowLots:
        """Draw arrivals, sizes and choices of flow f."""
        flows, name = plan.flows, plan.flows.names[f]
        arrival_ms = arrival_times(plan, f, luck)
        count = len(arrival_ms)
        teu = _sizes(flows, f, luck.uniforms(f"lot_size.{name}", count))
        forty = flows.cargo.forty_foot_share[f] * teu / 2.0
        forty = np.floor(forty + luck.uniforms(f"box.{name}", count))
        boxes = teu - np.minimum(forty.astype(np.int64), teu // 2)
        counts = _unit_counts(flows, f, teu, boxes)
        return cls(
            arrival_ms=arrival_ms,
            teu=teu,
            slots=np.zeros_like(teu) if flows.cargo.is_bulk[f] else teu,
            kg=teu * flows.cargo.kg_per_teu[f],
            boxes=boxes,
            trucks=counts[Unit.TRUCK].astype(np.int64),
            choice=luck.uniforms(f"choice.{name}", count),
            contract=luck.uniforms(f"contract.{name}", count),
            ramp=luck.uniforms(f"ramp.{name}", count),
            stranded=luck.uniforms(f"stranded.{name}", count),
            units=counts,
        )


def _sizes(flows: Flows, f: int, u: Floats) -> Ints:
    reached = np.cumsum(flows.cargo.size_probability[f])
    last = len(reached) - 1
    return flows.cargo.size_teu[f][
        np.minimum(np.searchsorted(reached, u, "right"), last)
    ]


def _unit_counts(flows: Flows, f: int, teu: Ints, boxes: Ints) -> dict[Unit, Floats]:
    """How many of each unit a lot counts; trucks are whole."""
    if flows.cargo.is_bulk[f]:
        trucks = -(-teu * flows.cargo.kg_per_teu[f] // flows.cargo.kg_per_truck[f])
    else:
        forty = teu - boxes
        twenty = boxes - forty
        trucks = forty + (twenty if flows.cargo.is_heavy[f] else (twenty + 1) // 2)
    return {
        Unit.ONE: np.ones(len(teu)),
        Unit.BOX: boxes.astype(np.float64),
        Unit.TEU: teu.astype(np.float64),
        Unit.TRUCK: trucks.astype(np.float64),
        Unit.TONNE: teu * (flows.cargo.kg_per_teu[f] / 1000.0),
    }


def widths_used(plan: Plan) -> tuple[Ints, Ints]:
    """Columns of times and of visit uniforms that the lots of each flow can need.

    What only routes need that are closed from warm-up to drain stands behind the others
    and is not drawn.
    """
    offers, steps, span = plan.choices.offers, plan.steps, plan.span
    is_open = offers.open_from_ms < span.stop_ms
    is_open &= offers.open_until_ms > span.begin_ms
    widths = np.zeros((2, len(plan.flows.names)), dtype=np.int64)
    for c in np.flatnonzero(is_open).tolist():
        own, f = slice(*plan.chains.begin[c : c + 2].tolist()), plan.chains.flow[c]
        for width, columns in zip(widths, (steps.slot, steps.visit), strict=True):
            width[f] = max(width[f], columns[own].max(initial=-1) + 1)
    return widths[0], widths[1]


def _draw_times(
    plan: Plan, luck: Luck, f: int, lots: _FlowLots, times_ms: Ints
) -> None:
    streams = plan.flows.streams[f][: times_ms.shape[1]]
    factors = [
        None if stream.unit == Unit.ONE else lots.units[stream.unit]
        for stream in streams
    ]
    fill_times(
        times_ms,
        plan,
        luck,
        owner=plan.flows.names[f],
        streams=streams,
        factors=factors,
    )


def _draw_visits(plan: Plan, luck: Luck, f: int, visits: Floats) -> None:
    for k, name in enumerate(plan.flows.visits[f][: visits.shape[1]]):
        for rows, u in luck.blocks(f"visit.{name}.{plan.flows.names[f]}", len(visits)):
            visits[rows, k] = u
