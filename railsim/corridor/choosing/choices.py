"""What shippers weigh: money, perceived times, constants and nests of every chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from railsim.corridor.arrays import Floats, floats, ints
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.costs import value_usd_per_teu
from railsim.corridor.fares import Fare, fares_of, tariffs_usd_per_teu
from railsim.corridor.services import NetworkState
from railsim.corridor.tables import Choices, Offers, Tastes
from railsim.corridor.time.clock import NEVER_MS
from railsim.corridor.time.timetables import mean_headway_days
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.chance import Opening
from railsim.scenario.schema.movement import Route
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY, ms_from_hours


def build_choices(
    scenario: Scenario,
    state: NetworkState,
    memory: Memory,
    at_ms: int,
    free_times: Sequence[tuple[float, float]],
) -> Choices:
    """Everything the choice model needs of a year that begins at `at_ms`.

    `free_times` are mean and deviation of every chain without queues, for routes
    nobody remembers.
    """
    choice = scenario.choice
    return Choices(
        model=choice.model,
        tastes=_build_tastes(scenario),
        offers=_build_offers(scenario, state, memory, at_ms, free_times),
        nest_scale=floats(nest.scale for nest in choice.nests.values()),
        learning_per_day=choice.learning_per_day,
        stranded_ms=ms_from_hours(choice.stranded_h),
        stranded_share=choice.stranded_share,
        is_learning=memory.is_calibrated,
    )


def _build_tastes(scenario: Scenario) -> Tastes:
    goods = [scenario.commodities[flow.commodity] for flow in scenario.flows.values()]
    return Tastes(
        theta=floats(g.theta_per_usd for g in goods),
        value_usd=floats(value_usd_per_teu(g) for g in goods),
        inventory_rate=floats(g.inventory_rate for g in goods),
        schedule_usd_per_day=floats(g.schedule_usd_per_teu_day for g in goods),
        holding_rate=floats(g.holding_rate for g in goods),
        service_factor=floats(g.service_factor for g in goods),
        demand_per_day=floats(g.consignee_teu_per_day for g in goods),
        demand_sd=floats(g.consignee_sd_teu_per_day for g in goods),
        contract_share=floats(g.contract_share for g in goods),
    )


@dataclass(frozen=True, slots=True)
class _Chain:
    """A flow on one of its routes, and how it is remembered or first imagined."""

    fare: Fare
    route: Route
    opening: Opening | None
    perceived: tuple[float, float]


def _read_chains(
    scenario: Scenario, memory: Memory, free_times: Sequence[tuple[float, float]]
) -> list[_Chain]:
    return [
        _Chain(
            fare,
            route := scenario.routes[fare.route],
            scenario.openings[route.opening] if route.opening else None,
            memory.perceived_h.get((fare.name, fare.route), free),
        )
        for fare, free in zip(fares_of(scenario), free_times, strict=True)
    ]


def _build_offers(
    scenario: Scenario,
    state: NetworkState,
    memory: Memory,
    at_ms: int,
    free_times: Sequence[tuple[float, float]],
) -> Offers:
    chains = _read_chains(scenario, memory, free_times)
    nests, goods = list(scenario.choice.nests), scenario.commodities
    headways = _headways(scenario, state, at_ms)
    return Offers(
        asc=floats(memory.asc.get((c.fare.name, c.fare.route), 0.0) for c in chains),
        money_usd=tariffs_usd_per_teu(scenario) + _storage_usd(memory, chains),
        headway_days=floats(
            max((headways[name] for name in _services_on(c.fare)), default=0.0)
            for c in chains
        ),
        decay_per_day=floats(
            goods[c.fare.flow.commodity].decay_per_day.get(c.route.mode, 0.0)
            for c in chains
        ),
        perceived_h=floats(c.perceived[0] for c in chains),
        perceived_sd_h=floats(c.perceived[1] for c in chains),
        base_share=floats(c.fare.flow.base_share[c.fare.route] for c in chains),
        nest=ints(nests.index(c.route.nest) for c in chains),
        open_from_ms=ints(state.opens_ms(c.route.opening) for c in chains),
        open_until_ms=ints(_closes_ms(state, c.route) for c in chains),
        ramp_ms=ints(_ramp_ms(c.opening) for c in chains),
    )


def _storage_usd(memory: Memory, chains: Sequence[_Chain]) -> Floats:
    met = memory.storage_usd
    return floats(met.get((c.fare.name, c.fare.route), 0.0) for c in chains)


def _closes_ms(state: NetworkState, route: Route) -> int:
    return state.opens_ms(route.until_opening) if route.until_opening else NEVER_MS


def _ramp_ms(opening: Opening | None) -> int:
    if opening is None:
        return 0
    return round(opening.ramp_up_years * DAYS_PER_YEAR * MS_PER_DAY)


def _headways(scenario: Scenario, state: NetworkState, at_ms: int) -> dict[str, float]:
    """Days between the departures of every service."""
    return {
        name: mean_headway_days(s.timetable, at_ms, state.opens_ms(s.opening))
        for name, s in scenario.services.items()
    }


def _services_on(fare: Fare) -> Iterator[str]:
    for visit in fare.visits:
        if visit.step.service is not None:
            yield visit.step.service
