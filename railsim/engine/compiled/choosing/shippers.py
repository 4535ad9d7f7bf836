"""Which route a lot takes, and how shippers learn from what arrived."""

from __future__ import annotations

import math

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.engine.compiled.choosing.shares import exact_sum, share_routes
from railsim.engine.compiled.rows import (
    chain_at,
    enlisted_at,
    flow_at,
    level_at,
    lot_at,
    share_at,
    unit_at,
)
from railsim.engine.kernels.jit import rare
from railsim.engine.kernels.tables import World

CLOSED = -1.0  # level of inclusion of a route that is not open


@rare
def choose(w: World, lot: int) -> int:
    """The route of a new lot by its own choice number; -1 when none is open."""
    f, chain = lot_at(w, lot).flow, -1
    flow = flow_at(w, f)
    if lot_at(w, lot).contract < flow.contract_share:
        half = w.level_rows
        chain = _pick(w, lot, half, flow.contract_level_count)
    if chain < 0 or not chain_at(w, chain).is_open:
        chain = _pick(w, lot, 0, flow.level_count)
    if chain >= 0:
        enlist(w, lot, chain)
    return int(chain)


@rare
def _pick(w: World, lot: int, half: int, count: int) -> int:
    """By the table of the routes this shipper considers; the best known at least."""
    if count == 0:
        return -1
    flow = flow_at(w, lot_at(w, lot).flow)
    first = half + flow.begin
    i = 0
    while i < count - 1 and lot_at(w, lot).ramp >= level_at(w, first + i).level:
        i += 1
    begin = flow.table_begin + i * (flow.end - flow.begin)
    if half > 0:
        begin += w.share_rows
    return reached_by(w, begin, level_at(w, first + i).count, lot_at(w, lot).choice)


@rare
def reached_by(w: World, begin: int, count: int, u: float) -> int:
    """The chain in whose band of a share table a number falls."""
    for i in range(count - 1):
        if u < share_at(w, begin + i).reached:
            return int(share_at(w, begin + i).chain)
    return int(share_at(w, begin + count - 1).chain)


@rare
def enlist(w: World, lot: int, chain: int) -> None:
    """Note the lot among those of its route."""
    entry = lot if unit_at(w, lot).chain < 0 else lot + w.lot_count
    unit_at(w, lot).chain = chain
    enlisted_at(w, entry).entry = -1
    if chain_at(w, chain).oldest < 0:
        chain_at(w, chain).oldest = entry
    else:
        enlisted_at(w, chain_at(w, chain).newest).entry = entry
    chain_at(w, chain).newest = entry


@rare
def delivered(w: World, lot: int) -> None:
    """A lot has arrived: the day's experience of its route."""
    unit = unit_at(w, lot)
    unit.at = w.now
    unit.next = chain_at(w, unit.chain).day
    chain_at(w, unit.chain).day = lot
    unit.chain = -1


@rare
def lost(w: World, lot: int) -> None:
    """A lot will not arrive."""
    unit_at(w, lot).chain = -1


@rare
def learn(w: World) -> None:
    """Midnight: perceive the day that ended, then share anew."""
    if not w.is_learning:
        if w.has_openings:
            renew(w)
        return
    for c in range(w.chain_count):
        if chain_at(w, c).day >= 0:
            _perceive(w, c, _times_of_day(w, c))
            chain_at(w, c).day = -1
        else:
            _perceive_stuck(w, c)
    renew(w)


@rare
def _times_of_day(w: World, c: int) -> Floats:
    count, lot = 0, chain_at(w, c).day
    while lot >= 0:
        count += 1
        lot = unit_at(w, lot).next
    times, lot = np.empty(count), chain_at(w, c).day
    for i in range(count):
        stay = unit_at(w, lot).at - lot_at(w, lot).arrival
        times[i] = stay / w.ms_per_hour
        lot = unit_at(w, lot).next
    return times


