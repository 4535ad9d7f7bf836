"""A year between two simulated ones: service interpolated, flows of its own.

Times are linear in time between the two (MODEL specification 1.3). Demand is that of
the year, shares are chosen at its prices and times; what the simulated years add to
such shares (seasons, learning, luck) is a factor for each route, linear as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from railsim.corridor.arrays import Floats, Ints, sums
from railsim.corridor.choosing.choices import Times, build_choices
from railsim.corridor.choosing.learning import renew_cost_ratios
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.choosing.menus import menus_of_year
from railsim.corridor.choosing.weighing import chain_shares, costs_at
from railsim.corridor.demand import mean_lot_teu, tonnes_of_year
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import span_of
from railsim.engine.measuring.service import RouteService
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Annual
from railsim.units import KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class LivedYear:
    """A year, what its routes offered, and what shippers remember at its end."""

    plan: Plan
    routes: RouteService
    memory: Memory


def years_between(
    world: Scenario, before: LivedYear, after: LivedYear
) -> Iterator[LivedYear]:
    """The years strictly between two simulated ones of the same spell."""
    begin, end = before.plan.span.year, after.plan.span.year
    factors = (_learned_factors(before), _learned_factors(after))
    for year in range(begin + 1, end):
        share = (year - begin) / (end - begin)
        last = (year - 1 - begin) / (end - begin)
        plan, known = _renewed(world, before.plan, year, _remember(before, after, last))
        now = _remember(before, after, share)
        memory = replace(now, cost_ratio=known.cost_ratio)
        met = _mix_routes(before.routes, after.routes, share)
        kg = _kg(world, plan, memory, _mix(*factors, share), met.kg)
        yield LivedYear(plan, _with_flows(world, plan, met, kg), memory)


def _renewed(
    world: Scenario, plan: Plan, year: int, memory: Memory
) -> tuple[Plan, Memory]:
    """The choices of another year; all else of a plan is as in `plan`."""
    run, offers = world.run, plan.choices.offers
    span = span_of(year, warmup_days=run.warmup_days, drain_days=run.drain_days)
    state = planned_state(world).until(span.stop_ms)
    free = Times(offers.perceived_h, offers.perceived_sd_h)
    choices = build_choices(world, state, memory, span.measure_ms, free)
    plan = replace(plan, span=span, choices=choices)
    return plan, renew_cost_ratios(plan, memory)


def _remember(before: LivedYear, after: LivedYear, share: float) -> Memory:
    """Times and storage at a share of the way from one year's end to the other's."""
    old, new = before.memory, after.memory
    times = {
        key: (
            _on_the_way(old.perceived_h.get(key, met)[0], met[0], share),
            _on_the_way(old.perceived_h.get(key, met)[1], met[1], share),
        )
        for key, met in new.perceived_h.items()
    }
    storage = {
        key: _on_the_way(old.storage_usd.get(key, paid), paid, share)
        for key, paid in new.storage_usd.items()
    }
    return replace(new, perceived_h=times, storage_usd=storage)


def _on_the_way(begin: float, end: float, share: float) -> float:
    return (1.0 - share) * begin + share * end


def _mix(begin: Floats, end: Floats, share: float) -> Floats:
    """Linear in between; where one end is unknown, the other."""
    mixed = (1.0 - share) * begin + share * end
    mixed = np.where(np.isnan(begin), end, np.where(np.isnan(end), begin, mixed))
    return np.asarray(mixed, dtype=np.float64)


def _mix_routes(begin: RouteService, end: RouteService, share: float) -> RouteService:
    """All of it, amounts too."""
    mixed: dict[str, Any] = {}
    for name in (field.name for field in fields(RouteService)):
        old, new = getattr(begin, name), getattr(end, name)
        values = _mix(old.astype(np.float64), new.astype(np.float64), share)
        mixed[name] = values if old.dtype == np.float64 else _whole(values)
    return RouteService(**mixed)


def _whole(amounts: Floats) -> Ints:
    return np.asarray(np.rint(amounts), dtype=np.int64)


def _learned_factors(lived: LivedYear) -> Floats:
    """Share of each chain in its flow's kg, over its share at the year's mean times."""
    plan, kg = lived.plan, lived.routes.kg
    expected = _expected_shares(plan, lived.memory)
    flow, own = plan.chains.flow[: len(expected)], kg[: len(expected)]
    wanted = sums(flow, own, len(plan.flows.names))[flow] * expected
    nobody = np.full(len(expected), np.nan)
    found: Floats = np.divide(own, wanted, out=nobody, where=wanted > 0.0)
    return found


def _expected_shares(plan: Plan, memory: Memory) -> Floats:
    """Share of each chain in its flow at the times remembered."""
    offers, names = plan.choices.offers, plan.flows.names
    mean, sd = offers.perceived_h.copy(), offers.perceived_sd_h.copy()
    for c in range(len(mean)):
        key = (names[plan.chains.flow[c]], plan.chains.route[c])
        mean[c], sd[c] = memory.perceived_h.get(key, (mean[c], sd[c]))
    return chain_shares(plan, menus_of_year(plan), costs_at(plan, mean, sd))


def _kg(
    world: Scenario,
    plan: Plan,
    memory: Memory,
    factors: Floats,
    mixed_kg: Ints | Floats,
) -> Ints:
    """Kilograms of each chain; those of a flow sum to its demand."""
    learnt = np.where(np.isfinite(factors), factors, 1.0)
    weights = _expected_shares(plan, memory) * learnt
    flow, count = plan.chains.flow[: len(weights)], len(plan.flows.names)
    total = sums(flow, mixed_kg[: len(weights)], count)
    for f, (name, each) in enumerate(world.flows.items()):
        if isinstance(each.arrivals, Annual):
            ratio = memory.cost_ratio.get(name, 1.0)
            tonnes = tonnes_of_year(world, each, plan.span.year, cost_ratio=ratio)
            total[f] = tonnes * KG_PER_TONNE
    whole = sums(flow, weights, count)[flow]
    shares = np.divide(weights, whole, out=np.zeros(len(weights)), where=whole > 0.0)
    kg = np.zeros(len(plan.chains.route), dtype=np.int64)
    kg[: len(weights)] = _whole(total[flow] * shares)
    return kg


def _with_flows(
    world: Scenario, plan: Plan, met: RouteService, kg: Ints
) -> RouteService:
    """Lots and TEU that carry so many kilograms; lost ones in their share."""
    flow = plan.chains.flow
    is_route = flow >= 0
    sizes = np.array([mean_lot_teu(world, each) for each in world.flows.values()])
    teu = np.zeros(len(kg))
    teu[is_route] = kg[is_route] / plan.flows.cargo.kg_per_teu[flow[is_route]]
    lots = np.zeros(len(kg))
    lots[is_route] = teu[is_route] / sizes[flow[is_route]]
    scale = np.divide(lots, met.lots, out=np.zeros(len(kg)), where=met.lots > 0)
    return replace(
        met,
        lots=_whole(lots),
        teu=_whole(teu),
        kg=kg,
        undelivered=_whole(scale * met.undelivered),
        lost=_whole(scale * met.lost),
    )
