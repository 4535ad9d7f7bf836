"""Services as arrays: what they carry, where they go, when they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import flags, floats, ints
from railsim.corridor.network import (
    directions_of,
    resource_name,
    resource_numbers,
)
from railsim.corridor.tables import Services
from railsim.corridor.time.clock import NEVER_MS, Span, ms_of_year
from railsim.corridor.time.timetables import Runs, departures
from railsim.corridor.time.years import in_year
from railsim.corridor.walks import Walks
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


def build_services(
    scenario: Scenario, span: Span, state: NetworkState, walks: Walks
) -> Services:
    """Every service and direction with its chain, limits and runs."""
    rows, numbers = directions_of(scenario), resource_numbers(scenario)
    services = [service for _, service, _ in rows]
    resource = ints(
        numbers[resource_name("services", name, is_back=is_back)]
        for name, _, is_back in rows
    )
    of_resource = np.full(len(numbers), -1, dtype=np.int64)
    of_resource[resource] = np.arange(len(rows))
    return Services(
        resource=resource,
        of_resource=of_resource,
        chain=walks.service_chain,
        priority=ints(s.priority for s in services),
        capacity_teu=ints(
            in_year(s.capacity_teu, s.capacity_teu_by_year, span.year) for s in services
        ),
        capacity_kg=ints(_load_kg(s, span.year) for s in services),
        cutoff_ms=ints(ms_from_hours(s.cutoff_h) for s in services),
        min_load_share=floats(s.min_load_share for s in services),
        max_cancel=ints(s.max_cancel for s in services),
        is_overtaking=flags(s.is_overtaking for s in services),
        is_splittable=flags(s.is_splittable for s in services),
        hold_ms=ints(ms_from_hours(s.max_hold_h) for s in services),
        cancelled_share=floats(s.cancelled_share for s in services),
        lateness=tuple(s.lateness for s in services),
        streams=walks.service_streams,
        runs=tuple(_runs(scenario, span, state)),
    )


def _load_kg(service: Service, year: int) -> int:
    tonnes = in_year(service.capacity_t, service.capacity_t_by_year, year)
    return round(tonnes * KG_PER_TONNE)


def _runs(scenario: Scenario, span: Span, state: NetworkState) -> Iterator[Runs]:
    for _, service, is_back in directions_of(scenario):
        opening = scenario.openings[service.opening] if service.opening else None
        yield departures(
            service.timetable,
            span,
            is_back=is_back,
            opens_ms=state.opens_ms(service.opening),
            opening=opening,
        )