@rare
def _perceive(w: World, c: int, times: Floats) -> None:
    """Mixture of old perception and the day: mean and variance."""
    chain, weight = chain_at(w, c), w.learning
    mean = exact_sum(times) / len(times)
    for i in range(len(times)):
        off = times[i] - mean
        times[i] = off * off
    variance = exact_sum(times) / len(times)
    step = mean - chain.mean_h
    old = chain.sd_h * chain.sd_h
    spread = (1.0 - weight) * (old + weight * step * step) + weight * variance
    chain.mean_h = chain.mean_h + weight * step
    chain.sd_h = math.sqrt(spread)


@rare
def _perceive_stuck(w: World, c: int) -> None:
    """On a route that is stuck, the age of its oldest lot bounds the time."""
    chain = chain_at(w, c)
    entry = chain.oldest
    while entry >= 0 and unit_at(w, entry % w.lot_count).chain != c:
        entry = enlisted_at(w, entry).entry
    chain.oldest = entry
    if entry < 0:
        return
    age = (w.now - lot_at(w, entry % w.lot_count).arrival) / w.ms_per_hour
    if age > chain.mean_h + w.stranded_ms / w.ms_per_hour:
        chain.mean_h = age


@rare
def is_available(w: World, c: int) -> bool:
    """Is a route open now?"""
    now = w.now
    return bool(chain_at(w, c).open_from <= now < chain_at(w, c).open_until)


@rare
def renew(w: World) -> None:
    """The share tables of a day: one for each level of inclusion of new routes."""
    for f in range(w.flow_count):
        flow = flow_at(w, f)
        for c in range(flow.begin, flow.end):
            chain_at(w, c).is_open = is_available(w, c)
        _renew_flow(w, f)


@rare
def _renew_flow(w: World, f: int) -> None:
    flow = flow_at(w, f)
    included = np.empty(flow.end - flow.begin)
    for i in range(len(included)):
        included[i] = _inclusion(w, flow.begin + i)
    level, count = _next_level(included, CLOSED), 0
    while level < np.inf:
        level_at(w, flow.begin + count).level = level
        known = _considered(included, level, flow.begin)
        level_at(w, flow.begin + count).count = len(known)
        begin = flow.table_begin + count * (flow.end - flow.begin)
        _fill(w, begin, known, share_routes(w, f, known))
        level, count = _next_level(included, level), count + 1
    flow.level_count = count


@rare
def _next_level(included: Floats, level: float) -> float:
    """The least level of inclusion above this one."""
    found = np.inf
    for one in included:
        if level < one < found:
            found = one
    return found


@rare
def _considered(included: Floats, level: float, begin: int) -> Ints:
    """The chains considered by shippers of a level."""
    chains, count = np.empty(len(included), np.int64), 0
    for i in range(len(included)):
        if included[i] >= level:
            chains[count] = begin + i
            count += 1
    return chains[:count]


@rare
def _fill(w: World, begin: int, chains: Ints, shares: Floats) -> None:
    reached = 0.0
    for i in range(len(chains)):
        reached = shares[i] if i == 0 else reached + shares[i]
        share_at(w, begin + i).chain = chains[i]
        share_at(w, begin + i).reached = reached


@rare
def _inclusion(w: World, c: int) -> float:
    """Share of shippers who consider a route: 1 - exp(-t / ramp), 1 if it is old."""
    chain = chain_at(w, c)
    if not chain.is_open:
        return CLOSED
    if chain.ramp_ms == 0:
        return 1.0
    return -math.expm1(-(w.now - chain.open_from) / chain.ramp_ms)


@rare
def keep_contracts(w: World) -> None:
    """Contracts are made at the shares of the first day."""
    half = w.level_rows
    for i in range(half):
        level_at(w, half + i).level = level_at(w, i).level
        level_at(w, half + i).count = level_at(w, i).count
    half = w.share_rows
    for i in range(half):
        share_at(w, half + i).chain = share_at(w, i).chain
        share_at(w, half + i).reached = share_at(w, i).reached
    for f in range(w.flow_count):
        flow_at(w, f).contract_level_count = flow_at(w, f).level_count
