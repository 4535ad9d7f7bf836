"""Who waits for what: linked lists in the order of (priority, request time, unit)."""

from __future__ import annotations

from railsim.engine.compiled.rows import queue_at, resource_at, unit_at
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def join(w: World, r: int, u: int) -> None:
    """Go to the end of the queue of one's priority, by number within an instant."""
    now = w.now
    queue = queue_at(w, r * w.levels + unit_at(w, u).level)
    before, after = queue.tail, -1
    while before >= 0 and unit_at(w, before).at == now and before > u:
        after = before
        before = unit_at(w, before).previous
    unit_at(w, u).at = now
    unit_at(w, u).previous = before
    unit_at(w, u).next = after
    if before >= 0:
        unit_at(w, before).next = u
    else:
        queue.head = u
    if after >= 0:
        unit_at(w, after).previous = u
    else:
        queue.tail = u
    resource_at(w, r).waiting += 1


@kernel
def leave(w: World, r: int, u: int) -> None:
    """Go out of the queue."""
    queue = queue_at(w, r * w.levels + unit_at(w, u).level)
    before, after = unit_at(w, u).previous, unit_at(w, u).next
    if before >= 0:
        unit_at(w, before).next = after
    else:
        queue.head = after
    if after >= 0:
        unit_at(w, after).previous = before
    else:
        queue.tail = before
    resource_at(w, r).waiting -= 1


@kernel
def first_waiting(w: World, r: int) -> int:
    """Who stands at the head of the queue; -1 when nobody waits."""
    return first_of_levels(w, r, 0)


@kernel
def first_of_levels(w: World, r: int, level: int) -> int:
    """Who is first among those of a level and the less urgent ones."""
    levels = w.levels
    for i in range(level, levels):
        head = queue_at(w, r * levels + i).head
        if head >= 0:
            return int(head)
    return -1


@kernel
def following(w: World, r: int, u: int) -> int:
    """Who stands behind a unit; -1 when nobody does."""
    after = unit_at(w, u).next
    if after >= 0:
        return int(after)
    return first_of_levels(w, r, unit_at(w, u).level + 1)
