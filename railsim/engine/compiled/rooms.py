"""Who is let in: `travel` when it opens, `station` by its servers, `fleet` by tokens."""

from __future__ import annotations

from railsim.engine.compiled.events import answer, record, touch
from railsim.engine.compiled.jit import kernel
from railsim.engine.compiled.queues import first_waiting, following, leave
from railsim.engine.compiled.tables import World
from railsim.engine.log import TAKE

AWAY, NO, YES = -1, 0, 1  # answers
TAKE_EVENT = int(TAKE)


@kernel
def grant_door(w: World, r: int) -> None:
    """An open link lets all in who wait before it."""
    if w.resources[r].capacity == 0:
        return
    u = first_waiting(w, r)
    while u >= 0:
        leave(w, r, u)
        answer(w, u, YES)
        u = first_waiting(w, r)


@kernel
def grant_station(w: World, r: int) -> None:
    """Free servers take the head of the queue, then the room is made to suffice."""
    resource = w.resources[r]
    while resource.waiting > 0 and resource.used < resource.capacity:
        u = first_waiting(w, r)
        if resource.is_must_finish and not _ends_in_time(w, r, u):
            break
        leave(w, r, u)
        resource.used += 1
        answer(w, u, YES)
    if resource.room >= 0:
        _turn_away(w, r)
    resource.granted = w.clock[0].round


@kernel
def _ends_in_time(w: World, r: int, u: int) -> bool:
    """Would a service end by the next reduction of capacity?"""
    resource, now = w.resources[r], w.clock[0].now
    while (
        resource.reduction < resource.reduction_end
        and w.reductions[resource.reduction] <= now
    ):
        resource.reduction += 1
    if resource.reduction == resource.reduction_end:
        return True
    return bool(now + _service_ms(w, u) <= w.reductions[resource.reduction])


@kernel
def _service_ms(w: World, u: int) -> int:
    return time_of(w, u, w.steps[w.units[u].step - 1].slot)


@kernel
def time_of(w: World, u: int, slot: int) -> int:
    """The time drawn for a unit's step, in ms."""
    if u < w.clock[0].lot_count:
        return int(w.lot_times[w.units[u].first_time + slot])
    return int(w.vehicle_times[w.units[u].first_time + slot])


@kernel
def _turn_away(w: World, r: int) -> None:
    """Lots of this instant that find the room full, the last in order first."""
    resource, clock, units = w.resources[r], w.clock[0], w.units
    for level in range(clock.levels - 1, -1, -1):
        u = w.queues[r * clock.levels + level].tail
        while u >= 0 and resource.waiting > resource.room:
            before = units[u].previous
            if u < clock.lot_count and units[u].stamp >= resource.granted:
                leave(w, r, u)
                answer(w, u, AWAY)
            u = before


@kernel
def grant_pool(w: World, r: int) -> None:
    """The head of the queue takes its tokens; who waited too long gets none."""
    resource, units = w.resources[r], w.units
    while resource.waiting > 0:
        u = first_waiting(w, r)
        if units[u].part > resource.used:
            break
        _leave_pool(w, r, u)
        resource.used -= units[u].part
        record(w, TAKE_EVENT, u, r, 0, units[u].part)
        answer(w, u, YES)
    if resource.deadlines > 0:
        _dismiss_late(w, r)


@kernel
def _leave_pool(w: World, r: int, u: int) -> None:
    leave(w, r, u)
    if w.units[u].deadline >= 0:
        w.resources[r].deadlines -= 1


@kernel
def _dismiss_late(w: World, r: int) -> None:
    units, now = w.units, w.clock[0].now
    u = first_waiting(w, r)
    while u >= 0:
        after = following(w, r, u)
        if 0 <= units[u].deadline <= now:
            _leave_pool(w, r, u)
            answer(w, u, NO)
            touch(w, r)
        u = after
