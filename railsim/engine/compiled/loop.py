"""The clock: from instant to instant, and within one from events to rounds of grants.

At an instant capacity changes come first, then midnight, then all events, then a round:
departures and fleets if any was touched, else all others. Whom a round answers goes on
at once; what that sets in motion at the same instant happens before the next round.
"""

from __future__ import annotations

from railsim.engine.compiled import codes
from railsim.engine.compiled.choosing.shippers import keep_contracts, learn, renew
from railsim.engine.compiled.choosing.stranded import offer_other_routes
from railsim.engine.compiled.events import record, touch
from railsim.engine.compiled.lives import begin_lot, begin_vehicle, proceed
from railsim.engine.compiled.ordering import reorder
from railsim.engine.compiled.pending import (
    first_ms,
    free_parcel,
    next_ready,
    pop_first,
    pour_bucket,
)
from railsim.engine.compiled.rows import (
    change_at,
    departure_at,
    log_unit_at,
    lot_at,
    parcel_at,
    resource_at,
    unit_at,
)
from railsim.engine.compiled.words.platforms import grant_platform
from railsim.engine.compiled.words.rooms import grant_door, grant_pool, grant_station
from railsim.engine.compiled.words.steps import give_back
from railsim.engine.compiled.words.tracks import clear_section, grant_line
from railsim.engine.kernels.jit import entry, kernel
from railsim.engine.kernels.tables import Row, Table, World

DONE, IS_FULL, IS_OVER_BUDGET = range(3)


@entry
def run(world: Table) -> int:
    """Let the clock run until it stops, or the log is full or beyond its budget."""
    w = world[0]
    if not w.has_begun:
        _begin(w)
    while w.rows < w.rows_safe:
        if not (_is_busy(w) or _advance(w)):
            return IS_OVER_BUDGET if w.rows > w.max_events else DONE
        if w.is_over_budget:
            return IS_OVER_BUDGET
    return IS_FULL


@kernel
def _begin(w: World) -> None:
    """Shippers look at what is on offer; nothing has happened yet."""
    w.has_begun = 1
    renew(w)
    keep_contracts(w)
    w.now = w.begin - 1
    _look_outside(w)


@kernel
def _is_busy(w: World) -> bool:
    """Do the next thing of this instant; False when all is done."""
    if w.answered_head >= 0:
        _wake_next(w)
    elif w.heap_size > 0 and first_ms(w) == w.now:
        _happen(w, pop_first(w))
    elif w.ready_head != w.ready_tail:
        _happen(w, next_ready(w))
    elif w.outside_ms <= w.now:
        _enter(w)
    elif w.first_head >= 0 or w.rest_head >= 0:
        _arbitrate(w)
    else:
        return False
    return True


@kernel
def _wake_next(w: World) -> None:
    """The next of those whom the round has answered goes on."""
    u = w.answered_head
    w.answered_head = unit_at(w, u).then
    proceed(w, u)


@kernel
def _happen(w: World, slot: int) -> None:
    if slot < w.unit_count:
        proceed(w, slot)
        return
    slot -= w.unit_count
    parcel = parcel_at(w, slot)
    kind, unit, place, amount = parcel.kind, parcel.unit, parcel.place, parcel.amount
    free_parcel(w, slot)
    if kind == codes.TOKENS:
        give_back(w, unit, place, amount)
    elif kind == codes.CLEARED:
        clear_section(w, place, amount)
    else:
        touch(w, place)


@kernel
def _enter(w: World) -> None:
    """The next lot, or after the lots of the instant the next vehicle, begins."""
    w.is_over_budget = w.rows > w.max_events
    if _next_lot_ms(w) <= w.now:
        w.next_lot += 1
        begin_lot(w, w.next_lot - 1)
    else:
        w.next_vehicle += 1
        begin_vehicle(w, departure_at(w, w.next_vehicle - 1).unit)
    _look_outside(w)


@kernel
def _arbitrate(w: World) -> None:
    """A round: departures and fleets if any was touched, else all others."""
    w.round += 1
    if w.first_head >= 0:
        r = w.first_head
        w.first_head = -1
    else:
        r = w.rest_head
        w.rest_head = -1
    while r >= 0:
        after = resource_at(w, r).then
        resource_at(w, r).is_touched = 0
        _grant(w, r)
        r = after


@kernel
def _grant(w: World, r: int) -> None:
    word = resource_at(w, r).word
    if word == codes.WORD_STATION:
        grant_station(w, r)
    elif word == codes.WORD_LINE:
        grant_line(w, r)
    elif word == codes.WORD_DEPARTURE:
        grant_platform(w, r)
    elif word == codes.WORD_POOL:
        grant_pool(w, r)
    else:
        grant_door(w, r)


@kernel
def _next_lot_ms(w: World) -> int:
    next_lot = w.next_lot
    if next_lot == w.lot_count:
        return codes.NEVER
    return int(lot_at(w, next_lot).arrival)


@kernel
def _next_vehicle_ms(w: World) -> int:
    next_vehicle = w.next_vehicle
    if next_vehicle == w.vehicle_count:
        return codes.NEVER
    return int(departure_at(w, next_vehicle).at)


@kernel
def _next_change_ms(w: World) -> int:
    next_change = w.next_change
    if next_change == w.change_count:
        return codes.NEVER
    return int(change_at(w, next_change).at)


@kernel
def _look_outside(w: World) -> None:
    """When the next lot, vehicle, change or midnight comes."""
    w.outside_ms = min(
        _next_lot_ms(w), _next_vehicle_ms(w), _next_change_ms(w), w.midnight
    )


@kernel
def _soonest_ms(w: World) -> int:
    """When something happens next, later buckets left aside."""
    if w.heap_size > 0:
        return int(min(w.outside_ms, first_ms(w)))
    return int(w.outside_ms)


@kernel
def _advance(w: World) -> bool:
    """Go to the next instant and begin it; False when the clock stops."""
    _order_instant(w)
    soonest = _soonest_ms(w)
    while soonest >= w.next_bucket_ms and w.next_bucket_ms < w.stop:
        pour_bucket(w)
        soonest = _soonest_ms(w)
    w.now = max(soonest, w.begin)
    if w.now >= w.stop:
        return False
    if w.outside_ms <= w.now:
        _begin_instant(w)
    return True


@kernel
def _begin_instant(w: World) -> None:
    """Changes come before all else, then midnight."""
    while _next_change_ms(w) <= w.now:
        _change(w, change_at(w, w.next_change))
        w.next_change += 1
    if w.midnight == w.now:
        w.midnight += w.ms_per_day
        learn(w)
        offer_other_routes(w)
    _look_outside(w)


@kernel
def _change(w: World, change: Row) -> None:
    """A resource gets another capacity; whoever is inside finishes."""
    resource_at(w, change.resource).capacity = change.capacity
    record(w, codes.CAPACITY, codes.NOBODY, change.resource, 0, change.capacity)
    touch(w, change.resource)


@kernel
def _order_instant(w: World) -> None:
    """Put the rows of the instant that ends into the order of their units, stably."""
    begin, end = w.instant, w.rows
    w.instant = end
    i = begin + 1
    while i < end and log_unit_at(w, i - 1).number <= log_unit_at(w, i).number:
        i += 1
    if i < end:
        reorder(w, begin, end)
