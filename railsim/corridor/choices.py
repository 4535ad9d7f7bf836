"""What shippers weigh: money, perceived times, constants and nests of every chain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.costs import charges, trucks_per_teu, value_usd_per_teu
from railsim.corridor.demand import mean_lot_teu
from railsim.corridor.memory import Memory
from railsim.corridor.routes import visits_of_flow
from railsim.corridor.services import NEVER_MS, NetworkState, mean_headway_days
from railsim.corridor.tables import Act, Choices, Flows, Services, Steps, Stream, Unit
from railsim.corridor.timing import hours
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Commodity, Flow
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY, MS_PER_HOUR, ms_from_hours

Floats = NDArray[np.float64]
MIDDLES: Floats = (np.arange(200, dtype=np.float64) + 0.5) / 200.0


def build_choices(
    scenario: Scenario,
    state: NetworkState,
    memory: Memory,
    at_ms: int,
    flows: Flows,
    services: Services,
    steps: Steps,
    begin: NDArray[np.int64],
) -> Choices:
    """Everything the choice model needs of a year that begins at `at_ms`."""
    pairs = [
        (name, flow, route)
        for name, flow in scenario.flows.items()
        for route in flow.base_share
    ]
    free = _free_times(scenario, pairs, flows, services, steps, begin)
    perceived = [
        memory.perceived_h.get((name, route), free[c])
        for c, (name, _, route) in enumerate(pairs)
    ]
    nests = list(scenario.choice.nests)
    routes = [scenario.routes[route] for _, _, route in pairs]
    openings = [
        scenario.openings[route.opening] if route.opening else None for route in routes
    ]

    def per_flow(read: Callable[[Commodity], float]) -> Floats:
        goods = [scenario.commodities[f.commodity] for f in scenario.flows.values()]
        return np.array([read(g) for g in goods], dtype=np.float64)

    return Choices(
        model=scenario.choice.model,
        asc=_floats(memory.asc.get((name, route), 0.0) for name, _, route in pairs),
        money_usd=_floats(
            math.fsum(charge.usd_per_teu for charge in charges(scenario, flow, route))
            + memory.storage_usd.get((name, route), 0.0)
            for name, flow, route in pairs
        ),
        headway_days=_floats(
            _headway_days(scenario, flow, route, state, at_ms)
            for _, flow, route in pairs
        ),
        decay_per_day=_floats(
            scenario.commodities[flow.commodity].decay_per_day.get(route.mode, 0.0)
            for (_, flow, _), route in zip(pairs, routes, strict=True)
        ),
        perceived_h=_floats(mean for mean, _ in perceived),
        perceived_sd_h=_floats(sd for _, sd in perceived),
        base_share=_floats(flow.base_share[route] for _, flow, route in pairs),
        contract_share=flows.contract_share,
        nest=np.array([nests.index(route.nest) for route in routes], dtype=np.int64),
        nest_scale=_floats(nest.scale for nest in scenario.choice.nests.values()),
        open_from_ms=_ints(state.opens_ms(route.opening) for route in routes),
        open_until_ms=_ints(
            state.opens_ms(route.until_opening) if route.until_opening else NEVER_MS
            for route in routes
        ),
        ramp_ms=_ints(
            round(opening.ramp_up_years * DAYS_PER_YEAR * MS_PER_DAY) if opening else 0
            for opening in openings
        ),
        theta=per_flow(lambda g: g.theta_per_usd),
        value_usd=per_flow(value_usd_per_teu),
        inventory_rate=per_flow(lambda g: g.inventory_rate),
        schedule_usd_per_day=per_flow(lambda g: g.schedule_usd_per_teu_day),
        holding_rate=per_flow(lambda g: g.holding_rate),
        service_factor=per_flow(lambda g: g.service_factor),
        demand_per_day=per_flow(lambda g: g.consignee_teu_per_day),
        demand_sd=per_flow(lambda g: g.consignee_sd_teu_per_day),
        learning_per_day=scenario.choice.learning_per_day,
        stranded_ms=ms_from_hours(scenario.choice.stranded_h),
        stranded_share=scenario.choice.stranded_share,
        is_learning=memory.is_calibrated,
    )


def _headway_days(
    scenario: Scenario, flow: Flow, route: str, state: NetworkState, at_ms: int
) -> float:
    """The longest interval between departures of the services on a route."""
    services = [
        scenario.services[visit.step.service]
        for visit in visits_of_flow(scenario, flow, route)
        if visit.step.service is not None
    ]
    return max(
        (
            mean_headway_days(s.timetable, at_ms, state.opens_ms(s.opening))
            for s in services
        ),
        default=0.0,
    )


def _free_times(
    scenario: Scenario,
    pairs: list[tuple[str, Flow, str]],
    flows: Flows,
    services: Services,
    steps: Steps,
    begin: NDArray[np.int64],
) -> list[tuple[float, float]]:
    """Mean and deviation of every chain without queues, with half a headway a ride."""
    number = {name: f for f, name in enumerate(flows.names)}
    free = []
    for c, (name, flow, _) in enumerate(pairs):
        counts = _unit_counts(scenario, flow)
        mean = variance = 0.0
        for s in range(begin[c], begin[c + 1]):
            m, v = _step_moments(
                s, flows.streams[number[name]], counts, services, steps, begin
            )
            p = min(float(steps.high[s]), 1.0) - float(steps.low[s])
            if steps.regime[s] >= 0 and steps.is_regime_on[s]:
                p = 0.0
            mean += p * m
            variance += p * (v + m * m) - (p * m) ** 2
        free.append((mean, math.sqrt(max(variance, 0.0))))
    return free


def _unit_counts(scenario: Scenario, flow: Flow) -> dict[int, float]:
    commodity = scenario.commodities[flow.commodity]
    teu = mean_lot_teu(scenario, flow)
    return {
        Unit.ONE: 1.0,
        Unit.BOX: teu * (1.0 - commodity.forty_foot_share / 2.0),
        Unit.TEU: teu,
        Unit.TRUCK: max(1.0, teu * trucks_per_teu(scenario, flow)),
        Unit.TONNE: teu * commodity.tonnes_per_teu,
    }


def _step_moments(
    s: int,
    streams: tuple[Stream, ...],
    counts: dict[int, float],
    services: Services,
    steps: Steps,
    begin: NDArray[np.int64],
) -> tuple[float, float]:
    if steps.act[s] == Act.RIDE:
        return _ride_moments(
            int(services.of_resource[steps.resource[s]]), services, steps, begin
        )
    if steps.act[s] not in (Act.TRAVEL, Act.SERVE):
        return 0.0, 0.0
    stream = streams[steps.slot[s]]
    mean, variance = _moments([stream])
    return mean * counts[stream.unit], variance * counts[stream.unit] ** 2


def _ride_moments(
    v: int, services: Services, steps: Steps, begin: NDArray[np.int64]
) -> tuple[float, float]:
    times = services.vehicle_ms[services.vehicle_service == v]
    headway_h = float(np.mean(np.diff(times))) / MS_PER_HOUR if len(times) > 1 else 0.0
    chain = services.chain[v]
    used = {
        k
        for s in range(begin[chain], begin[chain + 1])
        if steps.act[s] in (Act.TRAVEL, Act.SERVE, Act.RUN)
        for k in range(
            steps.slot[s], steps.slot[s] + max(1, abs(steps.last[s] - steps.first[s]))
        )
    }
    mean, variance = _moments([services.streams[v][k] for k in sorted(used)])
    cutoff_h = float(services.cutoff_ms[v]) / MS_PER_HOUR
    return mean + headway_h / 2.0 + cutoff_h, variance + headway_h**2 / 12.0


def _moments(streams: Iterable[Stream]) -> tuple[float, float]:
    mean = variance = 0.0
    for stream in streams:
        times = hours(stream.timing, MIDDLES)
        mean += float(np.mean(times))
        variance += float(np.var(times))
    return mean, variance


def _floats(values: Iterable[float]) -> Floats:
    return np.array(list(values), dtype=np.float64)


def _ints(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)
