"""The legs of a route and the hubs on it: how far goods go, by which mode, and where.

A leg lies in the country where its emissions count; without an emission factor in the
country of both its ends, or half in each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from railsim.corridor.fares import CHARGED, fares_of
from railsim.corridor.routes import Visit
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.movement import Step
from railsim.sharing import once_for

# tables that say where goods go
WAYS = (*CHARGED, "places", "lines", "stations", "emissions")


@dataclass(frozen=True, slots=True)
class Leg:
    """A way, or a hub: then without mode and length. `share` of the lots visit it."""

    name: str
    mode: str | None
    country: str
    km: float
    emission: str | None
    hub_kg_co2e_per_t: float
    share: float


@once_for(*WAYS)
def legs_of_fares(scenario: Scenario) -> tuple[tuple[Leg, ...], ...]:
    """The legs of every flow on every route, in the order of `fares_of`."""
    fares = fares_of(scenario)
    return tuple(tuple(legs_of_route(scenario, fare.visits)) for fare in fares)


def legs_of_route(scenario: Scenario, visits: Iterable[Visit]) -> Iterator[Leg]:
    """Legs and hubs in walking order, without those that nobody visits."""
    for visit in visits:
        share = min(visit.high, 1.0) - visit.low
        if share > 0.0:
            yield from _legs_of_step(scenario, visit.step, share)


def _legs_of_step(scenario: Scenario, step: Step, share: float) -> Iterator[Leg]:
    if step.link is not None:
        yield from _link(scenario, step.link, share)
    elif step.service is not None:
        yield from _service(scenario, step.service, share)
    elif step.station is not None:
        station = scenario.stations[step.station]
        country = scenario.places[station.place].country
        hub = station.hub_kg_co2e_per_t
        yield Leg(f"stations.{step.station}", None, country, 0.0, None, hub, share)


def _service(scenario: Scenario, name: str, share: float) -> Iterator[Leg]:
    """The lines and links a service runs over; else its own factor over its length."""
    service = scenario.services[name]
    if service.emission is not None:
        country = scenario.emissions[service.emission].country
        key = (f"services.{name}", service.mode, country)
        yield Leg(*key, service.length_km, service.emission, 0.0, share)
        return
    for step in service.steps:
        if step.line is not None:
            yield _run(scenario, step, service.mode, share)
        elif step.link is not None:
            yield from _link(scenario, step.link, share)


def _run(scenario: Scenario, step: Step, mode: str, share: float) -> Leg:
    line = scenario.lines[str(step.line)]
    ends = (line.stations[str(step.origin)], line.stations[str(step.destination)])
    km = math.fsum(line.section_km[min(ends) : max(ends)])
    country = line.country
    if line.emission is not None:
        country = scenario.emissions[line.emission].country
    return Leg(f"lines.{step.line}", mode, country, km, line.emission, 0.0, share)


def _link(scenario: Scenario, name: str, share: float) -> Iterator[Leg]:
    link = scenario.links[name]
    if link.emission is not None:
        countries = [scenario.emissions[link.emission].country]
    else:
        ends = (link.origin, link.destination)
        countries = sorted({scenario.places[end].country for end in ends})
    km = link.length_km / len(countries)
    for country in countries:
        key = (f"links.{name}", link.mode, country)
        yield Leg(*key, km, link.emission, 0.0, share)
