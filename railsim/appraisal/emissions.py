"""Emissions of a route by leg and hub (ISO 14083; MODEL specification 9)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from railsim.corridor.routes import Visit
from railsim.formulas import rail_electric_g_per_tkm
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.choosing import Direct, Electric, Emission
from railsim.units import GRAMS_PER_KG


@dataclass(frozen=True, slots=True)
class LegEmission:
    """What a tonne emits on a leg or in a hub, over all lots of the route."""

    leg: str
    country: str
    km: float
    kg_co2e_per_t: float


def route_emissions(
    scenario: Scenario, visits: Iterable[Visit], year: int
) -> Iterator[LegEmission]:
    """Legs and hubs of a route in walking order, weighted by the share that visits."""
    for visit in visits:
        share = min(visit.high, 1.0) - visit.low
        for leg in _visit_emissions(scenario, visit, year):
            if leg.kg_co2e_per_t > 0.0 and share > 0.0:
                kg = leg.kg_co2e_per_t * share
                yield LegEmission(leg.leg, leg.country, leg.km, kg)


def intensity_g_per_t_km(emission: Emission, year: int) -> float:
    """Intensity of a factor in a year; the grid declines from its year on."""
    match emission:
        case Direct():
            return emission.g_co2e_per_t_km
        case Electric():
            years = max(year - emission.grid_year, 0)
            grid = emission.grid_kg_per_kwh * (
                (1.0 - emission.grid_decline_per_year) ** years
            )
            return rail_electric_g_per_tkm(
                kwh_per_gtkm=emission.kwh_per_gross_t_km,
                gross_net=emission.gross_per_net,
                ef_kg_per_kwh=grid,
                td_loss=emission.loss_share,
                wtt_factor=emission.upstream_factor,
                empty_factor=emission.empty_factor,
            )


def _visit_emissions(
    scenario: Scenario, visit: Visit, year: int
) -> Iterator[LegEmission]:
    step = visit.step
    if step.link is not None:
        link = scenario.links[step.link]
        yield from _leg(
            scenario, f"links.{step.link}", link.emission, link.length_km, year
        )
    elif step.service is not None:
        yield from _service_legs(scenario, step.service, year)
    elif step.station is not None:
        station = scenario.stations[step.station]
        country = scenario.places[station.place].country
        hub = station.hub_kg_co2e_per_t
        yield LegEmission(f"stations.{step.station}", country, 0.0, hub)


def _service_legs(scenario: Scenario, name: str, year: int) -> Iterator[LegEmission]:
    """The lines and links a service runs over; else its own factor over its length."""
    service = scenario.services[name]
    if service.emission is not None:
        yield from _leg(
            scenario, f"services.{name}", service.emission, service.length_km, year
        )
        return
    for step in service.steps:
        if step.line is not None:
            line = scenario.lines[step.line]
            ends = (
                line.stations[str(step.origin)],
                line.stations[str(step.destination)],
            )
            km = math.fsum(line.section_km[min(ends) : max(ends)])
            yield from _leg(scenario, f"lines.{step.line}", line.emission, km, year)
        elif step.link is not None:
            link = scenario.links[step.link]
            yield from _leg(
                scenario, f"links.{step.link}", link.emission, link.length_km, year
            )


def _leg(
    scenario: Scenario, leg: str, factor: str | None, km: float, year: int
) -> Iterator[LegEmission]:
    if factor is not None:
        emission = scenario.emissions[factor]
        kg = intensity_g_per_t_km(emission, year) * km / GRAMS_PER_KG
        yield LegEmission(leg, emission.country, km, kg)
