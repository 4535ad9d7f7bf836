"""The life of a vehicle: timetable, load, tokens, its way, its riders set down."""

from __future__ import annotations

import numpy as np

from railsim.engine.log import ARRIVE, DEPART, Cause
from railsim.engine.reference.platform import Call, Platform
from railsim.engine.reference.resources import Pool
from railsim.engine.reference.words import let_go, request_tokens, word_of
from railsim.engine.reference.world import Mover, Step, Walk, World


def dispatch_vehicles(world: World) -> Walk:
    """Send every departure at its time, late as it may be."""
    env, vehicles, services = world.env, world.draws.vehicles, world.plan.services
    depart_ms = vehicles.depart_ms.tolist()
    for v in np.argsort(vehicles.depart_ms, kind="stable").tolist():
        if depart_ms[v] > env.now:
            yield env.timeout(depart_ms[v] - env.now)
        world.recorder.check_budget()
        service = int(services.departures.service[v])
        mover = Mover(
            world.lot_count + v,
            int(services.priority[service]),
            vehicles.times_ms.data,
            int(vehicles.time_begin[v]),
        )
        env.process(_live(world, mover, v, service))


def _live(world: World, vehicle: Mover, v: int, service: int) -> Walk:
    services, env = world.plan.services, world.env
    platform = world.resources[int(services.resource[service])]
    assert isinstance(platform, Platform)
    call = Call(
        vehicle.number,
        scheduled_ms=int(services.departures.at_ms[v]),
        is_dropped=bool(world.draws.vehicles.is_dropped[v]),
    )
    is_running = yield platform.decide(call)
    if not is_running:
        return
    steps = world.chain_steps(int(services.chain[service]))
    deadline_ms = env.now + int(services.hold_ms[service])
    taken = yield from _take_tokens(world, vehicle, steps, deadline_ms)
    if taken is None:
        let_go(world, vehicle)
        platform.cancel(vehicle.number, Cause.NO_TOKEN)
        return
    teu = yield platform.board(call)
    world.record(env.now, DEPART, vehicle.number, platform.number, 0, teu)
    for step in steps[taken:]:
        yield from word_of(step)(world, vehicle, step)
    world.record(env.now, ARRIVE, vehicle.number, platform.number)
    platform.set_down(vehicle.number)
    let_go(world, vehicle)


def _take_tokens(
    world: World, vehicle: Mover, steps: list[Step], deadline_ms: int
) -> Walk:
    """Take what the first steps name; how many steps that were, None if too late."""
    for number, step in enumerate(steps):
        pool = step.resource
        if not isinstance(pool, Pool) or step.is_giving:
            return number
        has_come = yield request_tokens(pool, world, vehicle, step, deadline_ms)
        if not has_come:
            return None
        vehicle.tokens += ((pool, world.tokens_needed(vehicle, step)),)
    return len(steps)
