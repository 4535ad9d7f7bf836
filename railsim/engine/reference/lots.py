"""The life of a lot: it is created, chooses a chain, walks it, is delivered or lost."""

from __future__ import annotations

from railsim.engine.log import CHOSE, DELIVERED, LOST, NOWHERE
from railsim.engine.reference.resources import AWAY
from railsim.engine.reference.words import Word, let_go, word_of
from railsim.engine.reference.world import Mover, Step, Walk, World


def dispatch_lots(world: World) -> Walk:
    """Create every lot at its time."""
    env, lots = world.env, world.draws.lots
    times_ms, first_time = lots.times_ms.data, lots.time_begin.data
    priority = world.plan.flows.cargo.priority.tolist()
    words = [word_of(step) for step in world.steps]
    for lot, at_ms in enumerate(lots.arrival_ms.data):
        if at_ms > env.now:
            yield env.timeout(at_ms - env.now)
        world.recorder.check_budget()
        mover = Mover(lot, priority[world.flow[lot]], times_ms, first_time[lot])
        env.process(_live(world, mover, words))


def _live(world: World, lot: Mover, words: list[Word]) -> Walk:
    unit, env, shippers = lot.number, world.env, world.shippers
    chain = shippers.choose(unit)
    world.record(env.now, CHOSE, unit, NOWHERE, NOWHERE if chain is None else chain)
    if chain is None:
        world.record(env.now, LOST, unit, NOWHERE)
        return
    number, end = world.begin[chain], world.begin[chain + 1]
    while number < end:
        step = world.steps[number]
        number += 1
        if step.is_optional and not _is_visited(world, unit, step):
            continue
        turn = yield from words[step.number](world, lot, step)
        if turn == AWAY:
            world.record(env.now, LOST, unit, step.resource.number, step.number)
            shippers.lost(unit)
            break
        if turn is not None:
            chain = shippers.chain_of[unit]
            number, end = turn, world.begin[chain + 1]
    else:
        world.record(env.now, DELIVERED, unit, NOWHERE, chain)
        shippers.delivered(unit, env.now)
    let_go(world, lot)


def _is_visited(world: World, lot: int, step: Step) -> bool:
    """Does the regime of the day of creation, and the lot's own luck, lead here?"""
    if step.regime >= 0:
        is_ruling = bool(world.regimes[lot] >> step.regime & 1)
        if is_ruling != step.is_regime_on:
            return False
    if step.visit < 0:
        return True
    u = world.visits[world.visit_begin[lot] + step.visit]
    return bool(step.low <= u < step.high)
