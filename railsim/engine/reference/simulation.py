"""`simulate`: start everything, let the clock run, hand over what happened."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from simpy.events import Event as Signal

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.engine.reference.lots import dispatch_lots
from railsim.engine.reference.stranded import Stranded
from railsim.engine.reference.track import Track
from railsim.engine.reference.vehicles import dispatch_vehicles
from railsim.engine.reference.world import Walk, World
from railsim.units import MS_PER_DAY

URGENT = 0  # SimPy's priority before all others of an instant


def simulate(plan: Plan, draws: Draws) -> EventLog:
    """Run a plan on its draws; a pure function of both.

    Raises `BudgetError` when the year has more events than `run.max_events`, and
    `DeadlockError` when a rule of the line is broken.
    """
    with _no_collection():
        return _run(World(plan, draws))


def pages(plan: Plan, draws: Draws) -> Iterator[EventLog]:
    """The log as its only page."""
    yield simulate(plan, draws)


def _run(world: World) -> EventLog:
    plan = world.plan
    world.env.process(_keep_calendar(world))
    world.env.process(dispatch_lots(world))
    world.env.process(dispatch_vehicles(world))
    _let_the_clock_run(world)
    for resource, name in zip(world.resources, plan.resources.names, strict=True):
        if isinstance(resource, Track):
            resource.check(name)
    world.recorder.check_budget()
    return world.recorder.finish(world.lot_count)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Collect garbage after the year: it leaves little, and the search costs a tenth.

    The world is one great circle, so it goes with the first collection afterwards.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _let_the_clock_run(world: World) -> None:
    """Event by event; at the end of an instant the rounds of the arbiter."""
    env, arbiter, stop_ms = world.env, world.arbiter, world.plan.span.stop_ms
    while True:
        following_ms = env.peek()
        if arbiter.is_due and following_ms > env.now:
            arbiter.arbitrate()
        elif following_ms < stop_ms:
            env.step()
        else:
            return


def _keep_calendar(world: World) -> Walk:
    """Capacity changes, then midnight, before anything else of their instant."""
    stranded = Stranded(world)
    changes = _changes_by_instant(world)
    midnights = _midnights(world.plan)
    for at_ms in sorted({*changes, *midnights}):
        yield _urgently(world, at_ms)
        for resource, capacity in changes.get(at_ms, ()):
            world.resources[resource].change(capacity)
        if at_ms in midnights:
            world.shippers.learn(at_ms)
            stranded.offer_other_routes(at_ms)


def _changes_by_instant(world: World) -> dict[int, list[tuple[int, int]]]:
    changes = world.draws.changes
    found: dict[int, list[tuple[int, int]]] = {}
    for at_ms, resource, capacity in zip(
        changes.at_ms.tolist(),
        changes.resource.tolist(),
        changes.capacity.tolist(),
        strict=True,
    ):
        if at_ms < world.plan.span.stop_ms:
            found.setdefault(at_ms, []).append((resource, capacity))
    return found


def _midnights(plan: Plan) -> range:
    """Every midnight after the clock has started and before it stops."""
    first = (plan.span.begin_ms // MS_PER_DAY + 1) * MS_PER_DAY
    return range(first, plan.span.stop_ms, MS_PER_DAY)


def _urgently(world: World, at_ms: int) -> Signal:
    signal = Signal(world.env)
    signal._ok, signal._value = True, None
    world.env.schedule(signal, priority=URGENT, delay=at_ms - world.env.now)
    return signal
