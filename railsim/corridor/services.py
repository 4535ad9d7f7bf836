"""Services as arrays: what they carry, where they go, when they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import flags, floats, ints, joined
from railsim.corridor.network import resource_name
from railsim.corridor.routes import (
    UNDISTURBED,
    ChainBuilder,
    Columns,
    visits_of_service,
)
from railsim.corridor.tables import Departures, Services
from railsim.corridor.time.clock import NEVER_MS, Span, ms_of_year
from railsim.corridor.time.timetables import Runs, departures
from railsim.corridor.time.years import in_year
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.movement import Service
from railsim.units import KG_PER_TONNE, ms_from_hours


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Which new pieces of the network open, and when (decimal years)."""

    opens_year: Mapping[str, float]

    def opens_ms(self, opening: str | None) -> int:
        """Opening as an instant; `None` has always been open."""
        if opening is None:
            return -NEVER_MS
        year = self.opens_year.get(opening)
        return NEVER_MS if year is None else ms_of_year(year)

    def until(self, at_ms: int) -> NetworkState:
        """What opens before an instant; the later future leaves no trace."""
        return NetworkState(
            {o: y for o, y in self.opens_year.items() if ms_of_year(y) < at_ms}
        )


def planned_state(scenario: Scenario) -> NetworkState:
    """The openings as the scenario dates them; one without a date does not open."""
    return NetworkState(
        {
            name: opening.opens_year
            for name, opening in scenario.openings.items()
            if opening.is_built and opening.opens_year is not None
        }
    )


@dataclass(frozen=True, slots=True)
class _Row:
    resource: int
    service: Service
    chain: int
    columns: Columns
    runs: Runs


def build_services(
    scenario: Scenario, span: Span, state: NetworkState, builder: ChainBuilder
) -> Services:
    """Every service and direction with its chain, limits and departures."""
    rows = list(_rows(scenario, span, state, builder))
    services = [row.service for row in rows]
    resource = ints(row.resource for row in rows)
    of_resource = np.full(len(builder.network.number), -1, dtype=np.int64)
    of_resource[resource] = np.arange(len(rows))
    return Services(
        resource=resource,
        of_resource=of_resource,
        chain=ints(row.chain for row in rows),
        priority=ints(s.priority for s in services),
        capacity_teu=ints(
            in_year(s.capacity_teu, s.capacity_teu_by_year, span.year) for s in services
        ),
        capacity_kg=ints(
            round(in_year(s.capacity_t, s.capacity_t_by_year, span.year) * KG_PER_TONNE)
            for s in services
        ),
        cutoff_ms=ints(ms_from_hours(s.cutoff_h) for s in services),
        min_load_share=floats(s.min_load_share for s in services),
        max_cancel=ints(s.max_cancel for s in services),
        is_overtaking=flags(s.is_overtaking for s in services),
        is_splittable=flags(s.is_splittable for s in services),
        hold_ms=ints(ms_from_hours(s.max_hold_h) for s in services),
        cancelled_share=floats(s.cancelled_share for s in services),
        lateness=tuple(s.lateness for s in services),
        streams=tuple(tuple(row.columns.streams) for row in rows),
        departures=_in_order_of_time([row.runs for row in rows]),
    )


def _in_order_of_time(runs: list[Runs]) -> Departures:
    """Departures of an instant keep the order of their services."""
    counts = [len(r.at_ms) for r in runs]
    at_ms = joined([r.at_ms for r in runs], np.int64)
    order = np.argsort(at_ms, kind="stable")
    service = np.repeat(np.arange(len(runs)), counts)
    ordinal = joined([np.arange(count) for count in counts], np.int64)
    slowness = joined([r.slowness for r in runs], np.float64)
    return Departures(service[order], ordinal[order], at_ms[order], slowness[order])


def _rows(
    scenario: Scenario, span: Span, state: NetworkState, builder: ChainBuilder
) -> Iterator[_Row]:
    for name, service in scenario.services.items():
        opening = scenario.openings[service.opening] if service.opening else None
        for is_back in (False, True) if service.is_both_ways else (False,):
            resource = resource_name("services", name, is_back=is_back)
            columns = Columns()
            chain = builder.add(
                visits_of_service(service, is_back=is_back),
                columns,
                flow=-1,
                route=resource,
                speed_km_per_h=service.speed_km_per_h or 0.0,
                disturbance=service.disturbance or UNDISTURBED,
            )
            runs = departures(
                service.timetable,
                span,
                is_back=is_back,
                opens_ms=state.opens_ms(service.opening),
                opening=opening,
            )
            number = builder.network.number[resource]
            yield _Row(number, service, chain, columns, runs)
