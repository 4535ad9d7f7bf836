"""One side of an appraisal: what a world carries and builds, in its words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from railsim.appraisal.ledger import Asset, Riders, Side
from railsim.project import Works
from railsim.scenario import Scenario
from railsim.scenario.schema.worth.passengers import Passengers
from railsim.scenario.schema.worth.projects import Component
from railsim.traffic import Traffic


def side_of(world: Scenario, works: Works, traffic: Traffic) -> Side:
    """The side of a world, whose operators take the fares of its passengers."""
    return Side(
        traffic=traffic,
        works=works,
        assets={
            item: _asset(world.projects[item.project].components[item.component])
            for item in works.spent_usd
        },
        vehicles=_vehicles(world, works),
        track_km=_track_km(world, works),
        riders={
            name: _riders(world, name, world.passengers[name])
            for name in works.passengers
        },
    )


def _asset(component: Component) -> Asset:
    life = math.inf if component.life_years is None else component.life_years
    return Asset(life, component.shadow.model_dump())


def _vehicles(world: Scenario, works: Works) -> Mapping[str, Asset]:
    """Trains pay for what the first fleet of a project pays for."""
    if not works.vehicles_usd:
        return {}
    projects = [world.projects[name] for name in works.deliveries]
    fleet = next(p.components[p.fleet_component] for p in projects if p.fleet_component)
    split = fleet.shadow.model_dump()
    return {
        kind: Asset(float(world.vehicles[kind].life_years), split)
        for kind in works.vehicles_usd
    }


def _track_km(world: Scenario, works: Works) -> dict[str, float]:
    """Opening -> track that it adds; a project's sections share it evenly."""
    if world.finance is None:
        return {}
    known = world.finance.upkeep.track_km
    return {
        opening: known.get(name, 0.0) / len(delivery.openings)
        for name, delivery in works.deliveries.items()
        for opening in delivery.openings
    }


def _riders(world: Scenario, project: str, passengers: Passengers) -> Riders:
    hours = passengers.time_saving_h * passengers.value_of_time_usd_per_h
    takers = [o for o in world.operators.values() if project in o.passenger_projects]
    return Riders(
        saving_usd_per_trip=hours + passengers.cost_saving_usd,
        generated_share=passengers.generated_share,
        fare_usd_per_trip=passengers.yield_usd_per_passenger_km * passengers.mean_km,
        payee=takers[0].payees[0] if takers else "",
    )
