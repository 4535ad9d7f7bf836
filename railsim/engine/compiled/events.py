"""What is written down, what will happen when, and who has been answered."""

from __future__ import annotations

from railsim.engine.compiled.jit import kernel
from railsim.engine.compiled.rows import (
    Row,
    log_amount_at,
    log_event_at,
    log_instant_at,
    log_resource_at,
    log_unit_at,
    log_value_at,
    pending_at,
    ready_at,
    resource_at,
    unit_at,
)
from railsim.engine.compiled.tables import World


@kernel
def record(
    w: World, event: int, unit: int, resource: int, value: int, amount: int
) -> None:
    """Append a row to the log."""
    row = w.rows
    w.rows = row + 1
    log_instant_at(w, row).at_ms = w.now
    log_event_at(w, row).event = event
    log_unit_at(w, row).number = unit
    log_resource_at(w, row).number = resource
    log_value_at(w, row).number = value
    log_amount_at(w, row).number = amount


@kernel
def plan_event(
    w: World, at: int, kind: int, unit: int, place: int, amount: int
) -> None:
    """Let something happen at an instant, behind all that is planned for it."""
    if at == w.now:
        _write(ready_at(w, w.ready_tail), at, 0, kind, unit, place, amount)
        w.ready_tail += 1
        return
    i = w.heap_size
    w.heap_size = i + 1
    sequence = w.sequence
    w.sequence = sequence + 1
    while i > 0:
        above = (i - 1) >> 1
        if pending_at(w, above).at <= at:
            break
        _copy(pending_at(w, above), pending_at(w, i))
        i = above
    _write(pending_at(w, i), at, sequence, kind, unit, place, amount)


@kernel
def drop_first(w: World) -> None:
    """Take the next event out of the heap."""
    size = w.heap_size - 1
    w.heap_size = size
    last = pending_at(w, size)
    i, below = 0, 1
    while below < size:
        if below + 1 < size and _is_before(
            pending_at(w, below + 1), pending_at(w, below)
        ):
            below += 1
        if not _is_before(pending_at(w, below), last):
            break
        _copy(pending_at(w, below), pending_at(w, i))
        i, below = below, 2 * below + 1
    _copy(last, pending_at(w, i))


@kernel
def _is_before(one: Row, other: Row) -> bool:
    """Is one event before another?"""
    return bool(
        one.at < other.at or (one.at == other.at and one.sequence < other.sequence)
    )


@kernel
def _copy(source: Row, target: Row) -> None:
    target.at = source.at
    target.sequence = source.sequence
    target.kind = source.kind
    target.unit = source.unit
    target.place = source.place
    target.amount = source.amount


@kernel
def _write(
    row: Row, at: int, sequence: int, kind: int, unit: int, place: int, amount: int
) -> None:
    row.at = at
    row.sequence = sequence
    row.kind = kind
    row.unit = unit
    row.place = place
    row.amount = amount


@kernel
def touch(w: World, r: int) -> None:
    """Let a resource grant when this instant's events are over."""
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
    unit_at(w, u).answer = value
    unit_at(w, u).then = -1
    if w.answered_head < 0:
        w.answered_head = u
    else:
        unit_at(w, w.answered_tail).then = u
    w.answered_tail = u
