"""`Scenario`, network state, year and memory -> `Plan`; units change here only."""

from __future__ import annotations

import numpy as np

from railsim.corridor.choices import build_choices
from railsim.corridor.clock import Span, span_of
from railsim.corridor.demand import lots_per_day, tonnes_of_year
from railsim.corridor.memory import Memory
from railsim.corridor.network import build_network
from railsim.corridor.routes import ChainBuilder, Columns, visits_of_flow
from railsim.corridor.services import NetworkState, build_services
from railsim.corridor.tables import Flows, Plan
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Annual, Flow
from railsim.units import KG_PER_TONNE


def make_plan(
    scenario: Scenario, network_state: NetworkState, year: int, memory: Memory
) -> Plan:
    """Compile one calendar year of a scenario into the arrays an engine runs.

    `network_state` says which openings happen and when; `memory` what shippers
    remember. Without calibrated constants the base-year shares are fixed.
    """
    run = scenario.run
    span = span_of(year, warmup_days=run.warmup_days, drain_days=run.drain_days)
    network_state = network_state.until(span.stop_ms)
    network = build_network(scenario, span)
    regimes = {name: i for i, name in enumerate(scenario.regimes)}
    builder = ChainBuilder(scenario, network, regimes)
    flows = _build_flows(scenario, span, memory, builder)
    services = build_services(scenario, span, network_state, builder)
    steps, chains = builder.steps(), builder.chains()
    return Plan(
        span=span,
        resources=network.resources,
        lines=network.lines,
        steps=steps,
        chains=chains,
        services=services,
        flows=flows,
        choices=build_choices(
            scenario,
            network_state,
            memory,
            span.measure_ms,
            flows,
            services,
            steps,
            chains.begin,
        ),
        places=tuple(scenario.places),
        factors=network.factors,
        disruptions=dict(scenario.disruptions),
        regimes=dict(scenario.regimes),
        regime_names=tuple(scenario.regimes),
        is_deterministic=run.is_deterministic,
        max_events=run.max_events,
    )


def _build_flows(
    scenario: Scenario, span: Span, memory: Memory, builder: ChainBuilder
) -> Flows:
    begin, streams, visits = [0], [], []
    for f, flow in enumerate(scenario.flows.values()):
        columns = Columns()
        for route in flow.base_share:
            builder.add(
                visits_of_flow(scenario, flow, route), columns, flow=f, route=route
            )
        begin.append(begin[-1] + len(flow.base_share))
        streams.append(tuple(columns.streams.values()))
        visits.append(tuple(columns.visits))
    flow_list = list(scenario.flows.values())
    goods = [scenario.commodities[flow.commodity] for flow in flow_list]
    sizes = [scenario.lot_sizes[flow.lot_size] for flow in flow_list]
    return Flows(
        names=tuple(scenario.flows),
        chain_begin=np.array(begin, dtype=np.int64),
        is_bulk=np.array([flow.form == "bulk" for flow in flow_list], dtype=np.bool_),
        priority=np.array([g.priority for g in goods], dtype=np.int64),
        kg_per_teu=np.array(
            [round(g.tonnes_per_teu * KG_PER_TONNE) for g in goods], dtype=np.int64
        ),
        kg_per_truck=np.full(
            len(goods),
            round(scenario.loading.truck_payload_t * KG_PER_TONNE),
            dtype=np.int64,
        ),
        is_heavy=np.array(
            [g.tonnes_per_teu > scenario.loading.heavy_box_t for g in goods],
            dtype=np.bool_,
        ),
        forty_foot_share=np.array([g.forty_foot_share for g in goods], dtype=float),
        size_teu=tuple(np.array(size.teu, dtype=np.int64) for size in sizes),
        size_probability=tuple(
            np.array(size.probability, dtype=np.float64) for size in sizes
        ),
        contract_share=np.array([g.contract_share for g in goods], dtype=float),
        arrivals=tuple(flow.arrivals for flow in flow_list),
        lots_per_day=tuple(
            _expected_lots(scenario, name, flow, span, memory)
            for name, flow in scenario.flows.items()
        ),
        streams=tuple(streams),
        visits=tuple(visits),
    )


def _expected_lots(
    scenario: Scenario, name: str, flow: Flow, span: Span, memory: Memory
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if not isinstance(flow.arrivals, Annual):
        return np.zeros(0)
    ratio = memory.cost_ratio.get(name, 1.0)
    tonnes = tonnes_of_year(scenario, flow, span.year, cost_ratio=ratio)
    return lots_per_day(scenario, flow, span, tonnes)
