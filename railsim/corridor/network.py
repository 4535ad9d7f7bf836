"""The resources of the corridor: what can be full, closed or taken, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import flags, ints
from railsim.corridor.tables import Lines, Resources, Word
from railsim.corridor.time.clock import Span
from railsim.corridor.time.hours import Factor, factors_of_calendar
from railsim.corridor.time.years import in_year
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.movement import Service
from railsim.sharing import once_for
from railsim.units import ms_from_hours

UNBOUNDED = -1


@dataclass(frozen=True, slots=True)
class Network:
    """Resources and lines of a scenario in a year, and their calendars."""

    resources: Resources
    lines: Lines
    factors: dict[int, tuple[Factor, ...]]


def resource_name(table: str, name: str, *, is_back: bool = False) -> str:
    """The one way resources are named, in plans, logs and tables."""
    return f"{table}.{name}.back" if is_back else f"{table}.{name}"


def pool_name(fleet: str, place: str) -> str:
    """A fleet's tokens at a place."""
    return f"fleets.{fleet}@{place}"


def directions_of(scenario: Scenario) -> list[tuple[str, Service, bool]]:
    """Every service outward and, if it runs both ways, back."""
    return [
        (name, service, is_back)
        for name, service in scenario.services.items()
        for is_back in ((False, True) if service.is_both_ways else (False,))
    ]


def resource_numbers(scenario: Scenario) -> dict[str, int]:
    """Every resource by name: links, stations, services, lines, pools of tokens."""
    services = _names_of_services(scenario)
    rows = _resource_rows(scenario, services, scenario.economy.flow_base_year)
    return {row.name: r for r, row in enumerate(rows)}


def build_network(scenario: Scenario, span: Span) -> Network:
    """Every resource with as many servers, tracks and tokens as the year has."""
    return _build_network(scenario, _names_of_services(scenario), span)


@once_for("links", "stations", "lines", "fleets", "calendars", "holidays", most=128)
def _build_network(
    scenario: Scenario, services: tuple[str, ...], span: Span
) -> Network:
    rows = list(_resource_rows(scenario, services, span.year))
    number = {row.name: r for r, row in enumerate(rows)}
    resources = Resources(
        names=tuple(row.name for row in rows),
        word=ints(row.word for row in rows),
        capacity=ints(row.capacity for row in rows),
        room=ints(row.room for row in rows),
        is_must_finish=flags(row.is_must_finish for row in rows),
        breakdown_streams={
            number[resource_name("stations", name)]: (
                station.breakdown.between_failures_h,
                station.breakdown.repair,
            )
            for name, station in scenario.stations.items()
            if station.breakdown is not None
        },
    )
    return Network(
        resources=resources,
        lines=_build_lines(scenario, number, span.year),
        factors=_build_factors(scenario, number, span),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    word: Word
    capacity: int
    room: int = UNBOUNDED
    is_must_finish: bool = False


def _names_of_services(scenario: Scenario) -> tuple[str, ...]:
    return tuple(
        resource_name("services", name, is_back=is_back)
        for name, _, is_back in directions_of(scenario)
    )


def _resource_rows(
    scenario: Scenario, services: Iterable[str], year: int
) -> Iterator[_Row]:
    for name in scenario.links:
        yield _Row(resource_name("links", name), Word.TRAVEL, 1)
    for name, station in scenario.stations.items():
        yield _Row(
            resource_name("stations", name),
            Word.STATION,
            in_year(station.servers, station.servers_by_year, year),
            UNBOUNDED if station.room is None else station.room,
            station.close_rule == "must_finish",
        )
    for name in services:
        yield _Row(name, Word.DEPARTURE, 1)
    for name in scenario.lines:
        yield _Row(resource_name("lines", name), Word.LINE, 1)
    for name, fleet in scenario.fleets.items():
        for place, tokens in fleet.tokens.items():
            by_year = fleet.tokens_by_year.get(place, {})
            capacity = in_year(tokens, by_year, year)
            yield _Row(pool_name(name, place), Word.POOL, capacity)


def _build_lines(scenario: Scenario, number: dict[str, int], year: int) -> Lines:
    of_resource = np.full(len(number), -1, dtype=np.int64)
    lines = list(scenario.lines.values())
    for i, name in enumerate(scenario.lines):
        of_resource[number[resource_name("lines", name)]] = i
    counts = ints(len(line.section_km) for line in lines)
    return Lines(
        of_resource=of_resource,
        first_section=np.cumsum(counts) - counts,
        section_count=counts,
        track_count=ints(
            in_year(line.tracks, line.tracks_by_year, year) for line in lines
        ),
        loop_tracks=tuple(ints(line.loop_tracks) for line in lines),
        clear_ms=ints(ms_from_hours(line.clear_h) for line in lines),
        stop_loss_ms=ints(ms_from_hours(line.stop_loss_h) for line in lines),
    )


def _build_factors(
    scenario: Scenario, number: dict[str, int], span: Span
) -> dict[int, tuple[Factor, ...]]:
    kept = {
        **{
            resource_name("stations", n): s.calendar
            for n, s in scenario.stations.items()
        },
        **{
            resource_name("lines", n): line.calendar
            for n, line in scenario.lines.items()
        },
    }
    by_calendar = {
        name: factors_of_calendar(scenario.calendars, scenario.holidays, name, span)
        for name in set(kept.values()) - {None}
        if name is not None
    }
    return {
        number[resource]: by_calendar[calendar]
        for resource, calendar in kept.items()
        if calendar is not None
    }
