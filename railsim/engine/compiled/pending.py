"""What will happen when, in the order of (time, sequence of planning).

A plan has a slot: a unit's own number for the end of what it does, else a row of
`parcels`. Plans for the instant itself go to `ready`, plans for the next minutes to the
heap `pending`, later ones to the list of their minutes in `buckets`, which is poured
into the heap when they begin: so the heap stays a few dozen rows. Their `key` is the
time to the end of the bucket, which is below 0, and behind it the sequence.
"""

from __future__ import annotations

from railsim.engine.compiled.rows import (
    bucket_at,
    parcel_at,
    pending_at,
    ready_at,
    unit_at,
)
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Row, World

BUCKET_BITS = 18  # a bucket is 2^18 ms: shifting is faster than dividing
ORDER_BITS = 32


@kernel
def plan_unit(w: World, at: int, u: int) -> None:
    """Let a unit go on at an instant."""
    _plan(w, at, u)


@kernel
def plan_parcel(
    w: World, at: int, kind: int, unit: int, place: int, amount: int
) -> None:
    """Let something else happen at an instant."""
    slot = _take_parcel(w)
    parcel = parcel_at(w, slot)
    parcel.kind = kind
    parcel.unit = unit
    parcel.place = place
    parcel.amount = amount
    _plan(w, at, w.unit_count + slot)


@kernel
def _take_parcel(w: World) -> int:
    """The row that was freed last, or one that nobody has touched."""
    slot = w.free_parcel
    if slot >= 0:
        w.free_parcel = parcel_at(w, slot).then
        return int(slot)
    w.parcel_count += 1
    return int(w.parcel_count - 1)


@kernel
def free_parcel(w: World, slot: int) -> None:
    """A parcel has happened; its row is free for another."""
    parcel_at(w, slot).then = w.free_parcel
    w.free_parcel = slot


@kernel
def _plan(w: World, at: int, slot: int) -> None:
    if at == w.now:
        ready_at(w, w.ready_tail).slot = slot
        w.ready_tail = _behind(w, w.ready_tail)
        return
    order = w.sequence
    w.sequence = order + 1
    if at < w.next_bucket_ms:
        _push(w, at, order, slot)
    elif at < w.stop:
        _put_by(w, at, order, slot)


@kernel
def _behind(w: World, i: int) -> int:
    """The next place in `ready`, which is a ring: a slot is in it once."""
    return 0 if i + 1 == w.ready_rows else i + 1


@kernel
def next_ready(w: World) -> int:
    """The slot of what was planned for this instant within it."""
    slot = ready_at(w, w.ready_head).slot
    w.ready_head = _behind(w, w.ready_head)
    return int(slot)


@kernel
def _put_by(w: World, at: int, order: int, slot: int) -> None:
    """Keep a plan until its bucket is poured."""
    bucket = bucket_at(w, (at - w.begin) >> BUCKET_BITS)
    if slot < w.unit_count:
        _link(unit_at(w, slot), at, order, bucket.first)
    else:
        _link(parcel_at(w, slot - w.unit_count), at, order, bucket.first)
    bucket.first = slot


@kernel
def _link(row: Row, at: int, order: int, first: int) -> None:
    row.due = at
    row.order = order
    row.then = first


@kernel
def pour_bucket(w: World) -> None:
    """The plans of the next minutes go into the heap."""
    slot = bucket_at(w, (w.next_bucket_ms - w.begin) >> BUCKET_BITS).first
    w.next_bucket_ms += 1 << BUCKET_BITS
    while slot >= 0:
        if slot < w.unit_count:
            slot = _pour(w, unit_at(w, slot), slot)
        else:
            slot = _pour(w, parcel_at(w, slot - w.unit_count), slot)


@kernel
def _pour(w: World, row: Row, slot: int) -> int:
    _push(w, row.due, row.order, slot)
    return int(row.then)


@kernel
def first_ms(w: World) -> int:
    """When the first plan of the heap, which has one, happens."""
    return int(w.next_bucket_ms + (pending_at(w, 0).key >> ORDER_BITS))


@kernel
def _push(w: World, at: int, order: int, slot: int) -> None:
    i = w.heap_size
    w.heap_size = i + 1
    _rise(w, i, ((at - w.next_bucket_ms) << ORDER_BITS) | order, slot)


@kernel
def _rise(w: World, i: int, key: int, slot: int) -> None:
    """Put a plan into a hole of the heap, or above it."""
    while i > 0:
        above = pending_at(w, (i - 1) >> 1)
        if above.key <= key:
            break
        _write(pending_at(w, i), above.key, above.slot)
        i = (i - 1) >> 1
    _write(pending_at(w, i), key, slot)


@kernel
def pop_first(w: World) -> int:
    """Take the next plan out of the heap; its slot.

    The hole goes down to a leaf and the last plan up from there: fewer comparisons.
    """
    slot, size = pending_at(w, 0).slot, w.heap_size - 1
    w.heap_size = size
    key, last = pending_at(w, size).key, pending_at(w, size).slot
    i, below = 0, 1
    while below < size:
        below += pending_at(w, below + 1).key < pending_at(w, below).key
        child = pending_at(w, below)
        _write(pending_at(w, i), child.key, child.slot)
        i, below = below, 2 * below + 1
    _rise(w, i, key, last)
    return int(slot)


@kernel
def _write(row: Row, key: int, slot: int) -> None:
    row.key = key
    row.slot = slot
