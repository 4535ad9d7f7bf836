"""`line`: sections, loops and the rule that keeps trains from locking each other up.

A way is a section in one direction; who waits before a way may enter or may not, all
alike. So only the ways are looked at again for which something has changed, and of
those the first request in order enters.
"""

from __future__ import annotations

from railsim.engine.compiled.codes import CLEARED, ENTER, NEVER, NOBODY, YES
from railsim.engine.compiled.events import answer, record, touch
from railsim.engine.compiled.pending import plan_parcel
from railsim.engine.compiled.rows import (
    line_at,
    queue_at,
    resource_at,
    station_at,
    unit_at,
    way_at,
)
from railsim.engine.compiled.words.queues import first_waiting, join, leave
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Row, World


@kernel
def ask_section(w: World, r: int, u: int) -> None:
    """Ask to enter a section, from outside the line or from the one before."""
    line = line_at(w, resource_at(w, r).owner)
    way = _way_of(line, unit_at(w, u))
    join(w, _queue_of(w, way), u)
    if _is_being_cleared(w, way) and _number_before(w, line, way) == 1:
        _await_clearing(w, r, way)
    _look_at(w, r, way)


@kernel
def leave_section(w: World, r: int, u: int, is_last: bool) -> None:
    """Stand at the next station; the section is free `clear_ms` later.

    Nobody needs to be told when it is free unless somebody waits.
    """
    line = line_at(w, resource_at(w, r).owner)
    way = _way_of(line, unit_at(w, u))
    ahead, direction = _ahead(way), way & 1
    if is_last and station_at(w, ahead).is_bounded:
        way_at(w, 2 * ahead + direction).held -= 1
        _look_at(w, r, _way_to(ahead, 0))
        _look_at(w, r, _way_to(ahead, 1))
    _free_from(w, line, way, w.now + line.clear_ms)
    if line.clear_ms == 0:
        clear_section(w, r, way)
    elif _number_before(w, line, way) > 0:
        _await_clearing(w, r, way)


@kernel
def clear_section(w: World, r: int, way: int) -> None:
    """The section is free for the next, from either end."""
    _look_at(w, r, way)
    _look_at(w, r, way ^ 1)


@kernel
def grant_line(w: World, r: int) -> None:
    """Let the first feasible request in, again and again."""
    if resource_at(w, r).capacity == 0:
        return
    line = line_at(w, resource_at(w, r).owner)
    way = _first_feasible(w, line)
    while way >= 0:
        u = first_waiting(w, _queue_of(w, way))
        leave(w, _queue_of(w, way), u)
        _occupy(w, line, way, unit_at(w, u).passed)
        record(w, ENTER, u, r, unit_at(w, u).section, 0)
        answer(w, u, YES)
        way = _first_feasible(w, line)


@kernel
def _way_of(line: Row, unit: Row) -> int:
    """The way that a train asks for or runs over."""
    return int(2 * (line.first_station + unit.section) + unit.direction)


@kernel
def _queue_of(w: World, way: int) -> int:
    return int(w.resource_count + way)


@kernel
def _ahead(way: int) -> int:
    """The station to which a way leads."""
    return (way >> 1) + 1 - (way & 1)


@kernel
def _way_to(station: int, direction: int) -> int:
    """The way that leads to a station."""
    return 2 * (station - 1 + direction) + direction


@kernel
def _free_from(w: World, line: Row, way: int, at: int) -> None:
    """When the section is free, in both directions if it has one track."""
    way_at(w, way).free_from = at
    if not line.is_double:
        way_at(w, way ^ 1).free_from = at


@kernel
def _is_being_cleared(w: World, way: int) -> bool:
    return bool(w.now < way_at(w, way).free_from < NEVER)


@kernel
def _number_before(w: World, line: Row, way: int) -> int:
    """How many wait for the section."""
    number = queue_at(w, _queue_of(w, way)).waiting
    if line.is_double:
        return int(number)
    return int(number + queue_at(w, _queue_of(w, way ^ 1)).waiting)


@kernel
def _await_clearing(w: World, r: int, way: int) -> None:
    plan_parcel(w, way_at(w, way).free_from, CLEARED, NOBODY, r, way)


@kernel
def _look_at(w: World, r: int, way: int) -> None:
    """Let the line grant if the way is open to somebody who waits."""
    if _note(w, line_at(w, resource_at(w, r).owner), way):
        touch(w, r)


@kernel
def _note(w: World, line: Row, way: int) -> bool:
    """Put a way on the line's list if it is open to who waits; False when not put."""
    if way_at(w, way).is_noted or not _is_wanted(w, way):
        return False
    way_at(w, way).is_noted = 1
    way_at(w, way).then = line.noted
    line.noted = way
    return True


@kernel
def _is_wanted(w: World, way: int) -> bool:
    """Somebody waits, the section is free, and ahead a track within the cap."""
    if queue_at(w, _queue_of(w, way)).waiting == 0:
        return False
    if way_at(w, way).free_from > w.now:
        return False
    station, direction = station_at(w, _ahead(way)), way & 1
    if not station.is_bounded:
        return True
    own = way_at(w, 2 * _ahead(way) + direction).held
    other = way_at(w, 2 * _ahead(way) + 1 - direction).held
    return bool(own < station.most_one_way and own + other < station.tracks)


@kernel
def _first_feasible(w: World, line: Row) -> int:
    """The noted way whose first comes first; ways that have closed are forgotten."""
    first, way = -1, line.noted
    line.noted = -1
    while way >= 0:
        row, after = way_at(w, way), way_at(w, way).then
        row.is_noted = _is_wanted(w, way)
        if row.is_noted:
            row.then = line.noted
            line.noted = way
            if first < 0 or _is_before(w, way, first):
                first = way
        way = after
    return first


@kernel
def _is_before(w: World, way: int, other_way: int) -> bool:
    """Does the first of a way come before that of another: level, request, number?"""
    u = first_waiting(w, _queue_of(w, way))
    v = first_waiting(w, _queue_of(w, other_way))
    unit, other = unit_at(w, u), unit_at(w, v)
    if unit.level != other.level:
        return bool(unit.level < other.level)
    if unit.at != other.at:
        return bool(unit.at < other.at)
    return bool(u < v)


@kernel
def _occupy(w: World, line: Row, way: int, passed: int) -> None:
    """Enter; the track of the station behind is free at once."""
    direction = way & 1
    behind, ahead = (way >> 1) + direction, _ahead(way)
    _free_from(w, line, way, NEVER)
    if station_at(w, ahead).is_bounded:
        way_at(w, 2 * ahead + direction).held += 1
    if passed > 0 and station_at(w, behind).is_bounded:
        way_at(w, 2 * behind + direction).held -= 1
        _note(w, line, _way_to(behind, 0))
        _note(w, line, _way_to(behind, 1))
