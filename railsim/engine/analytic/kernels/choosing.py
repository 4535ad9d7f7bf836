"""Generalised cost and shares by menus: the formulas of `corridor.choosing.utility`."""

from __future__ import annotations

import math

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.engine.analytic.model import Model, Rows
from railsim.engine.kernels.jit import kernel
from railsim.units import DAYS_PER_YEAR, HOURS_PER_DAY


@kernel
def cost_chains(m: Model, mean: Floats, spread: Floats, cost: Floats) -> None:
    """Money and time costs of every chain, US$ per TEU."""
    for f in range(len(m.flows)):
        flow = m.flows[f]
        yearly = DAYS_PER_YEAR * flow.demand
        for c in range(flow.chain_begin, flow.chain_end):
            days, chain = mean[c] / HOURS_PER_DAY, m.chains[c]
            varying = flow.demand * spread[c] / HOURS_PER_DAY
            stock = flow.service_factor * math.sqrt(
                days * flow.demand_sd * flow.demand_sd + varying * varying
            )
            inventory = flow.value * flow.inventory * days / DAYS_PER_YEAR
            decay = -flow.value * math.expm1(-chain.decay * days)
            schedule = flow.schedule * chain.headway_days / 2.0
            safety = flow.holding * flow.value * stock / yearly
            cost[c] = chain.money + (inventory + decay + schedule + safety)


@kernel
def share_lots(m: Model, cost: Floats, share: Floats, x: Floats) -> None:
    """Lots of every chain at these costs; `share` is room for a share a member."""
    x[:] = 0.0
    for f in range(len(m.flows)):
        flow = m.flows[f]
        for p in range(flow.menu_begin, flow.menu_end):
            menu = m.menus[p]
            share_menu(m, f, p, cost, share)
            for i in range(menu.member_begin, menu.member_end):
                x[m.member[i]] += menu.weight * share[i]
        kept = flow.contract_share
        for c in range(flow.chain_begin, flow.chain_end):
            mixed = (1.0 - kept) * x[c] + kept * m.chains[c].contract
            x[c] = flow.lots * mixed


@kernel
def share_menu(m: Model, f: int, p: int, cost: Floats, share: Floats) -> float:
    """Write the shares of a menu's members; what the menu is worth, in utils."""
    first, last = m.menus[p].member_begin, m.menus[p].member_end
    member, theta = m.member[first:last], m.flows[f].theta
    found = share[first:last]
    if not m.is_learning:
        return _observed(m.chains, member, found)
    for i in range(len(member)):
        c = member[i]
        found[i] = m.chains[c].asc - theta * cost[c]
    if m.is_all_or_nothing:
        return _best(member, cost, found)
    return _nested(m.chains, m.scale, member, found)


@kernel
def _nested(chains: Rows, scale: Floats, member: Ints, share: Floats) -> float:
    """Turn utilities into shares, top-normalised nested logit; the logsum."""
    worth, top = np.empty(len(scale)), -math.inf
    for k in range(len(scale)):
        worth[k] = scale[k] * _within(chains, k, scale[k], member, share)
        top = max(top, worth[k])
    total = 0.0
    for k in range(len(scale)):
        worth[k] = math.exp(worth[k] - top)
        total += worth[k]
    for i in range(len(member)):
        share[i] *= worth[chains[member[i]].nest] / total
    return top + math.log(total)


@kernel
def _within(
    chains: Rows, nest: int, scale: float, member: Ints, share: Floats
) -> float:
    """Turn utilities of a nest's members into shares within it; its inclusive value."""
    high, total = -math.inf, 0.0
    for i in range(len(member)):
        if chains[member[i]].nest == nest:
            high = max(high, share[i] / scale)
    for i in range(len(member)):
        if chains[member[i]].nest == nest:
            share[i] = math.exp(share[i] / scale - high)
            total += share[i]
    for i in range(len(member)):
        if chains[member[i]].nest == nest:
            share[i] /= total
    return high + math.log(total) if total > 0.0 else -math.inf


@kernel
def _observed(chains: Rows, member: Ints, share: Floats) -> float:
    """Base-year shares of those that are open."""
    total = 0.0
    for i in range(len(member)):
        share[i] = chains[member[i]].base_share
        total += share[i]
    for i in range(len(member)):
        share[i] = share[i] / total if total > 0.0 else 1.0 / len(member)
    return math.nan


@kernel
def _best(member: Ints, cost: Floats, share: Floats) -> float:
    """All to the cheapest, the first of equals; its utility."""
    best = 0
    for i in range(len(member)):
        if cost[member[i]] < cost[member[best]]:
            best = i
    worth = share[best]
    share[:] = 0.0
    share[best] = 1.0
    return float(worth)
