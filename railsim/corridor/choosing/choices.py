"""What shippers weigh: money, perceived times, constants and nests of every chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints, floats, ints
from railsim.corridor.choosing.memory import Memory, RouteOfFlow
from railsim.corridor.costs import value_usd_per_teu
from railsim.corridor.fares import CHARGED, Fare, fares_of, tariffs_usd_per_teu
from railsim.corridor.services import NetworkState
from railsim.corridor.tables import Choices, Offers, Tastes
from railsim.corridor.time.clock import NEVER_MS
from railsim.corridor.time.timetables import mean_headway_days
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.chance import Opening
from railsim.sharing import once_for
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY, ms_from_hours


@dataclass(frozen=True, slots=True)
class Times:
    """Mean and deviation of the time on every chain, in hours."""

    mean_h: Floats
    sd_h: Floats


def build_choices(
    scenario: Scenario,
    state: NetworkState,
    memory: Memory,
    at_ms: int,
    free_times: Times,
) -> Choices:
    """Everything the choice model needs of a year that begins at `at_ms`.

    `free_times` are those of every chain without queues, for routes nobody remembers.
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


@once_for("flows", "commodities")
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


def _build_offers(
    scenario: Scenario,
    state: NetworkState,
    memory: Memory,
    at_ms: int,
    free_times: Times,
) -> Offers:
    lasting = _lasting_offers(scenario)
    perceived = _perceived(lasting.keys, memory, free_times)
    openings = [scenario.openings.get(name or "") for name in lasting.openings]
    opens_ms = ints(state.opens_ms(name) for name in lasting.openings)
    return Offers(
        asc=_known(lasting.keys, memory.asc),
        money_usd=tariffs_usd_per_teu(scenario)
        + _known(lasting.keys, memory.storage_usd),
        headway_days=_headways(scenario, state, at_ms, lasting),
        decay_per_day=lasting.decay_per_day,
        perceived_h=perceived.mean_h,
        perceived_sd_h=perceived.sd_h,
        base_share=lasting.base_share,
        nest=lasting.nest,
        open_from_ms=opens_ms[lasting.opening],
        open_until_ms=np.where(
            lasting.closing > 0, opens_ms[lasting.closing], NEVER_MS
        ),
        ramp_ms=ints(map(_ramp_ms, openings))[lasting.opening],
    )


@dataclass(frozen=True, slots=True)
class _Lasting:
    """What chains offer in every year.

    `opening` and `closing` are places in `openings`, of which the first is none. Chain
    `rider[i]` rides on the service `ridden[i]` of the scenario.
    """

    keys: tuple[RouteOfFlow, ...]
    openings: tuple[str | None, ...]
    opening: Ints
    closing: Ints
    decay_per_day: Floats
    base_share: Floats
    nest: Ints
    rider: Ints
    ridden: Ints


@once_for(*CHARGED)
def _lasting_offers(scenario: Scenario) -> _Lasting:
    fares, goods = fares_of(scenario), scenario.commodities
    routes = [scenario.routes[fare.route] for fare in fares]
    waited = [end for r in routes for end in (r.opening, r.until_opening) if end]
    openings = (None, *dict.fromkeys(waited))
    nests, services = [*scenario.choice.nests], [*scenario.services]
    rides = [(c, services.index(s)) for c, f in enumerate(fares) for s in _ridden(f)]
    pairs = list(zip(fares, routes, strict=True))
    return _Lasting(
        keys=tuple((fare.name, fare.route) for fare in fares),
        openings=openings,
        opening=ints(openings.index(route.opening) for route in routes),
        closing=ints(openings.index(route.until_opening) for route in routes),
        decay_per_day=floats(
            goods[f.flow.commodity].decay_per_day.get(r.mode, 0.0) for f, r in pairs
        ),
        base_share=floats(fare.flow.base_share[fare.route] for fare in fares),
        nest=ints(nests.index(route.nest) for route in routes),
        rider=ints(c for c, _ in rides),
        ridden=ints(s for _, s in rides),
    )


def _ridden(fare: Fare) -> list[str]:
    services = (visit.step.service for visit in fare.visits)
    return [service for service in services if service is not None]


def _known(keys: tuple[RouteOfFlow, ...], told: Mapping[RouteOfFlow, float]) -> Floats:
    return floats(told.get(key, 0.0) for key in keys)


def _perceived(
    keys: tuple[RouteOfFlow, ...], memory: Memory, free_times: Times
) -> Times:
    """Times as remembered, or first imagined."""
    free = zip(free_times.mean_h.tolist(), free_times.sd_h.tolist(), strict=True)
    met = memory.perceived_h
    rows = [met.get(key, time) for key, time in zip(keys, free, strict=True)]
    return Times(*floats(x for row in rows for x in row).reshape(-1, 2).T.copy())


def _ramp_ms(opening: Opening | None) -> int:
    if opening is None:
        return 0
    return round(opening.ramp_up_years * DAYS_PER_YEAR * MS_PER_DAY)


def _headways(
    scenario: Scenario, state: NetworkState, at_ms: int, lasting: _Lasting
) -> Floats:
    """Days between departures, on the rarest service of each chain."""
    of_service = floats(
        mean_headway_days(s.timetable, at_ms, state.opens_ms(s.opening))
        for s in scenario.services.values()
    )
    days = np.zeros(len(lasting.keys))
    np.maximum.at(days, lasting.rider, of_service[lasting.ridden])
    return days
