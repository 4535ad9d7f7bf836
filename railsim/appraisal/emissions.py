"""Emissions of a route by leg and hub (ISO 14083; MODEL specification 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.appraisal.legs import WAYS, Leg, legs_of_fares
from railsim.formulas import rail_electric_g_per_tkm
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.choosing import Direct, Electric, Emission
from railsim.sharing import once_for
from railsim.traffic import Floats
from railsim.units import GRAMS_PER_KG


@dataclass(frozen=True, slots=True)
class LegEmission:
    """What a tonne emits on a leg or in a hub, over all lots of the route."""

    leg: str
    country: str
    km: float
    kg_co2e_per_t: float


def emissions_of_year(scenario: Scenario, year: int) -> list[tuple[LegEmission, ...]]:
    """Legs and hubs in walking order of every flow on every route, as `fares_of` has
    them, weighted by the share that visits.
    """
    grams = {
        name: intensity_g_per_t_km(emission, year)
        for name, emission in scenario.emissions.items()
    }
    return [tuple(_emissions(legs, grams)) for legs in legs_of_fares(scenario)]


@once_for(*WAYS, most=128)
def kg_co2e_per_t(scenario: Scenario, year: int) -> Floats:
    """What a tonne emits on every flow's routes, as `emissions_of_year` adds up to."""
    ways = _ways(scenario)
    kg = ways.hub_kg.copy()
    for name, km in ways.km.items():
        grams = intensity_g_per_t_km(scenario.emissions[name], year)
        kg += grams * km / GRAMS_PER_KG
    return kg


def km_by_factor(scenario: Scenario) -> Mapping[str, Floats]:
    """Emission factor -> kilometres that count by it on every flow's routes."""
    return _ways(scenario).km


@dataclass(frozen=True, slots=True)
class _Ways:
    """Of every flow's routes, what hubs emit, and kilometres by emission factor."""

    hub_kg: Floats
    km: Mapping[str, Floats]


@once_for(*WAYS)
def _ways(scenario: Scenario) -> _Ways:
    routes = legs_of_fares(scenario)
    hub_kg, km = np.zeros(len(routes)), dict[str, Floats]()
    for c, legs in enumerate(routes):
        for leg in legs:
            if leg.emission is None:
                hub_kg[c] += leg.hub_kg_co2e_per_t * leg.share
            else:
                far = km.setdefault(leg.emission, np.zeros(len(routes)))
                far[c] += leg.km * leg.share
    return _Ways(hub_kg, dict(sorted(km.items())))


def _emissions(
    legs: Iterable[Leg], g_per_t_km: Mapping[str, float]
) -> Iterator[LegEmission]:
    for leg in legs:
        kg = leg.hub_kg_co2e_per_t
        if leg.emission is not None:
            kg = g_per_t_km[leg.emission] * leg.km / GRAMS_PER_KG
        if kg > 0.0:
            yield LegEmission(leg.name, leg.country, leg.km, kg * leg.share)


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
