"""What is written down, what will happen when, and who has been answered."""

from __future__ import annotations

from railsim.engine.compiled.jit import kernel
from railsim.engine.compiled.tables import Table, World


@kernel
def record(
    w: World, event: int, unit: int, resource: int, value: int, amount: int
) -> None:
    """Append a row to the log."""
    log = w.log
    row = w.rows
    w.rows = row + 1
    log.at_ms[row] = w.now
    log.event[row] = event
    log.unit[row] = unit
    log.resource[row] = resource
    log.value[row] = value
    log.amount[row] = amount


@kernel
def plan_event(
    w: World, at: int, kind: int, unit: int, place: int, amount: int
) -> None:
    """Let something happen at an instant, behind all that is planned for it."""
    clock = w
    if at == w.now:
        _write(w.ready, w.ready_tail, at, 0, kind, unit, place, amount)
        w.ready_tail += 1
        return
    heap, i = w.pending, w.heap_size
    w.heap_size = i + 1
    sequence = w.sequence
    w.sequence = sequence + 1
    while i > 0:
        above = (i - 1) >> 1
        if heap[above].at <= at:
            break
        _move(heap, above, i)
        i = above
    _write(heap, i, at, sequence, kind, unit, place, amount)


@kernel
def drop_first(w: World) -> None:
    """Take the next event out of the heap."""
    heap = w.pending
    size = w.heap_size - 1
    w.heap_size = size
    at, sequence = heap[size].at, heap[size].sequence
    i, below = 0, 1
    while below < size:
        if below + 1 < size and _is_before(heap, below + 1, below):
            below += 1
        first = heap[below]
        if first.at > at or (first.at == at and first.sequence > sequence):
            break
        _move(heap, below, i)
        i, below = below, 2 * below + 1
    _move(heap, size, i)


@kernel
def _is_before(heap: Table, one: int, other: int) -> bool:
    """Is one event before another?"""
    a, b = heap[one], heap[other]
    return bool(a.at < b.at or (a.at == b.at and a.sequence < b.sequence))


@kernel
def _move(heap: Table, source: int, target: int) -> None:
    a, b = heap[source], heap[target]
    b.at = a.at
    b.sequence = a.sequence
    b.kind = a.kind
    b.unit = a.unit
    b.place = a.place
    b.amount = a.amount


@kernel
def _write(
    events: Table,
    i: int,
    at: int,
    sequence: int,
    kind: int,
    unit: int,
    place: int,
    amount: int,
) -> None:
    row = events[i]
    row.at = at
    row.sequence = sequence
    row.kind = kind
    row.unit = unit
    row.place = place
    row.amount = amount


@kernel
def touch(w: World, r: int) -> None:
    """Let a resource grant when this instant's events are over."""
    resources = w.resources
    if resource_at(w, r).is_touched:
        return
    resource_at(w, r).is_touched = 1
    resource_at(w, r).then = -1
    if resource_at(w, r).is_first:
        if w.first_head < 0:
            w.first_head = r
        else:
            resource_at(w, w.first_tail).then = r
        w.first_tail = r
        return
    if w.rest_head < 0:
        w.rest_head = r
    else:
        resource_at(w, w.rest_tail).then = r
    w.rest_tail = r


@kernel
def answer(w: World, u: int, value: int) -> None:
    """Let a unit go on when the round is over."""
    units = w.units
    unit_at(w, u).answer = value
    unit_at(w, u).then = -1
    if w.answered_head < 0:
        w.answered_head = u
    else:
        unit_at(w, w.answered_tail).then = u
    w.answered_tail = u
