"""Rolling stock as it is bought: units for the traffic to come, renewals, prices.

Each service needs the rakes of `wagon_fleet` for the heavier direction of a later year;
services without room for goods, such as passenger trains, need rakes for what runs.
Units live a whole number of years and are replaced while they are needed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.formulas.operations import size_fleet
from railsim.project.halves import PER_YEAR
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.movement import Service
from railsim.scenario.schema.worth.projects import Project, Vehicle
from railsim.traffic import Floats, Ints, ServiceTraffic, Traffic


@dataclass(frozen=True, slots=True)
class Purchases:
    """One kind of rolling stock; one number a year of traffic each."""

    needed: Ints
    """Units in use."""
    bought: Ints
    """Units paid for."""
    growth_usd: Floats
    """First units and those for more traffic, real."""
    renewal_usd: Floats
    """Units in place of old ones, real."""


def purchases(world: Scenario, traffic: Traffic) -> dict[str, Purchases]:
    """Kind of rolling stock -> what is bought when, in order of years of traffic."""
    return {
        name: _buy(vehicle, units_needed(world, vehicle, traffic))
        for name, vehicle in world.vehicles.items()
    }


def units_needed(world: Scenario, vehicle: Vehicle, traffic: Traffic) -> Ints:
    """Units of a kind in each year in which its services run."""
    needed = np.zeros(len(traffic.years), dtype=np.int64)
    for name in vehicle.services:
        if name in traffic.services:
            found = traffic.services[name]
            needed += _of_service(vehicle, world.services[name], found)
    return needed


def _of_service(vehicle: Vehicle, service: Service, found: ServiceTraffic) -> Ints:
    last = len(found.departures) - 1
    units = [
        _units(vehicle, service, found, min(year + vehicle.lookahead_years, last))
        if found.departures[year] > 0
        else 0
        for year in range(last + 1)
    ]
    return np.array(units, dtype=np.int64)


def _units(vehicle: Vehicle, service: Service, found: ServiceTraffic, y: int) -> int:
    departures = float(found.departures[y])
    if departures == 0:
        return 0
    load, room = _binding(service, found, y)
    trains = load / (room * vehicle.load_factor) if room > 0 else departures / 2.0
    cycle_h = 2.0 * (float(found.vehicle_h[y]) / departures + vehicle.turn_h)
    _, units = size_fleet(
        trains / vehicle.operating_days,
        cycle_h,
        vehicle.units_per_train,
        vehicle.spare_share,
    )
    return units


def _binding(service: Service, found: ServiceTraffic, y: int) -> tuple[float, float]:
    """Load of the heavier direction and room of a train: boxes or tonnes, as binds."""
    pairs = (
        (float(found.peak_teu[y]), float(service.capacity_teu)),
        (float(found.peak_t[y]), service.capacity_t),
    )
    with_room = [pair for pair in pairs if pair[1] > 0]
    return max(with_room, key=lambda pair: pair[0] / pair[1], default=(0.0, 0.0))


def _buy(vehicle: Vehicle, needed: Ints) -> Purchases:
    """Keep enough units of the last `life_years` in every year."""
    count, life = len(needed), vehicle.life_years
    delivered, bought = [0] * count, [0] * count
    growth_usd, renewal_usd = [0.0] * count, [0.0] * count
    alive = made = most = 0
    for year, need in enumerate(needed.tolist()):
        alive -= delivered[year - life] if year >= life else 0
        units = max(0, need - alive)
        if units > 0:
            first = min(units, max(0, need - most))
            price = unit_price_usd(vehicle, made=made, units=units)
            paid = max(0, year - vehicle.lead_years)
            delivered[year] = units
            bought[paid] += units
            growth_usd[paid] += first * price
            renewal_usd[paid] += (units - first) * price
        alive, made, most = alive + units, made + units, max(most, need)
    counts = np.array(bought, dtype=np.int64)
    return Purchases(needed, counts, np.array(growth_usd), np.array(renewal_usd))


def unit_price_usd(vehicle: Vehicle, *, made: int, units: int) -> float:
    """Mean price of a unit in an order, after `made` units; real dollars.

    The part made abroad costs what it does; the part made at home costs
    `local_price_factor` of that, falling by `learning_rate` with each doubling of what
    has been made (Wright 1936), taken at the middle of the order.
    """
    grown = (made + units / 2.0) / vehicle.experience_units
    learnt = math.pow(1.0 + grown, math.log2(1.0 - vehicle.learning_rate))
    local = vehicle.local_share * vehicle.local_price_factor * learnt
    return vehicle.price_usd * (1.0 - vehicle.local_share + local)


def beyond_budget(
    world: Scenario, bought: Mapping[str, Purchases], budget_usd: float
) -> dict[str, Floats]:
    """Kind -> what is paid in each half-year beyond the projects' own lines for it.

    First units and those for more traffic come out of `budget_usd` until it is used up,
    kinds alike in a year; renewals never do. So the first fleet is not paid twice. Only
    kinds that serve a project may draw on it.
    """
    kinds = {name for name in bought if _serves_a_project(world, world.vehicles[name])}
    yearly = _total([bought[name].growth_usd for name in sorted(kinds)])
    left = np.maximum(0.0, budget_usd - (np.cumsum(yearly) - yearly))
    covered = np.minimum(yearly, left) / np.where(yearly > 0.0, yearly, 1.0)
    return {
        name: np.repeat(
            (
                each.growth_usd * (1.0 - covered if name in kinds else 1.0)
                + each.renewal_usd
            )
            / PER_YEAR,
            PER_YEAR,
        )
        for name, each in bought.items()
    }


def _total(amounts: Sequence[Floats]) -> Floats:
    return np.asarray(np.sum(amounts, axis=0)) if amounts else np.zeros(1)


def _serves_a_project(world: Scenario, vehicle: Vehicle) -> bool:
    sections = {s for project in world.projects.values() for s in project.sections}
    return any(world.services[name].opening in sections for name in vehicle.services)


def fleet_budget(project: Project, spent_usd: Mapping[str, Floats]) -> float:
    """What a project's own line for rolling stock comes to."""
    if project.fleet_component is None:
        return 0.0
    return float(spent_usd[project.fleet_component].sum())
