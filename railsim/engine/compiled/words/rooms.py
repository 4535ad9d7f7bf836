"""Who is let in: `travel` when it opens, `station` by servers, `fleet` by tokens."""

from __future__ import annotations

from railsim.engine.compiled.codes import AWAY, NEVER, NO, TAKE, YES
from railsim.engine.compiled.events import answer, record, touch
from railsim.engine.compiled.rows import (
    lot_time_at,
    queue_at,
    rank_at,
    reduction_at,
    resource_at,
    step_at,
    unit_at,
    vehicle_time_at,
)
from railsim.engine.compiled.words.queues import first_waiting, following, leave
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def grant_door(w: World, r: int) -> None:
    """An open link lets all in who wait before it."""
    if resource_at(w, r).capacity == 0:
        return
    u = first_waiting(w, r)
    while u >= 0:
        leave(w, r, u)
        answer(w, u, YES)
        u = first_waiting(w, r)


@kernel
def grant_station(w: World, r: int) -> None:
    """Free servers take the head of the queue, then the room is made to suffice."""
    resource = resource_at(w, r)
    while queue_at(w, r).waiting > 0 and resource.count < resource.capacity:
        u = first_waiting(w, r)
        if resource.is_must_finish and not _ends_in_time(w, r, u):
            break
        leave(w, r, u)
        resource.count += 1
        answer(w, u, YES)
    if resource.room >= 0:
        _turn_away(w, r)
    resource.granted = w.round


@kernel
def _ends_in_time(w: World, r: int, u: int) -> bool:
    """Would a service end by the next reduction of capacity?"""
    resource, now = resource_at(w, r), w.now
    while (
        resource.reduction < resource.reduction_end
        and reduction_at(w, resource.reduction).at <= now
    ):
        resource.reduction += 1
    if resource.reduction == resource.reduction_end:
        return True
    return bool(now + _service_ms(w, u) <= reduction_at(w, resource.reduction).at)


@kernel
def _service_ms(w: World, u: int) -> int:
    return time_of(w, u, step_at(w, unit_at(w, u).step - 1).slot)


@kernel
def time_of(w: World, u: int, slot: int) -> int:
    """The time drawn for a unit's step, in ms."""
    if u < w.lot_count:
        return int(lot_time_at(w, unit_at(w, u).first_time + slot).ms)
    return int(vehicle_time_at(w, unit_at(w, u).first_time + slot).ms)


@kernel
def _turn_away(w: World, r: int) -> None:
    """Lots of this instant that find the room full, the last in order first."""
    resource = resource_at(w, r)
    for level in range(w.levels - 1, -1, -1):
        u = rank_at(w, r * w.levels + level).tail
        while u >= 0 and queue_at(w, r).waiting > resource.room:
            before = unit_at(w, u).previous
            if u < w.lot_count and unit_at(w, u).stamp >= resource.granted:
                leave(w, r, u)
                answer(w, u, AWAY)
            u = before


@kernel
def grant_pool(w: World, r: int) -> None:
    """The head of the queue takes its tokens; who waited too long gets none."""
    resource = resource_at(w, r)
    while queue_at(w, r).waiting > 0:
        u = first_waiting(w, r)
        if unit_at(w, u).part > resource.count:
            break
        _leave_pool(w, r, u)
        resource.count -= unit_at(w, u).part
        record(w, TAKE, u, r, 0, unit_at(w, u).part)
        answer(w, u, YES)
    if resource.deadlines > 0:
        _dismiss_late(w, r)


@kernel
def _leave_pool(w: World, r: int, u: int) -> None:
    leave(w, r, u)
    if unit_at(w, u).deadline < NEVER:
        resource_at(w, r).deadlines -= 1


@kernel
def _dismiss_late(w: World, r: int) -> None:
    now = w.now
    u = first_waiting(w, r)
    while u >= 0:
        after = following(w, r, u)
        if unit_at(w, u).deadline <= now:
            _leave_pool(w, r, u)
            answer(w, u, NO)
            touch(w, r)
        u = after
