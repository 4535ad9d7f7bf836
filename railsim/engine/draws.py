"""Every random number of a year, by named stream, before the clock starts.

Numbers are indexed by the thing concerned (lot of a flow, departure of a service, event
of a kind of storm), never by order of use, so alternatives share their luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, ints
from railsim.corridor.tables import Plan
from railsim.corridor.time.timing import SectionRun
from railsim.engine.capacity import Changes, capacity_changes
from railsim.engine.columns import (
    fill_times,
    milliseconds,
    row_begins,
    tables_in,
    times_h,
)
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
    services, planned = plan.services, plan.services.departures
    count = np.bincount(planned.service, minlength=len(services.resource))
    width = ints(map(len, services.streams))
    vehicles = Vehicles(
        depart_ms=planned.at_ms.copy(),
        is_dropped=np.zeros(len(planned.at_ms), dtype=np.bool_),
        time_begin=np.zeros(len(planned.at_ms), dtype=np.int64),
        times_ms=np.empty(int(count @ width), dtype=np.int64),
    )
    by_service = np.argsort(planned.service, kind="stable")
    vehicles.time_begin[by_service] = row_begins(width, count)
    rows_of = np.split(by_service, np.cumsum(count))
    for v, times_ms in enumerate(tables_in(vehicles.times_ms, count, width)):
        rows = rows_of[v]
        _draw_service(plan, luck, v, rows, vehicles)
        _draw_times(plan, luck, v, planned.slowness[rows], times_ms)
    return vehicles


def _draw_service(
    plan: Plan, luck: Luck, v: int, rows: Ints, vehicles: Vehicles
) -> None:
    """Lateness and loss of the departures of a service, in these rows."""
    name, lateness = _name(plan, v), plan.services.lateness[v]
    if lateness is not None:
        u = luck.uniforms(f"late.{name}", len(rows))
        vehicles.depart_ms[rows] += milliseconds(times_h(plan, lateness, u))
    if not plan.is_deterministic:
        u = luck.uniforms(f"dropped.{name}", len(rows))
        vehicles.is_dropped[rows] = u < plan.services.cancelled_share[v]


def _draw_times(
    plan: Plan, luck: Luck, v: int, slowness: Floats, times_ms: Ints
) -> None:
    """Times of the vehicles of a service; runs over sections are slowed."""
    streams, is_slow = plan.services.streams[v], bool((slowness != 1.0).any())
    factors = [
        slowness if is_slow and isinstance(stream.timing, SectionRun) else None
        for stream in streams
    ]
    fill_times(
        times_ms, plan, luck, owner=_name(plan, v), streams=streams, factors=factors
    )


def _name(plan: Plan, v: int) -> str:
    return plan.resources.names[int(plan.services.resource[v])]
