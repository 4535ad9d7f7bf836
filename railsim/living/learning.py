"""What a year teaches those who ship."""

from __future__ import annotations

import math

from railsim.corridor.choosing.learning import remember
from railsim.corridor.choosing.memory import Memory, RouteOfFlow
from railsim.corridor.storage import storage_paid
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import Service
from railsim.scenario import Scenario


def learn_from(
    scenario: Scenario, plan: Plan, service: Service, memory: Memory
) -> Memory:
    """What a year taught: times met and storage paid."""
    storage = storage_paid(scenario, plan, service.steps.waited_days)
    return remember(memory, _times_met(plan, service), storage)


def _times_met(plan: Plan, service: Service) -> dict[RouteOfFlow, tuple[float, float]]:
    """Mean and deviation of the times lots met, for routes that delivered any."""
    met = {}
    for c, f in enumerate(plan.chains.flow.tolist()):
        mean = float(service.routes.lot_mean_h[c])
        if f >= 0 and math.isfinite(mean):
            key = (plan.flows.names[f], plan.chains.route[c])
            met[key] = (mean, float(service.routes.lot_sd_h[c]))
    return met
