"""Every random number of a year, by named stream, before the clock starts.

Numbers are indexed by the thing concerned (lot of a flow, departure of a service, event
of a kind of storm), never by order of use, so alternatives share their luck.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, joined
from railsim.corridor.tables import Plan, Stream
from railsim.corridor.time.timing import SectionRun
from railsim.engine.capacity import Changes, capacity_changes
from railsim.engine.columns import milliseconds, table, times_h
from railsim.engine.lots import Lots, draw_lots
from railsim.engine.luck import Luck
from railsim.engine.misfortune import broken_servers, outages, regime_spells


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
    return Draws(draw_lots(plan, luck, spells), _draw_vehicles(plan, luck), changes)


def _draw_vehicles(plan: Plan, luck: Luck) -> Vehicles:
    services = plan.services
    total = len(services.departures.at_ms)
    depart_ms, is_dropped = (
        services.departures.at_ms.copy(),
        np.zeros(total, dtype=np.bool_),
    )
    time_begin = np.zeros(total, dtype=np.int64)
    tables, filled = [], 0
    for v, rows in _vehicles_by_service(plan):
        name = plan.resources.names[services.resource[v]]
        count = len(rows)
        lateness = services.lateness[v]
        if lateness is not None:
            late = times_h(plan, Stream("", lateness), luck, f"late.{name}", count)
            depart_ms[rows] += milliseconds(late)
        if not plan.is_deterministic:
            is_dropped[rows] = (
                luck.uniforms(f"dropped.{name}", count) < services.cancelled_share[v]
            )
        table = _vehicle_times(plan, v, luck, name, services.departures.slowness[rows])
        time_begin[rows] = filled + np.arange(count) * table.shape[1]
        filled += table.size
        tables.append(table.ravel())
    return Vehicles(depart_ms, is_dropped, time_begin, joined(tables, np.int64))


def _vehicles_by_service(plan: Plan) -> Iterator[tuple[int, Ints]]:
    for v in range(len(plan.services.resource)):
        yield v, np.flatnonzero(plan.services.departures.service == v)


def _vehicle_times(plan: Plan, v: int, luck: Luck, name: str, slowness: Floats) -> Ints:
    columns = []
    for stream in plan.services.streams[v]:
        times = times_h(plan, stream, luck, f"{stream.name}.{name}", len(slowness))
        if isinstance(stream.timing, SectionRun):
            times = times * slowness
        columns.append(milliseconds(times))
    return table(columns, len(slowness), np.int64)
