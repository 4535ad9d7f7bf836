"""Stranded lots: who waits too long before a closed door may choose again, once."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.engine.compiled import codes
from railsim.engine.compiled.choosing.shares import share_routes
from railsim.engine.compiled.choosing.shippers import enlist, is_available
from railsim.engine.compiled.events import record
from railsim.engine.compiled.pending import plan_unit
from railsim.engine.compiled.rows import (
    chain_at,
    flow_at,
    lot_at,
    queue_at,
    rank_at,
    resource_at,
    service_at,
    step_at,
    unit_at,
)
from railsim.engine.compiled.words.queues import leave
from railsim.engine.kernels.jit import rare
from railsim.engine.kernels.tables import Row, World


@rare
def offer_other_routes(w: World) -> None:
    """Midnight: go to every queue before a closed resource."""
    for r in range(w.resource_count):
        if queue_at(w, r).waiting == 0 or not _is_shut(w, r):
            continue
        for level in range(w.levels):
            _ask(w, r, rank_at(w, r * w.levels + level))


@rare
def _ask(w: World, r: int, rank: Row) -> None:
    """Ask who has waited long enough, the longest waiting first.

    Nobody is asked twice but who had no other route: a rank may be long, and who
    stands before `asked_from` has said no for good.
    """
    u, limit = _first_since(w, rank), w.now - w.stranded_ms
    asked_from = limit
    while u >= 0 and unit_at(w, u).at < limit:
        behind = unit_at(w, u).next
        if u < w.lot_count and not _is_settled(w, r, u):
            asked_from = min(asked_from, unit_at(w, u).at)
        u = behind
    rank.asked_from = max(rank.asked_from, asked_from)


@rare
def _first_since(w: World, rank: Row) -> int:
    """The first of a rank who joined it at `asked_from` or later; -1 for nobody."""
    u, first = rank.tail, -1
    while u >= 0 and unit_at(w, u).at >= rank.asked_from:
        first = u
        u = unit_at(w, u).previous
    return int(first)


@rare
def _is_shut(w: World, r: int) -> bool:
    """Closed, or a service whose vehicles meet a closed link or line."""
    word, is_closed = resource_at(w, r).word, resource_at(w, r).capacity == 0
    if word == codes.WORD_TRAVEL or word == codes.WORD_STATION:
        return bool(is_closed)
    if word != codes.WORD_DEPARTURE:
        return False
    chain = chain_at(w, service_at(w, resource_at(w, r).owner).chain)
    for s in range(chain.begin, chain.end):
        way = resource_at(w, step_at(w, s).resource)
        is_way = way.word == codes.WORD_TRAVEL or way.word == codes.WORD_LINE
        is_closed = is_closed or (is_way and way.capacity == 0)
    return bool(is_closed)


@rare
def _is_settled(w: World, r: int, lot: int) -> bool:
    """Let a lot choose again; False if it would, but has no other route yet."""
    share, u, unit = w.stranded_share, lot_at(w, lot).stranded, unit_at(w, lot)
    if unit.is_turned or u >= share:
        return True
    place = _place_of(w, unit.chain, r)
    chains = _elsewhere(w, lot, place)
    if len(chains) == 0:
        return False
    unit.is_turned = 1
    chain = _choose_again(w, lot, chains, u / share)
    enlist(w, lot, chain)
    record(w, codes.REROUTED, lot, r, chain, 0)
    leave(w, r, lot)
    unit.step, unit.end = _entry(w, chain, place), chain_at(w, chain).end
    unit.doing = codes.TURNED
    plan_unit(w, w.now, lot)
    return True


@rare
def _place_of(w: World, chain: int, r: int) -> int:
    s = chain_at(w, chain).begin
    while step_at(w, s).resource != r:
        s += 1
    return int(step_at(w, s).place)


@rare
def _entry(w: World, chain: int, place: int) -> int:
    """The first step of a chain at a place; -1 when it does not pass there."""
    for s in range(chain_at(w, chain).begin, chain_at(w, chain).end):
        if step_at(w, s).place == place:
            return int(s)
    return -1


@rare
def _elsewhere(w: World, lot: int, place: int) -> Ints:
    """Other open chains of the lot's flow that pass the place."""
    flow, own = flow_at(w, lot_at(w, lot).flow), unit_at(w, lot).chain
    found, count = np.empty(flow.end - flow.begin, np.int64), 0
    for c in range(flow.begin, flow.end):
        if c != own and is_available(w, c) and _entry(w, c, place) >= 0:
            found[count] = c
            count += 1
    return found[:count]


@rare
def _choose_again(w: World, lot: int, chains: Ints, u: float) -> int:
    """Another route for a stranded lot among `chains`, by their shares."""
    shares = share_routes(w, lot_at(w, lot).flow, chains)
    reached = shares[0]
    for i in range(len(chains) - 1):
        if u < reached:
            return int(chains[i])
        reached += shares[i + 1]
    return int(chains[len(chains) - 1])
