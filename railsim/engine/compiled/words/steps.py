"""What each step of a unit begins, and what comes when it may go on.

A step that lets the unit go on at once answers True.
"""

from __future__ import annotations

from railsim.engine.compiled import codes
from railsim.engine.compiled.events import record, touch
from railsim.engine.compiled.pending import plan_parcel, plan_unit
from railsim.engine.compiled.rows import (
    line_at,
    lot_at,
    queue_at,
    resource_at,
    step_at,
    token_at,
    unit_at,
)
from railsim.engine.compiled.words.queues import join
from railsim.engine.compiled.words.rooms import time_of
from railsim.engine.compiled.words.tracks import ask_section, leave_section
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def do_step(w: World, u: int, s: int) -> bool:
    """Begin a step."""
    act = step_at(w, s).act
    if act == codes.DO_TRAVEL:
        _meet_link(w, u, s)
    elif act == codes.DO_SERVE:
        _ask_server(w, u, s)
    elif act == codes.DO_RIDE:
        _wait_for_vehicle(w, u, s)
    elif act == codes.DO_RUN:
        return _meet_line(w, u, s)
    elif act == codes.DO_TAKE:
        want(w, u, s, codes.NEVER)
        unit_at(w, u).doing = codes.WANTING
    else:
        give(w, u, s)
        return True
    return False


@kernel
def _meet_link(w: World, u: int, s: int) -> None:
    r = step_at(w, s).resource
    if resource_at(w, r).capacity > 0:
        drive(w, u)
        return
    record(w, codes.WAIT, u, r, s, 0)
    unit_at(w, u).doing = codes.LINK_SHUT
    join(w, r, u)


@kernel
def drive(w: World, u: int) -> None:
    """Time passes on an open link."""
    s = unit_at(w, u).step - 1
    record(w, codes.START, u, step_at(w, s).resource, s, 0)
    unit_at(w, u).doing = codes.DRIVING
    _last(w, u, time_of(w, u, step_at(w, s).slot))


@kernel
def _last(w: World, u: int, time_ms: int) -> None:
    """What the unit does ends after this time."""
    plan_unit(w, w.now + time_ms, u)


@kernel
def _ask_server(w: World, u: int, s: int) -> None:
    r = step_at(w, s).resource
    record(w, codes.WAIT, u, r, s, 0)
    unit_at(w, u).doing = codes.QUEUEING
    unit_at(w, u).stamp = w.round
    join(w, r, u)
    touch(w, r)


@kernel
def serve(w: World, u: int) -> None:
    """A server takes the unit."""
    s = unit_at(w, u).step - 1
    record(w, codes.START, u, step_at(w, s).resource, s, 0)
    unit_at(w, u).doing = codes.SERVED
    _last(w, u, time_of(w, u, step_at(w, s).slot))


@kernel
def release(w: World, u: int) -> None:
    """The service is over, the server free."""
    s = unit_at(w, u).step - 1
    r = step_at(w, s).resource
    resource_at(w, r).count -= 1
    if queue_at(w, r).waiting > 0:
        touch(w, r)
    record(w, codes.END, u, r, s, 0)


@kernel
def _wait_for_vehicle(w: World, u: int, s: int) -> None:
    r = step_at(w, s).resource
    record(w, codes.WAIT, u, r, s, 0)
    unit_at(w, u).left = lot_at(w, u).teu
    unit_at(w, u).doing = codes.RIDING
    join(w, r, u)


@kernel
def end_step(w: World, u: int) -> None:
    """A drive or a ride is over."""
    s = unit_at(w, u).step - 1
    record(w, codes.END, u, step_at(w, s).resource, s, 0)


@kernel
def _meet_line(w: World, u: int, s: int) -> bool:
    """Ask for the first section; a run of no length is over at once."""
    step, unit = step_at(w, s), unit_at(w, u)
    if step.first == step.last:
        return True
    unit.passed = 0
    unit.direction = 0 if step.first < step.last else 1
    unit.section = step.first - unit.direction
    unit.doing = codes.ASKING
    ask_section(w, step.resource, u)
    return False


