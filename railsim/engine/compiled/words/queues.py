"""Who waits for what: linked lists in the order of (priority, request time, unit).

Queue q is that of resource q, or behind them that of a way of a line."""

from __future__ import annotations

from railsim.engine.compiled.rows import queue_at, rank_at, unit_at
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def join(w: World, q: int, u: int) -> None:
    """Go to the end of the queue of one's priority, by number within an instant."""
    now = w.now
    rank = rank_at(w, q * w.levels + unit_at(w, u).level)
    before, after = rank.tail, -1
    while before >= 0 and unit_at(w, before).at == now and before > u:
        after = before
        before = unit_at(w, before).previous
    unit_at(w, u).at = now
    unit_at(w, u).previous = before
    unit_at(w, u).next = after
    if before >= 0:
        unit_at(w, before).next = u
    else:
        rank.head = u
    if after >= 0:
        unit_at(w, after).previous = u
    else:
        rank.tail = u
    queue_at(w, q).waiting += 1


@kernel
def leave(w: World, q: int, u: int) -> None:
    """Go out of the queue."""
    rank = rank_at(w, q * w.levels + unit_at(w, u).level)
    before, after = unit_at(w, u).previous, unit_at(w, u).next
    if before >= 0:
        unit_at(w, before).next = after
    else:
        rank.head = after
    if after >= 0:
        unit_at(w, after).previous = before
    else:
        rank.tail = before
    queue_at(w, q).waiting -= 1


@kernel
def first_waiting(w: World, q: int) -> int:
    """Who stands at the head of the queue; -1 when nobody waits."""
    return first_of_levels(w, q, 0)


@kernel
def first_of_levels(w: World, q: int, level: int) -> int:
    """Who is first among those of a level and the less urgent ones."""
    levels = w.levels
    for i in range(level, levels):
        head = rank_at(w, q * levels + i).head
        if head >= 0:
            return int(head)
    return -1


@kernel
def following(w: World, q: int, u: int) -> int:
    """Who stands behind a unit; -1 when nobody does."""
    after = unit_at(w, u).next
    if after >= 0:
        return int(after)
    return first_of_levels(w, q, unit_at(w, u).level + 1)
