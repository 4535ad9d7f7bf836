"""Storage charges: tiers of days that lots waited for a departure."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.costs import usd
from railsim.corridor.fares import fares_of
from railsim.corridor.routes import Visit
from railsim.corridor.tables import Plan
from railsim.formulas import tiered_charge
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.money import Economy, StorageClock

TeuByDays = NDArray[np.int64] | NDArray[np.float64]


def storage_paid(
    scenario: Scenario, plan: Plan, waited_days: TeuByDays
) -> dict[RouteOfFlow, float]:
    """Storage met on every route, US$ per TEU.

    `waited_days[s, d]` is the TEU that waited d days, rounded up, at step s.
    """
    paid: dict[RouteOfFlow, float] = {}
    for c, fare in enumerate(fares_of(scenario)):
        begin = int(plan.chains.begin[c])
        paid[fare.name, fare.route] = math.fsum(
            _mean_charge(clock, waited_days[begin + i], scenario.economy)
            for i, visit in enumerate(fare.visits)
            if (clock := _clock(scenario, visit)) is not None
        )
    return paid


def storage_usd_per_teu(clock: StorageClock, days: float, economy: Economy) -> float:
    """Storage of a TEU after so many days, tier by tier beyond the free days."""
    ends = (*clock.tier_days, None)
    tiers = [
        [end, rate] for end, rate in zip(ends, clock.tier_rate_per_teu_day, strict=True)
    ]
    total = tiered_charge(days=days, free_days=clock.free_days, tiers=tiers)
    return usd(total, clock.currency, economy)


def _clock(scenario: Scenario, visit: Visit) -> StorageClock | None:
    """The clock that runs while a lot waits for this step, if there is one."""
    if visit.step.service is None:
        return None
    service = scenario.services[visit.step.service]
    place = service.destination if visit.is_reversed else service.origin
    name = service.storage.get(place)
    return None if name is None else scenario.storage[name]


def _mean_charge(clock: StorageClock, teu: TeuByDays, economy: Economy) -> float:
    total = float(teu.sum())
    if total == 0.0:
        return 0.0
    return (
        math.fsum(
            count * storage_usd_per_teu(clock, float(days), economy)
            for days, count in enumerate(teu.tolist())
            if count
        )
        / total
    )