@kernel
def run_section(w: World, u: int) -> None:
    """Run over a section; a train that had to stop before it loses time."""
    step, unit = step_at(w, unit_at(w, u).step - 1), unit_at(w, u)
    time_ms = time_of(w, u, step.slot + unit.passed)
    if unit.passed > 0 and w.now > unit.at:
        time_ms += line_at(w, resource_at(w, step.resource).owner).stop_loss_ms
    unit.doing = codes.RUNNING
    _last(w, u, time_ms)


@kernel
def pass_section(w: World, u: int) -> bool:
    """Arrive at the next station; True when the run is over."""
    step, unit = step_at(w, unit_at(w, u).step - 1), unit_at(w, u)
    r = step.resource
    record(w, codes.CLEAR, u, r, unit.section, 0)
    is_last = unit.passed + 1 == abs(step.last - step.first)
    leave_section(w, r, u, is_last)
    if is_last:
        return True
    unit.passed += 1
    unit.section += 1 - 2 * unit.direction
    unit.doing = codes.ASKING
    ask_section(w, r, u)
    return False


@kernel
def want(w: World, u: int, s: int, deadline: int) -> None:
    """Wait for tokens, until a deadline if there is one."""
    r = step_at(w, s).resource
    record(w, codes.WAIT, u, r, s, 0)
    unit_at(w, u).part = _tokens_needed(w, u, step_at(w, s).unit)
    unit_at(w, u).deadline = deadline
    join(w, r, u)
    if deadline < codes.NEVER:
        resource_at(w, r).deadlines += 1
        plan_parcel(w, deadline, codes.DEADLINE, u, r, 0)
    touch(w, r)


@kernel
def _tokens_needed(w: World, u: int, counted_by: int) -> int:
    """How many tokens of a fleet it takes: a vehicle one, a lot by its size."""
    if u >= w.lot_count or counted_by == codes.PER_ONE:
        return 1
    lot = lot_at(w, u)
    if counted_by == codes.PER_BOX:
        return int(lot.boxes)
    if counted_by == codes.PER_TEU:
        return int(lot.teu)
    if counted_by == codes.PER_TRUCK:
        return int(lot.trucks)
    return int(-(-lot.kg // 1000))


@kernel
def keep_tokens(w: World, u: int) -> None:
    """The tokens that were granted are the unit's."""
    unit = unit_at(w, u)
    token = token_at(w, unit.tokens_begin + unit.token_count)
    unit.token_count += 1
    token.pool = step_at(w, unit.step - 1).resource
    token.count = unit.part


@kernel
def give(w: World, u: int, s: int) -> None:
    """Tokens of the fleet, wherever taken, lie here after the step's delay."""
    step, unit = step_at(w, s), unit_at(w, u)
    fleet = resource_at(w, step.resource).fleet
    i, end = unit.tokens_begin, unit.tokens_begin + unit.token_count
    while i < end and resource_at(w, token_at(w, i).pool).fleet != fleet:
        i += 1
    if i == end:
        return
    count = token_at(w, i).count
    unit.token_count -= 1
    for k in range(i, end - 1):
        token_at(w, k).pool = token_at(w, k + 1).pool
        token_at(w, k).count = token_at(w, k + 1).count
    delay_ms = time_of(w, u, step.slot) if step.slot >= 0 else 0
    plan_parcel(w, w.now + delay_ms, codes.TOKENS, u, step.resource, count)


@kernel
def let_go(w: World, u: int) -> None:
    """Tokens a unit still holds at its end go back to where they came from."""
    unit, now = unit_at(w, u), w.now
    for i in range(unit.tokens_begin, unit.tokens_begin + unit.token_count):
        token = token_at(w, i)
        plan_parcel(w, now, codes.TOKENS, u, token.pool, token.count)
    unit.token_count = 0


@kernel
def give_back(w: World, u: int, r: int, count: int) -> None:
    """Tokens are back in a pool."""
    record(w, codes.GIVE, u, r, 0, count)
    resource_at(w, r).count += count
    touch(w, r)
