"""Who waits for what: linked lists in the order of (priority, request time, unit)."""

from __future__ import annotations

from railsim.engine.compiled.jit import kernel
from railsim.engine.compiled.tables import World


@kernel
def join(w: World, r: int, u: int) -> None:
    """Go to the end of the queue of one's priority, by number within an instant."""
    now, units = w.clock[0].now, w.units
    queue = w.queues[r * w.clock[0].levels + units[u].level]
    before, after = queue.tail, -1
    while before >= 0 and units[before].at == now and before > u:
        after = before
        before = units[before].previous
    units[u].at = now
    units[u].previous = before
    units[u].next = after
    if before >= 0:
        units[before].next = u
    else:
        queue.head = u
    if after >= 0:
        units[after].previous = u
    else:
        queue.tail = u
    w.resources[r].waiting += 1


@kernel
def leave(w: World, r: int, u: int) -> None:
    """Go out of the queue."""
    units = w.units
    queue = w.queues[r * w.clock[0].levels + units[u].level]
    before, after = units[u].previous, units[u].next
    if before >= 0:
        units[before].next = after
    else:
        queue.head = after
    if after >= 0:
        units[after].previous = before
    else:
        queue.tail = before
    w.resources[r].waiting -= 1


@kernel
def first_waiting(w: World, r: int) -> int:
    """Who stands at the head of the queue; -1 when nobody waits."""
    return first_of_levels(w, r, 0)


@kernel
def first_of_levels(w: World, r: int, level: int) -> int:
    """Who is first among those of a level and the less urgent ones."""
    levels = w.clock[0].levels
    for i in range(level, levels):
        head = w.queues[r * levels + i].head
        if head >= 0:
            return int(head)
    return -1


@kernel
def following(w: World, r: int, u: int) -> int:
    """Who stands behind a unit; -1 when nobody does."""
    after = w.units[u].next
    if after >= 0:
        return int(after)
    return first_of_levels(w, r, w.units[u].level + 1)
