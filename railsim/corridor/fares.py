"""What is the same of a route in every year: its steps and what they charge.

A run asks for it hundreds of times, so it is worked out once for each scenario.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from railsim.corridor.chains.same import WORLDS_AT_ONCE, Same
from railsim.corridor.costs import Charge, charges
from railsim.corridor.routes import Visit, visits_of_flow
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow


@dataclass(frozen=True, slots=True)
class Fare:
    """A flow on one of its routes, with the steps it may visit and all tariffs."""

    name: str
    flow: Flow
    route: str
    visits: tuple[Visit, ...]
    charges: tuple[Charge, ...]


def fares_of(scenario: Scenario) -> tuple[Fare, ...]:
    """Every flow on every route it may take, in the order of a plan's chains."""
    return _fares_of(Same(scenario))


@lru_cache(WORLDS_AT_ONCE)
def _fares_of(world: Same) -> tuple[Fare, ...]:
    scenario = world.scenario
    return tuple(
        Fare(name, flow, route, visits, tuple(charges(scenario, flow, route, visits)))
        for name, flow in scenario.flows.items()
        for route in flow.base_share
        for visits in [visits_of_flow(scenario, flow, route)]
    )
