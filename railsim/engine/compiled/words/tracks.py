"""`line`: sections, loops and the rule that keeps trains from locking each other up."""

from __future__ import annotations

from railsim.engine.compiled.codes import CLEARED, ENTER, NOBODY, YES
from railsim.engine.compiled.events import answer, record, touch
from railsim.engine.compiled.pending import plan_parcel
from railsim.engine.compiled.rows import (
    line_at,
    resource_at,
    station_at,
    unit_at,
    way_at,
)
from railsim.engine.compiled.words.queues import first_waiting, following, join, leave
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def ask_section(w: World, r: int, u: int) -> None:
    """Ask to enter a section, from outside the line or from the one before."""
    join(w, r, u)
    touch(w, r)


@kernel
def leave_section(w: World, r: int, u: int, is_last: bool) -> None:
    """Stand at the next station; the section is free `clear_ms` later."""
    unit, line = unit_at(w, u), line_at(w, resource_at(w, r).owner)
    direction = unit.direction
    ahead = line.first_station + unit.section + 1 - direction
    if is_last and station_at(w, ahead).is_bounded:
        way_at(w, 2 * ahead + direction).held -= 1
        _look_again(w, r)
    if line.clear_ms == 0:
        clear_section(w, r, unit.section, direction)
        return
    place = 2 * unit.section + direction
    plan_parcel(w, w.now + line.clear_ms, CLEARED, NOBODY, r, place)


@kernel
def clear_section(w: World, r: int, section: int, direction: int) -> None:
    """The section is free for the next."""
    line = line_at(w, resource_at(w, r).owner)
    way_at(w, 2 * (line.first_station + section) + direction * line.is_double).taken = 0
    _look_again(w, r)


@kernel
def _look_again(w: World, r: int) -> None:
    if resource_at(w, r).waiting > 0:
        touch(w, r)


@kernel
def grant_line(w: World, r: int) -> None:
    """Let the first feasible request in, again and again."""
    if resource_at(w, r).capacity == 0:
        return
    u = _first_feasible(w, r)
    while u >= 0:
        leave(w, r, u)
        _occupy(w, r, u)
        record(w, ENTER, u, r, unit_at(w, u).section, 0)
        answer(w, u, YES)
        u = _first_feasible(w, r)


@kernel
def _first_feasible(w: World, r: int) -> int:
    line = line_at(w, resource_at(w, r).owner)
    u = first_waiting(w, r)
    while u >= 0:
        here = line.first_station + unit_at(w, u).section
        if _is_feasible(w, here, unit_at(w, u).direction, line.is_double):
            return u
        u = following(w, r, u)
    return -1


@kernel
def _is_feasible(w: World, here: int, direction: int, is_double: int) -> bool:
    """The section free, and ahead a track within the cap of the direction."""
    if way_at(w, 2 * here + direction * is_double).taken:
        return False
    ahead = here + 1 - direction
    if not station_at(w, ahead).is_bounded:
        return True
    own, other = (
        way_at(w, 2 * ahead + direction).held,
        way_at(w, 2 * (ahead) + 1 - direction).held,
    )
    station = station_at(w, ahead)
    return bool(own < station.most_one_way and own + other < station.tracks)


@kernel
def _occupy(w: World, r: int, u: int) -> None:
    """Enter; the track of the station behind is free at once."""
    unit, line = unit_at(w, u), line_at(w, resource_at(w, r).owner)
    direction = unit.direction
    here = line.first_station + unit.section
    way_at(w, 2 * here + direction * line.is_double).taken = 1
    behind, ahead = here + direction, here + 1 - direction
    if unit.passed > 0 and station_at(w, behind).is_bounded:
        way_at(w, 2 * behind + direction).held -= 1
    if station_at(w, ahead).is_bounded:
        way_at(w, 2 * ahead + direction).held += 1
