"""A year between two simulated ones: service interpolated, flows of its own.

Times are linear in time between the two (MODEL specification 1.3). Demand is that of
the year, shares are chosen at its prices and times; what the simulated years add to
such shares (seasons, learning, luck) is a factor for each route, linear as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.choosing.choices import build_choices
from railsim.corridor.choosing.learning import perceived_costs, renew_cost_ratios
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.choosing.menus import Menu, chain_shares, menus_of_year
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
    free = zip(offers.perceived_h.tolist(), offers.perceived_sd_h.tolist(), strict=True)
    choices = build_choices(world, state, memory, span.measure_ms, [*free])
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
    factors = np.full(len(plan.chains.route), np.nan)
    for f, shares in enumerate(_expected_shares(plan, lived.memory)):
        total = float(kg[plan.flows.chains(f)].sum())
        for c, share in shares.items():
            if total > 0.0 and share > 0.0:
                factors[c] = float(kg[c]) / total / share
    return factors


def _expected_shares(plan: Plan, memory: Memory) -> list[dict[int, float]]:
    """Of each flow, the share of each chain at the times remembered."""
    menus: list[list[Menu]] = [[] for _ in plan.flows.names]
    for menu in menus_of_year(plan):
        menus[menu.flow].append(menu)
    return [
        chain_shares(
            plan, menus[f], perceived_costs(plan, f, chains, memory).__getitem__
        )
        for f, chains in enumerate(map(plan.flows.chains, range(len(menus))))
    ]


def _kg(
    world: Scenario,
    plan: Plan,
    memory: Memory,
    factors: Floats,
    mixed_kg: Ints | Floats,
) -> Ints:
    """Kilograms of each chain; those of a flow sum to its demand."""
    kg = np.zeros(len(plan.chains.route), dtype=np.int64)
    expected = _expected_shares(plan, memory)
    for f, (name, flow) in enumerate(world.flows.items()):
        chains = plan.flows.chains(f)
        total = float(mixed_kg[chains].sum())
        if isinstance(flow.arrivals, Annual):
            ratio = memory.cost_ratio.get(name, 1.0)
            tonnes = tonnes_of_year(world, flow, plan.span.year, cost_ratio=ratio)
            total = tonnes * KG_PER_TONNE
        kg[chains] = _split(total, chains, expected[f], factors)
    return kg


def _split(
    total: float, chains: range, shares: Mapping[int, float], factors: Floats
) -> list[int]:
    weights = [
        shares.get(c, 0.0) * (f if math.isfinite(f := float(factors[c])) else 1.0)
        for c in chains
    ]
    whole = math.fsum(weights)
    return [round(total * w / whole) if whole > 0.0 else 0 for w in weights]


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
