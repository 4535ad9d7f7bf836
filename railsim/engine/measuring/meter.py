"""`Meter`: reads a log row by row and tells what the year offered."""

from __future__ import annotations

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.kernels.jit import Entries, entry, kernel
from railsim.engine.kernels.pages import tables_of
from railsim.engine.kernels.tables import Table, World
from railsim.engine.log import (
    ARRIVE,
    BOARD,
    CANCELLED,
    CAPACITY,
    CHOSE,
    CLEAR,
    DELIVERED,
    DEPART,
    END,
    ENTER,
    GIVE,
    LOST,
    PART,
    REROUTED,
    START,
    TAKE,
    WAIT,
    EventLog,
)
from railsim.engine.measuring.departures import (
    cancel,
    depart,
    load,
    measure_departures,
)
from railsim.engine.measuring.filling import fill, make_room, make_room_to_sort
from railsim.engine.measuring.requests import ask, grant
from railsim.engine.measuring.routes import measure_routes
from railsim.engine.measuring.samples import GIVEN, TAKEN, sort_samples
from railsim.engine.measuring.sections import (
    enter_section,
    leave_section,
    measure_sections,
)
from railsim.engine.measuring.service import Service
from railsim.engine.measuring.steps import (
    add_waits,
    lot_asks,
    lot_begins,
    lot_ends,
    lot_gets,
    measure_steps,
    rank_steps,
)
from railsim.engine.measuring.tables import (
    WORLD,
    log_amount_at,
    log_event_at,
    log_instant_at,
    log_resource_at,
    log_unit_at,
    log_value_at,
    lot_at,
    resource_at,
    vehicle_at,
)
from railsim.engine.measuring.use import (
    begin_service,
    end_service,
    follow_queues,
    measure_resources,
    move_tokens,
)
from railsim.engine.measuring.watching import change_capacity


class Meter:
    """Reads the pages of a log in their order; keeps nothing of a page."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self._plan = plan
        self._draws = draws
        self._tables = fill(plan, draws)

    def read(self, page: EventLog) -> None:
        """Go on with the next page, which begins where the last one ended."""
        self._tables |= tables_of(page)
        self._tables["world"]["rows"] = len(page)
        make_room(self._tables, len(page))
        read_page(self._tables["world"])

    def service(self) -> Service:
        """What the year offered, when its last page has been read; asked once."""
        make_room_to_sort(self._tables)
        close_log(self._tables["world"])
        return Service(
            routes=measure_routes(self._plan, self._draws, self._tables["lots"]),
            steps=measure_steps(self._tables),
            departures=measure_departures(self._tables),
            resources=measure_resources(self._plan, self._tables),
            sections=measure_sections(self._plan, self._tables),
        )


def measure(plan: Plan, draws: Draws, log: EventLog) -> Service:
    """Read a whole log. Pure; nothing of the log is kept."""
    meter = Meter(plan, draws)
    meter.read(log)
    return meter.service()


@entry
def read_page(world: Table) -> None:
    """Read a page row by row."""
    w = world[0]
    for row in range(w.rows):
        _read(
            w,
            log_instant_at(w, row).at_ms,
            log_event_at(w, row).event,
            log_unit_at(w, row).number,
            log_resource_at(w, row).number,
            log_value_at(w, row).number,
            log_amount_at(w, row).number,
        )


@kernel
def _read(
    w: World, at: int, event: int, u: int, r: int, value: int, amount: int
) -> None:
    if event == ENTER:
        grant(w, at, u, r)
        enter_section(w, at, u - w.lot_count, r, value)
    elif event == CLEAR:
        leave_section(w, at, u - w.lot_count, r)
    elif event in (WAIT, START, END):
        _read_step(w, at, event, u, r, value)
    elif event in (BOARD, PART):
        load(w, at, u, value - w.lot_count, amount)
        if event == BOARD:
            _get(w, at, u, r)
    elif event == TAKE:
        move_tokens(w, at, TAKEN, r, amount)
        _get(w, at, u, r)
    elif event == GIVE:
        move_tokens(w, at, GIVEN, r, amount)
    elif event in (DEPART, ARRIVE, CANCELLED):
        _read_vehicle(w, at, event, u - w.lot_count, value)
    elif event == CAPACITY:
        change_capacity(w, at, r, amount)
    else:
        _read_lot(w, at, event, u, value)


@kernel
def _read_step(w: World, at: int, event: int, u: int, r: int, s: int) -> None:
    if event == WAIT:
        request = ask(w, at, u, r, s)
        if _counts(w, u):
            lot_asks(w, at, u, s, request)
    elif event == START:
        if _counts(w, u):
            lot_begins(w, at, u, s)
        grant(w, at, u, r)
        begin_service(w, at, u, r)
    else:
        end_service(w, at, u, r)
        if _counts(w, u):
            lot_ends(w, at, u, s)


@kernel
def _get(w: World, at: int, u: int, r: int) -> None:
    """A unit has its tokens, or a lot its vehicle."""
    if _counts(w, u):
        lot_gets(w, at, u, r)
    grant(w, at, u, r)


@kernel
def _counts(w: World, u: int) -> bool:
    """Is a unit a lot of the measured year?"""
    return bool(u < w.lot_count and lot_at(w, u).is_measured)


@kernel
def _read_vehicle(w: World, at: int, event: int, v: int, value: int) -> None:
    if event == DEPART:
        depart(w, at, v)
    elif event == ARRIVE:
        vehicle_at(w, v).arrive_ms = at
    else:
        cancel(w, at, v, value)


@kernel
def _read_lot(w: World, at: int, event: int, u: int, chain: int) -> None:
    if event in (CHOSE, REROUTED):
        lot_at(w, u).chain = chain
    elif event == DELIVERED:
        lot_at(w, u).delivered_ms = at
    elif event == LOST:
        lot_at(w, u).is_lost = 1


@entry
def close_log(world: Table) -> None:
    """Do what had to wait for the last row."""
    w = world[0]
    for r in range(w.resource_count):
        change_capacity(w, w.end, r, resource_at(w, r).capacity)
    add_waits(w)
    follow_queues(w)
    sort_samples(w)
    rank_steps(w)


ENTRIES: Entries = {read_page: WORLD, close_log: WORLD}
