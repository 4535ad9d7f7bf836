"""`departure`: who leaves with which vehicle, and when a vehicle does not run."""

from __future__ import annotations

from railsim.engine.compiled.codes import (
    BOARD,
    CANCELLED,
    CLOSED,
    DROPPED,
    LOW_LOAD,
    NO,
    PART,
    YES,
)
from railsim.engine.compiled.events import answer, record, touch
from railsim.engine.compiled.rows import (
    flow_at,
    lot_at,
    resource_at,
    service_at,
    unit_at,
    vehicle_at,
)
from railsim.engine.compiled.words.queues import (
    first_of_levels,
    first_waiting,
    following,
    leave,
)
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Row, World

TOLERANCE = 1e-9
RUNS = -1


@kernel
def call_to_decide(w: World, r: int, u: int) -> None:
    """A vehicle asks whether it runs."""
    resource_at(w, r).deciding = _inserted(w, resource_at(w, r).deciding, u)
    touch(w, r)


@kernel
def call_to_board(w: World, r: int, u: int) -> None:
    """A vehicle takes its lots; the answer is their TEU."""
    resource_at(w, r).boarding = _inserted(w, resource_at(w, r).boarding, u)
    touch(w, r)


@kernel
def _inserted(w: World, head: int, u: int) -> int:
    """The list of vehicles in the order of their numbers, with one more."""
    if head < 0 or u < head:
        unit_at(w, u).next = head
        return u
    before = head
    while 0 <= unit_at(w, before).next < u:
        before = unit_at(w, before).next
    unit_at(w, u).next = unit_at(w, before).next
    unit_at(w, before).next = u
    return head


@kernel
def grant_platform(w: World, r: int) -> None:
    """Answer the vehicles in the order of their numbers, boarding ones first."""
    resource = resource_at(w, r)
    boarding, deciding = resource.boarding, resource.deciding
    resource.boarding, resource.deciding = -1, -1
    while boarding >= 0:
        after = unit_at(w, boarding).next
        answer(w, boarding, _load(w, r, boarding))
        boarding = after
    while deciding >= 0:
        after = unit_at(w, deciding).next
        answer(w, deciding, _decide(w, r, deciding))
        deciding = after


@kernel
def _decide(w: World, r: int, u: int) -> int:
    resource = resource_at(w, r)
    cause = _reason_to_cancel(w, r, u)
    if cause == RUNS:
        resource.cancelled = 0
        return YES
    if cause == LOW_LOAD:
        resource.cancelled += 1
    record(w, CANCELLED, u, r, cause, 0)
    return NO


@kernel
def _reason_to_cancel(w: World, r: int, u: int) -> int:
    resource = resource_at(w, r)
    service = service_at(w, resource.owner)
    if vehicle_at(w, u - w.lot_count).is_dropped:
        return DROPPED
    if resource.capacity == 0:
        return CLOSED
    if resource.cancelled < service.max_cancel and _is_too_empty(w, r, u):
        return LOW_LOAD
    return RUNS


@kernel
def _is_too_empty(w: World, r: int, u: int) -> bool:
    """Is the fuller of slots and tonnes below the least load?"""
    service = service_at(w, resource_at(w, r).owner)
    slots, kg = 0, 0
    lot = _pack(w, r, u)
    while lot >= 0:
        flow = flow_at(w, lot_at(w, lot).flow)
        slots += unit_at(w, lot).part * flow.slots_per_teu
        kg += unit_at(w, lot).part * flow.kg_per_teu
        lot = unit_at(w, lot).then
    share = max(slots / max(service.capacity_teu, 1), kg / max(service.capacity_kg, 1))
    return bool(share < service.min_load_share - TOLERANCE)


@kernel
def _load(w: World, r: int, u: int) -> int:
    """Whole lots and last parts leave; of the others a part goes ahead."""
    unit_at(w, u).riders, last, total = -1, -1, 0
    lot = _pack(w, r, u)
    while lot >= 0:
        after, teu = unit_at(w, lot).then, unit_at(w, lot).part
        total += teu
        if teu < unit_at(w, lot).left:
            unit_at(w, lot).left -= teu
            record(w, PART, lot, r, u, teu)
        else:
            record(w, BOARD, lot, r, u, teu)
            leave(w, r, lot)
            unit_at(w, lot).next = -1
            if last < 0:
                unit_at(w, u).riders = lot
            else:
                unit_at(w, last).next = lot
            last = lot
        lot = after
    return total


@kernel
def _pack(w: World, r: int, u: int) -> int:
    """Link by `then` the lots that fit, in order, each with its `part` in TEU."""
    service = service_at(w, resource_at(w, r).owner)
    limit = vehicle_at(w, u - w.lot_count).scheduled - service.cutoff_ms
    slots, kg = service.capacity_teu, service.capacity_kg
    first, last = -1, -1
    lot = _next_ready(w, r, first_waiting(w, r), limit)
    while lot >= 0:
        flow = flow_at(w, lot_at(w, lot).flow)
        teu = _that_fits(unit_at(w, lot).left, flow, slots, kg)
        if teu == unit_at(w, lot).left or (service.is_splittable and teu > 0):
            slots -= teu * flow.slots_per_teu
            kg -= teu * flow.kg_per_teu
            unit_at(w, lot).part, unit_at(w, lot).then = teu, -1
            if last < 0:
                first = lot
            else:
                unit_at(w, last).then = lot
            last = lot
        if teu < unit_at(w, lot).left and not service.is_overtaking:
            break
        lot = _next_ready(w, r, following(w, r, lot), limit)
    return first


@kernel
def _that_fits(left: int, flow: Row, slots: int, kg: int) -> int:
    teu = min(left, kg // flow.kg_per_teu)
    if flow.slots_per_teu > 0:
        teu = min(teu, slots // flow.slots_per_teu)
    return int(teu)


@kernel
def _next_ready(w: World, r: int, u: int, limit: int) -> int:
    """This lot, or the first of the less urgent ones that was ready in time."""
    while u >= 0 and unit_at(w, u).at > limit:
        u = first_of_levels(w, r, unit_at(w, u).level + 1)
    return u
