"""Shares of routes in the same arithmetic as `corridor.choosing.utility`, bit by bit.

Sums are exact (Shewchuk 1997, as `math.fsum`), products and exponentials are scalar and
in the same order.
"""

from __future__ import annotations

import math

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.engine.compiled.codes import AON, MNL
from railsim.engine.compiled.rows import chain_at, flow_at
from railsim.engine.kernels.jit import rare
from railsim.engine.kernels.tables import World


@rare
def exact_sum(values: Floats) -> float:
    """The sum of finite numbers, rounded once."""
    parts = np.empty(64)
    count = 0
    for value in values:
        x, kept = value, 0
        for j in range(count):
            y = parts[j]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                parts[kept] = low
                kept += 1
            x = high
        parts[kept] = x
        count = kept + (x != 0.0)
    return _rounded(parts, count)


@rare
def _rounded(parts: Floats, count: int) -> float:
    """Parts that do not overlap, added from the largest on; halves go to even."""
    if count == 0:
        return 0.0
    i = count - 1
    high, low = parts[i], 0.0
    while i > 0 and low == 0.0:
        x, y = high, parts[i - 1]
        i -= 1
        high = x + y
        low = y - (high - x)
    if i > 0 and ((low < 0.0 and parts[i - 1] < 0.0) or (low > 0.0 < parts[i - 1])):
        twice = low * 2.0
        x = high + twice
        if twice == x - high:
            high = x
    return float(high)


@rare
def generalised_cost(w: World, f: int, c: int) -> float:
    """Money and time costs of chain c at its perceived time, US$ per TEU."""
    flow, chain = flow_at(w, f), chain_at(w, c)
    days = chain.mean_h / w.hours_per_day
    deviation = chain.sd_h / w.hours_per_day
    spread = flow.demand * deviation
    stock = flow.service_factor * math.sqrt(
        days * (flow.demand_sd * flow.demand_sd) + spread * spread
    )
    inventory = flow.value * flow.inventory_rate * days / w.days_per_year
    decay = -flow.value * math.expm1(-chain.decay_per_day * days)
    schedule = flow.schedule * (chain.headway_days / 2.0)
    safety = flow.holding * flow.value * stock / (w.days_per_year * flow.demand)
    return float(chain.money + (inventory + decay + schedule + safety))


@rare
def softmax(values: Floats) -> Floats:
    """exp(v) / sum exp(v), shifted by the largest value."""
    weights = _weights(values, _largest(values))
    total = exact_sum(weights)
    for i in range(len(weights)):
        weights[i] = weights[i] / total
    return weights


@rare
def logsumexp(values: Floats) -> float:
    """ln sum exp(v), shifted by the largest value."""
    high = _largest(values)
    return float(high + math.log(exact_sum(_weights(values, high))))


@rare
def _largest(values: Floats) -> float:
    high = values[0]
    for value in values:
        if value > high:
            high = value
    return float(high)


@rare
def _weights(values: Floats, high: float) -> Floats:
    weights = np.empty(len(values))
    for i in range(len(values)):
        weights[i] = math.exp(values[i] - high)
    return weights


@rare
def share_routes(w: World, f: int, chains: Ints) -> Floats:
    """Shares among the chains on offer: as observed, or as shippers now see them."""
    if not w.is_learning:
        return _observed(w, chains)
    cost, utility = np.empty(len(chains)), np.empty(len(chains))
    for i in range(len(chains)):
        cost[i] = generalised_cost(w, f, chains[i])
        utility[i] = chain_at(w, chains[i]).asc - flow_at(w, f).theta * cost[i]
    if w.model == AON:
        return _all_or_nothing(cost)
    if w.model == MNL:
        return softmax(utility)
    return _nested(w, chains, utility)


@rare
def _observed(w: World, chains: Ints) -> Floats:
    base = np.empty(len(chains))
    for i in range(len(chains)):
        base[i] = chain_at(w, chains[i]).base_share
    total = exact_sum(base)
    for i in range(len(chains)):
        base[i] = base[i] / total if total > 0.0 else 1.0 / len(chains)
    return base


@rare
def _all_or_nothing(cost: Floats) -> Floats:
    shares, best = np.zeros(len(cost)), 0
    for i in range(len(cost)):
        if cost[i] < cost[best]:
            best = i
    shares[best] = 1.0
    return shares


@rare
def _nested(w: World, chains: Ints, utility: Floats) -> Floats:
    """Top-normalised nested logit over the nests that have a route on offer.

    `nests` holds the first member of each; the order of nests does not matter.
    """
    shares, nests, count = np.empty(len(chains)), np.empty(len(chains), np.int64), 0
    tops = np.empty(len(chains))
    for i in range(len(chains)):
        members = _members(w, chains, chain_at(w, chains[i]).nest)
        if members[0] != i:
            continue
        nests[count] = i
        tops[count] = _within(w, chains, utility, members, shares)
        count += 1
    top = softmax(tops[:count])
    for n in range(count):
        for i in _members(w, chains, chain_at(w, chains[nests[n]]).nest):
            shares[i] = shares[i] * top[n]
    return shares


@rare
def _members(w: World, chains: Ints, nest: int) -> Ints:
    """Which chains are in a nest."""
    found, count = np.empty(len(chains), np.int64), 0
    for i in range(len(chains)):
        if chain_at(w, chains[i]).nest == nest:
            found[count] = i
            count += 1
    return found[:count]


@rare
def _within(
    w: World, chains: Ints, utility: Floats, members: Ints, shares: Floats
) -> float:
    """Write the shares within a nest; what the nest is worth."""
    scale, inner = chain_at(w, chains[members[0]]).scale, np.empty(len(members))
    for k in range(len(members)):
        inner[k] = utility[members[k]] / scale
    within = softmax(inner)
    for k in range(len(members)):
        shares[members[k]] = within[k]
    return float(scale * logsumexp(inner))
