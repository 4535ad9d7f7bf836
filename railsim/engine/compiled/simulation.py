"""`simulate`: fill the tables, run the kernel, hand over what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any, cast

import numba
import numpy as np
from numba.core.event import Event, Listener, install_listener

from railsim.corridor.tables import Plan, Word
from railsim.engine.compiled.filling import (
    MOST_EVENTS,
    Tables,
    fill,
    most_rows_at_once,
    room_for,
    write_addresses,
)
from railsim.engine.compiled.loop import IS_FULL, IS_OVER_BUDGET, run
from railsim.engine.compiled.tables import WORLD
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.errors import BudgetError, DeadlockError


class _Announcement(Listener):
    """Tells when the kernel, not one of its parts, begins to be compiled."""

    def __init__(self, on_compile: Callable[[], None]) -> None:
        self._on_compile = on_compile

    def on_start(self, event: Event) -> None:
        """Parts are compiled within the whole."""
        if event.data["dispatcher"] is run:
            self._on_compile()

    def on_end(self, event: Event) -> None:
        """Nobody asks."""


def prepare(on_compile: Callable[[], None]) -> None:
    """Compile the kernel for the tables it will get, or read it from disk.

    `on_compile` is called before it is compiled, and not when it is read.
    """
    world = cast(Any, numba).typeof(np.zeros(1, WORLD))
    with install_listener("numba:compile", _Announcement(on_compile)):
        cast(Any, run).compile((world,))


def simulate(plan: Plan, draws: Draws) -> EventLog:
    """Run a plan on its draws; a pure function of both.

    The first call compiles the kernel, or reads it from disk. Raises `BudgetError` when
    the year has more events than `run.max_events`, and `DeadlockError` when a rule of
    the line is broken.
    """
    rows = most_rows_at_once(plan, draws) + expected_rows(plan, draws)
    tables = fill(plan, draws, rows)
    while (ending := run(tables["world"])) == IS_FULL:
        lengthen_log(tables)
    if ending == IS_OVER_BUDGET:
        raise _over_budget(plan)
    for r in np.flatnonzero(plan.resources.word == Word.LINE).tolist():
        check_line(tables, r, plan.resources.names[r])
    return _finish(tables)


def _over_budget(plan: Plan) -> BudgetError:
    if plan.max_events > MOST_EVENTS:
        return BudgetError(
            f"more than {MOST_EVENTS} events in one year, the most that the compiled "
            "engine can count"
        )
    return BudgetError(
        f"more than run.max_events = {plan.max_events} events in one year"
    )


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


def lengthen_log(tables: Tables) -> None:
    """Twice the room for the log."""
    world, columns = tables["world"], room_for(2 * len(tables["log_unit"]))
    rows = int(world["rows"][0])
    world["rows_safe"] += len(tables["log_unit"])
    for name, column in columns.items():
        column[:rows] = tables[name][:rows]
    tables |= columns
    write_addresses(tables)


def _finish(tables: Tables) -> EventLog:
    """The log; the kernel has kept its rows in the canonical order."""
    rows, columns = int(tables["world"]["rows"][0]), {}
    for field in fields(EventLog)[1:]:
        column = tables[f"log_{field.name}"][:rows]
        columns[field.name] = column.view(column.dtype[0])
    return EventLog(lot_count=len(tables["lots"]), **columns)


def check_line(tables: Tables, r: int, name: str) -> None:
    """Raise when trains wait on an open line on which nothing moves."""
    line = tables["lines"][tables["resources"]["owner"][r]]
    first = 2 * int(line["first_station"])
    ways = range(first, first + 2 * int(line["section_count"]))
    is_still = tables["ways"]["free_from"][ways] < tables["world"]["stop"][0]
    is_open = tables["resources"]["capacity"][r] > 0
    waiting = _waiting(tables, ways)
    if waiting and is_open and is_still.all():
        raise DeadlockError(f"{name}: (train, section, direction) {waiting}")


def _waiting(tables: Tables, ways: Iterable[int]) -> list[tuple[int, int, int]]:
    """Trains before the ways of a line, in the order of (priority, request, number)."""
    levels, found = int(tables["world"]["levels"][0]), []
    for queue in len(tables["resources"]) + np.array(ways):
        for rank in tables["ranks"][queue * levels : (queue + 1) * levels]:
            u = int(rank["head"])
            while u >= 0:
                found.append(u)
                u = int(tables["units"]["next"][u])
    units = tables["units"]
    found.sort(key=lambda u: (units["level"][u], units["at"][u], u))
    return [(u, int(units["section"][u]), int(units["direction"][u])) for u in found]
