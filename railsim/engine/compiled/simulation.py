"""`simulate`: fill the tables, run the kernel, hand over what happened."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Plan, Word
from railsim.engine.compiled.filling import fill, most_rows_at_once, room_for
from railsim.engine.compiled.loop import IS_FULL, IS_OVER_BUDGET, run
from railsim.engine.compiled.tables import World
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.errors import BudgetError, DeadlockError


def simulate(plan: Plan, draws: Draws) -> EventLog:
    """Run a plan on its draws; a pure function of both.

    The first call compiles the kernel, or reads it from disk. Raises `BudgetError` when
    the year has more events than `run.max_events`, and `DeadlockError` when a rule of
    the line is broken.
    """
    rows = most_rows_at_once(plan, draws) + expected_rows(plan, draws)
    world = fill(plan, draws, rows)
    ending = run(world)
    while ending == IS_FULL:
        world = _with_longer_log(world)
        ending = run(world)
    if ending == IS_OVER_BUDGET:
        raise BudgetError(
            f"more than run.max_events = {plan.max_events} events in one year"
        )
    for r in np.flatnonzero(plan.resources.word == Word.LINE).tolist():
        check_line(world, r, plan.resources.names[r])
    return _finish(world)


def expected_rows(plan: Plan, draws: Draws) -> int:
    """Rows of the longest chain of every lot and of every vehicle's; memory is free
    until it is written.
    """
    steps, begin = plan.steps, plan.chains.begin
    per_step = 3 + 2 * np.abs(steps.last - steps.first)
    per_chain = 4 + np.diff(np.concatenate([[0], np.cumsum(per_step)])[begin])
    edges = plan.flows.chain_begin
    per_flow = [
        int(per_chain[edges[f] : edges[f + 1]].max(initial=0))
        for f in range(len(edges) - 1)
    ]
    lots = np.array(per_flow, np.int64)[draws.lots.flow].sum()
    chains = plan.services.chain[plan.services.departures.service]
    return int(lots + per_chain[chains].sum()) + len(draws.changes.at_ms)


def _with_longer_log(world: World) -> World:
    """The same world with twice the room for its log."""
    clock, rows = world.clock, int(world.clock["rows"][0])
    longer = room_for(2 * len(world.log.at_ms))
    for old, new in zip(world.log, longer, strict=True):
        new[:rows] = old[:rows]
    clock["rows_safe"] += len(world.log.at_ms)
    return world._replace(log=longer)


def _finish(world: World) -> EventLog:
    """The log; the kernel has kept its rows in the canonical order."""
    rows = int(world.clock["rows"][0])
    columns = {name: getattr(world.log, name)[:rows] for name in world.log._fields}
    return EventLog(lot_count=len(world.lots), **columns)


def check_line(world: World, r: int, name: str) -> None:
    """Raise when trains wait on an open line on which nothing moves."""
    line = world.lines[world.resources["owner"][r]]
    here = slice(line["first_station"], line["first_station"] + line["section_count"])
    waiting = _waiting(world, r)
    is_still = not world.taken[here].any()
    if waiting and is_still and world.resources["capacity"][r] > 0:
        raise DeadlockError(f"{name}: (train, section, direction) {waiting}")


def _waiting(world: World, r: int) -> list[tuple[int, int, int]]:
    """Trains before the sections of a line, in order."""
    levels, units, found = int(world.clock["levels"][0]), world.units, []
    for queue in world.queues[r * levels : (r + 1) * levels]:
        u = int(queue["head"])
        while u >= 0:
            unit = units[u]
            found.append((u, int(unit["section"]), int(unit["direction"])))
            u = int(unit["next"])
    return found
