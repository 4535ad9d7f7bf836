"""Calibration on the base year, and what is remembered of a year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from railsim.corridor.arrays import Floats, sums
from railsim.corridor.choosing.memory import Memory, RouteOfFlow
from railsim.corridor.choosing.menus import menus_of_first_day
from railsim.corridor.choosing.weighing import composite_costs, remembered_costs
from railsim.corridor.tables import Choices, Plan
from railsim.formulas.choice import calibrate_nested_asc
from railsim.scenario.schema import Scenario

Times = dict[RouteOfFlow, tuple[float, float]]


def remember(
    memory: Memory, times: Times, storage_usd: dict[RouteOfFlow, float]
) -> Memory:
    """The times met in a year replace what was remembered of the same routes."""
    return replace(
        memory,
        perceived_h={**memory.perceived_h, **times},
        storage_usd={**memory.storage_usd, **storage_usd},
    )


def calibrate(scenario: Scenario, plan: Plan, memory: Memory) -> Memory:
    """Constants that reproduce base-year shares at the times that `plan` remembers.

    A route without base-year traffic takes the constant of the most used route of its
    nest (of the flow, when the nest has none) plus that of its opening.
    """
    asc: dict[RouteOfFlow, float] = {}
    costs = remembered_costs(plan).tolist()
    for f, name in enumerate(plan.flows.names):
        chains = plan.flows.chains(f)
        constants = _constants(plan.choices, f, chains, costs)
        asc.update(_with_new_routes(scenario, plan, name, chains, constants))
    return replace(memory, asc=asc)


def correct(
    scenario: Scenario, plan: Plan, memory: Memory, lots: Sequence[int]
) -> Memory:
    """Move constants by ln(observed / modelled), after a year that learned.

    `lots[c]` took chain c that year; one lot is added to both counts, so that a route
    with few lots moves little (Berry 1994, shrunk).
    """
    asc: dict[RouteOfFlow, float] = {}
    for f, name in enumerate(plan.flows.names):
        chains = plan.flows.chains(f)
        total = sum(int(lots[c]) for c in chains)
        constants = {}
        for c in chains:
            observed = float(plan.choices.offers.base_share[c])
            if observed > 0.0:
                step = math.log((observed * total + 1.0) / (lots[c] + 1.0))
                scale = float(plan.choices.nest_scale[plan.choices.offers.nest[c]])
                old = memory.asc[name, plan.chains.route[c]]
                constants[c] = old + scale * step
        asc.update(_with_new_routes(scenario, plan, name, chains, constants))
    return replace(memory, asc=asc)


def own_elasticities(plan: Plan) -> Floats:
    """-theta GC (1 - P) of every chain at base-year shares (logit, point)."""
    offers, costs = plan.choices.offers, remembered_costs(plan)
    theta = plan.choices.tastes.theta[plan.chains.flow[: len(costs)]]
    found: Floats = -theta * costs * (1.0 - offers.base_share)
    return found


def anchor_costs(plan: Plan, memory: Memory) -> Memory:
    """Remember mean generalised and composite cost of every flow in the base year.

    `plan` is of the base year and knows the calibrated constants.
    """
    costs = remembered_costs(plan)
    flow, shares = plan.chains.flow[: len(costs)], plan.choices.offers.base_share
    means = sums(flow, shares * costs, len(plan.flows.names)).tolist()
    anchors = {
        name: (mean, composite)
        for name, mean, composite in zip(
            plan.flows.names, means, _first_day_costs(plan), strict=True
        )
        if mean > 0.0 and math.isfinite(composite)
    }
    return replace(memory, base_cost=anchors)


def renew_cost_ratios(plan: Plan, memory: Memory) -> Memory:
    """GC / GC0 of every flow at the beginning of the plan's year.

    GC = GC0 - (LS - LS0) / theta, anchored on the mean cost of the base year (MODEL
    specification 2.2); new routes weigh by who considers them that day.
    """
    ratios = {}
    if memory.base_cost:
        for name, composite in zip(
            plan.flows.names, _first_day_costs(plan), strict=True
        ):
            if math.isfinite(composite) and name in memory.base_cost:
                mean, anchor = memory.base_cost[name]
                ratios[name] = 1.0 + (composite - anchor) / mean
    return replace(memory, cost_ratio=ratios)


def _first_day_costs(plan: Plan) -> list[float]:
    """Composite cost of every flow at the times that its shippers remember."""
    menus, costs = menus_of_first_day(plan), remembered_costs(plan)
    found: list[float] = composite_costs(plan, menus, costs).tolist()
    return found


def _constants(
    choices: Choices, f: int, chains: Sequence[int], costs: Sequence[float]
) -> dict[int, float]:
    used = [c for c in chains if choices.offers.base_share[c] > 0.0]
    if choices.model == "aon":
        return dict.fromkeys(used, 0.0)
    is_nested = choices.model == "nested"
    nests: dict[str, list[int]] = {}
    for i, c in enumerate(used):
        nests.setdefault(
            str(int(choices.offers.nest[c])) if is_nested else "all", []
        ).append(i)
    scale = {n: float(choices.nest_scale[int(n)]) if is_nested else 1.0 for n in nests}
    constants = calibrate_nested_asc(
        observed=[float(choices.offers.base_share[c]) for c in used],
        gc=[costs[c] for c in used],
        theta=float(choices.tastes.theta[f]),
        nests=nests,
        scale=scale,
        ref=max(range(len(used)), key=lambda i: choices.offers.base_share[used[i]]),
    )
    return dict(zip(used, constants, strict=True))


def _resembling(choices: Choices, c: int, constants: dict[int, float]) -> float:
    """Constant of the most used route of the same nest; else of the most used route."""
    kin = [
        k for k in constants if choices.offers.nest[k] == choices.offers.nest[c]
    ] or [*constants]
    return constants[max(kin, key=lambda k: choices.offers.base_share[k])]


def _adjustment(scenario: Scenario, route: str) -> float:
    opening = scenario.routes[route].opening
    return scenario.openings[opening].cost_constant if opening else 0.0


def _with_new_routes(
    scenario: Scenario,
    plan: Plan,
    name: str,
    chains: Sequence[int],
    constants: dict[int, float],
) -> dict[RouteOfFlow, float]:
    """Constants of all routes of a flow, those without traffic by resemblance."""
    found = {}
    for c in chains:
        route = plan.chains.route[c]
        if c in constants:
            found[name, route] = constants[c]
        else:
            kin = _resembling(plan.choices, c, constants)
            found[name, route] = kin + _adjustment(scenario, route)
    return found
