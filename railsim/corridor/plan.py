"""`Scenario`, network state, year and memory -> `Plan`; units change here only."""

from __future__ import annotations

from dataclasses import replace

from railsim.corridor.choosing.choices import build_choices
from railsim.corridor.choosing.free_times import Ways, free_times
from railsim.corridor.choosing.learning import renew_cost_ratios
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.flows import build_flows, expected_lots
from railsim.corridor.network import build_network
from railsim.corridor.services import NetworkState, build_services
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import span_of
from railsim.corridor.walks import walks_of
from railsim.scenario.schema import Scenario


def make_plan(
    scenario: Scenario, network_state: NetworkState, year: int, memory: Memory
) -> Plan:
    """Compile one calendar year of a scenario into the arrays an engine runs.

    `network_state` says which openings happen and when; `memory` what shippers
    remember. Without calibrated constants the base-year shares are fixed.
    """
    run = scenario.run
    span = span_of(year, warmup_days=run.warmup_days, drain_days=run.drain_days)
    state = network_state.until(span.stop_ms)
    network = build_network(scenario, span)
    walks = walks_of(scenario)
    flows = build_flows(scenario)
    services = build_services(scenario, span, state, walks)
    ways = Ways(flows, services, walks.steps, walks.chains.begin)
    free = free_times(scenario, ways)
    return Plan(
        span=span,
        resources=network.resources,
        lines=network.lines,
        steps=walks.steps,
        chains=walks.chains,
        services=services,
        flows=flows,
        lots_per_day=expected_lots(scenario, span, memory),
        choices=build_choices(scenario, state, memory, span.measure_ms, free),
        places=tuple(scenario.places),
        factors=network.factors,
        disruptions=scenario.disruptions,
        regimes=scenario.regimes,
        regime_names=tuple(scenario.regimes),
        is_deterministic=run.is_deterministic,
        max_events=run.max_events,
    )


def make_renewed_plan(
    scenario: Scenario, network_state: NetworkState, year: int, memory: Memory
) -> tuple[Plan, Memory]:
    """A year whose demand answers its own costs, and the memory of these costs.

    Only the expected lots depend on the cost ratios, so the plan is compiled once.
    """
    plan = make_plan(scenario, network_state, year, memory)
    memory = renew_cost_ratios(plan, memory)
    lots = expected_lots(scenario, plan.span, memory)
    return replace(plan, lots_per_day=lots), memory
