"""Flows as arrays: what their lots are like and how they come."""

from __future__ import annotations

from itertools import accumulate

from railsim.corridor.arrays import Floats, flags, floats, ints
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.demand import lots_per_day, tonnes_of_year
from railsim.corridor.tables import Cargo, Flows
from railsim.corridor.time.clock import Span
from railsim.corridor.walks import WALKED, walks_of
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Annual, Flow
from railsim.sharing import once_for
from railsim.units import KG_PER_TONNE


@once_for(*WALKED)
def build_flows(scenario: Scenario) -> Flows:
    """Every flow with its chains and its cargo: the same in every year."""
    flows, walks = scenario.flows.values(), walks_of(scenario)
    return Flows(
        names=tuple(scenario.flows),
        chain_begin=ints([0, *accumulate(len(flow.base_share) for flow in flows)]),
        cargo=_build_cargo(scenario),
        arrivals=tuple(flow.arrivals for flow in flows),
        streams=walks.streams,
        visits=walks.visits,
    )


def _build_cargo(scenario: Scenario) -> Cargo:
    flow_list, loading = list(scenario.flows.values()), scenario.loading
    goods = [scenario.commodities[flow.commodity] for flow in flow_list]
    sizes = [scenario.lot_sizes[flow.lot_size] for flow in flow_list]
    payload = round(loading.truck_payload_t * KG_PER_TONNE)
    return Cargo(
        is_bulk=flags(flow.form == "bulk" for flow in flow_list),
        priority=ints(g.priority for g in goods),
        kg_per_teu=ints(max(1, round(g.tonnes_per_teu * KG_PER_TONNE)) for g in goods),
        kg_per_truck=ints(payload for _ in goods),
        is_heavy=flags(g.tonnes_per_teu > loading.heavy_box_t for g in goods),
        forty_foot_share=floats(g.forty_foot_share for g in goods),
        size_teu=tuple(ints(size.teu) for size in sizes),
        size_probability=tuple(floats(size.probability) for size in sizes),
    )


def expected_lots(scenario: Scenario, span: Span, memory: Memory) -> tuple[Floats, ...]:
    """Lots of every flow and day, at the costs that shippers remember."""
    return tuple(
        _expected_of_flow(scenario, flow, span, memory.cost_ratio.get(name, 1.0))
        for name, flow in scenario.flows.items()
    )


def _expected_of_flow(
    scenario: Scenario, flow: Flow, span: Span, cost_ratio: float
) -> Floats:
    if not isinstance(flow.arrivals, Annual):
        return floats(())
    tonnes = tonnes_of_year(scenario, flow, span.year, cost_ratio=cost_ratio)
    return lots_per_day(scenario, flow, span, tonnes)
