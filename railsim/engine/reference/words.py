"""The words as what a mover does: each a walk that ends when it may go on.

A walk returns None, or for a lot that was told to turn elsewhere while it waited, the
number of the step from which it goes on (`AWAY`: nowhere).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simpy.events import Event as Signal

from railsim.engine.log import CLEAR, END, GIVE, START, WAIT
from railsim.engine.reference.platform import Load, Platform
from railsim.engine.reference.resources import Door, Pool, Station
from railsim.engine.reference.track import BACKWARD, FORWARD, Track
from railsim.engine.reference.world import Mover, Step, Walk, World

Word = Callable[[World, Mover, Step], Walk]


def word_of(step: Step) -> Word:
    """What a mover does in a step."""
    match step.resource:
        case Station() as station:
            return partial(serve, station)
        case Door() as door:
            return partial(travel, door)
        case Platform() as platform:
            return partial(ride, platform)
        case Track() as track:
            return partial(run, track)
        case Pool() as pool:
            return partial(give if step.is_giving else take, pool)
        case _:
            raise AssertionError(f"no word for {step.resource}")


def travel(door: Door, world: World, mover: Mover, step: Step) -> Walk:
    """Time passes, after the opening if the link is closed."""
    env, record = world.env, world.record
    if door.is_closed:
        record(env.now, WAIT, mover.number, door.number, step.number)
        turn = yield door.request(mover.ticket(env.now))
        if turn is not None:
            return turn
    record(env.now, START, mover.number, door.number, step.number)
    yield env.timeout(mover.time(step.slot))
    record(env.now, END, mover.number, door.number, step.number)
    return None


def serve(station: Station, world: World, mover: Mover, step: Step) -> Walk:
    """Queue, be served, leave the server free."""
    env, record, unit = world.env, world.record, mover.number
    time_ms = mover.time(step.slot)
    now = env.now
    record(now, WAIT, unit, station.number, step.number)
    is_lot = unit < world.lot_count
    turn = yield station.request((mover.priority, now, unit), time_ms, is_lot=is_lot)
    if turn is not None:
        return turn
    record(env.now, START, unit, station.number, step.number)
    yield env.timeout(time_ms)
    station.release()
    record(env.now, END, unit, station.number, step.number)
    return None


def ride(platform: Platform, world: World, mover: Mover, step: Step) -> Walk:
    """Wait for a vehicle and be carried by it."""
    lot, env, flow = mover.number, world.env, world.flow[mover.number]
    world.record(env.now, WAIT, lot, platform.number, step.number)
    load = Load(world.teu[lot], world.slots_per_teu[flow], world.kg_per_teu[flow])
    turn = yield platform.join(mover.ticket(env.now), load)
    if turn is None:
        world.record(env.now, END, lot, platform.number, step.number)
    return turn


def run(track: Track, world: World, mover: Mover, step: Step) -> Walk:
    """A train runs over a line section by section."""
    env = world.env
    direction = FORWARD if step.first < step.last else BACKWARD
    sections = range(min(step.first, step.last), max(step.first, step.last))
    ordered = list(sections if direction == FORWARD else reversed(sections))
    for k, section in enumerate(ordered):
        asked_ms, is_first = env.now, k == 0
        yield track.request(
            mover.ticket(asked_ms), section, direction, is_first=is_first
        )
        has_stopped = env.now > asked_ms and not is_first
        time_ms = mover.time(step.slot + k)
        yield env.timeout(time_ms + (track.stop_loss_ms if has_stopped else 0))
        world.record(env.now, CLEAR, mover.number, track.number, section)
        track.leave(section, direction, is_last=k == len(ordered) - 1)


def take(pool: Pool, world: World, mover: Mover, step: Step) -> Walk:
    """Wait for tokens, however long."""
    yield request_tokens(pool, world, mover, step)
    mover.tokens += ((pool, world.tokens_needed(mover, step)),)


def request_tokens(
    pool: Pool, world: World, mover: Mover, step: Step, deadline_ms: int | None = None
) -> Signal:
    """Ask for tokens; the signal's value tells whether they came by the deadline."""
    now = world.env.now
    world.record(now, WAIT, mover.number, pool.number, step.number)
    count = world.tokens_needed(mover, step)
    return pool.request(mover.ticket(now), count, deadline_ms)


def give(pool: Pool, world: World, mover: Mover, step: Step) -> Walk:
    """Tokens of the fleet, wherever taken, lie here after the step's delay.

    Who holds none gives none.
    """
    yield from ()  # takes the mover no time
    fleet = world.fleet[pool.number]
    for i, held in enumerate(mover.tokens):
        if world.fleet[held[0].number] == fleet:
            mover.tokens = mover.tokens[:i] + mover.tokens[i + 1 :]
            delay_ms = mover.time(step.slot) if step.slot >= 0 else 0
            _give_back(world, mover, pool, held[1], delay_ms)
            return


def let_go(world: World, mover: Mover) -> None:
    """Tokens a mover still holds at its end go back to where they came from."""
    for pool, count in mover.tokens:
        _give_back(world, mover, pool, count, 0)
    mover.tokens = ()


def _give_back(
    world: World, mover: Mover, pool: Pool, count: int, delay_ms: int
) -> None:
    def arrive(_: Signal) -> None:
        world.record(world.env.now, GIVE, mover.number, pool.number, 0, count)
        pool.give(count)

    world.env.timeout(delay_ms).callbacks.append(arrive)
