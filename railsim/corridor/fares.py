"""What is the same of a route in every year: its steps and what they charge.

A run asks for it hundreds of times, so it is worked out once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from railsim.corridor.arrays import Floats, floats
from railsim.corridor.costs import Charge, charges
from railsim.corridor.routes import Visit, visits_of_flow
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.sharing import once_for

# tables that make them
CHARGED = (
    *("flows", "commodities", "lot_sizes", "loading", "choice", "routes"),
    *("services", "links", "tariffs", "economy"),
)


@dataclass(frozen=True, slots=True)
class Fare:
    """A flow on one of its routes, with the steps it may visit and all tariffs."""

    name: str
    flow: Flow
    route: str
    visits: tuple[Visit, ...]
    charges: tuple[Charge, ...]


@once_for(*CHARGED)
def fares_of(scenario: Scenario) -> tuple[Fare, ...]:
    """Every flow on every route it may take, in the order of a plan's chains."""
    return tuple(
        Fare(name, flow, route, visits, tuple(charges(scenario, flow, route, visits)))
        for name, flow in scenario.flows.items()
        for route in flow.base_share
        for visits in [visits_of_flow(scenario, flow, route)]
    )


@once_for(*CHARGED)
def tariffs_usd_per_teu(scenario: Scenario) -> Floats:
    """All charges of every flow on every route, storage apart."""
    return floats(
        math.fsum(charge.usd_per_teu for charge in fare.charges)
        for fare in fares_of(scenario)
    )
