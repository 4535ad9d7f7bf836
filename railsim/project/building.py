"""All that is built in a world: deliveries, rolling stock, passengers in one record."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from railsim.project.delivery.crowding import lender_share_left
from railsim.project.delivery.spending import horizon_halves
from railsim.project.fleet import beyond_budget, fleet_budget, purchases
from railsim.project.passengers import carry_passengers
from railsim.project.works import Delivery, Item, Works
from railsim.scenario.schema import Scenario
from railsim.traffic import Floats, Traffic


def build(
    world: Scenario, deliveries: Mapping[str, Delivery], traffic: Traffic
) -> Works:
    """What building takes in a world, on the half-years of its run.

    `traffic` must hold every year of the run; raises ValueError otherwise.
    """
    halves = horizon_halves(world)
    if not np.array_equal(np.unique(halves.years), traffic.years):
        raise ValueError("traffic must hold every year of the run")
    spent = {
        Item(name, component): usd
        for name, delivery in deliveries.items()
        for component, usd in delivery.spent_usd.items()
    }
    lines = [
        fleet_budget(world.projects[n], d.spent_usd) for n, d in deliveries.items()
    ]
    bought = purchases(world, traffic) if deliveries else {}
    return Works(
        halves=halves,
        deliveries=deliveries,
        spent_usd=spent,
        vehicles_usd=beyond_budget(world, bought, math.fsum(lines)),
        passengers={
            name: carry_passengers(p, deliveries[name].opening, traffic.years)
            for name, p in world.passengers.items()
            if name in deliveries
        },
        lender_share_left=_lender_share_left(world, spent),
    )


def _lender_share_left(world: Scenario, spent: Mapping[Item, Floats]) -> float:
    if world.budget is None or not world.budget.is_crowding or not spent:
        return 1.0
    total = np.sum(list(spent.values()), axis=0)
    return lender_share_left(world.budget, horizon_halves(world), total)
