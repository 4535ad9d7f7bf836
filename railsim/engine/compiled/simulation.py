"""`simulate` and `pages`: fill the tables, run the kernel, hand over what happened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from railsim.corridor.tables import Plan, Word
from railsim.engine.compiled.filling import MOST_EVENTS, fill, most_rows_at_once
from railsim.engine.compiled.loop import IS_FULL, IS_OVER_BUDGET, run
from railsim.engine.compiled.tables import WORLD
from railsim.engine.draws import Draws
from railsim.engine.kernels.jit import Entries
from railsim.engine.kernels.pages import LOG, expected_rows, page_of, room_for
from railsim.engine.kernels.tables import Tables, write_addresses
from railsim.engine.log import EventLog
from railsim.errors import BudgetError, DeadlockError

ENTRIES: Entries = {run: WORLD}
PAGE_ROWS = 2**18


def simulate(plan: Plan, draws: Draws) -> EventLog:
    """Run a plan on its draws; a pure function of both.

    The first call compiles the kernel, or reads it from disk. Raises `BudgetError` when
    the year has more events than `run.max_events`, and `DeadlockError` when a rule of
    the line is broken.
    """
    rows = most_rows_at_once(plan, draws) + expected_rows(plan, draws)
    tables = fill(plan, draws, rows)
    while _is_full(plan, tables):
        lengthen_log(tables)
    return page_of(tables, int(tables["world"]["rows"][0]), len(tables["lots"]))


def pages(plan: Plan, draws: Draws, page_rows: int = PAGE_ROWS) -> Iterator[EventLog]:
    """The same log piece by piece, each of about so many rows.

    A page ends between two instants. It is valid until the next one is asked for, which
    is written over it. Raises as `simulate` does.
    """
    tables = fill(plan, draws, most_rows_at_once(plan, draws) + page_rows)
    is_full = True
    while is_full:
        is_full = _is_full(plan, tables)
        rows = int(tables["world"]["instant"][0])
        if rows == 0 and is_full:
            lengthen_log(tables)
            continue
        yield page_of(tables, rows, len(tables["lots"]))
        turn_page(tables, rows)


def _is_full(plan: Plan, tables: Tables) -> bool:
    """Let the clock run until it stops, or the log is full."""
    ending = run(tables["world"])
    if ending == IS_OVER_BUDGET:
        raise _over_budget(plan)
    if ending == IS_FULL:
        return True
    for r in np.flatnonzero(plan.resources.word == Word.LINE).tolist():
        check_line(tables, r, plan.resources.names[r])
    return False


def _over_budget(plan: Plan) -> BudgetError:
    if plan.max_events > MOST_EVENTS:
        return BudgetError(
            f"more than {MOST_EVENTS} events in one year, the most that the compiled "
            "engine can count"
        )
    return BudgetError(
        f"more than run.max_events = {plan.max_events} events in one year"
    )


def lengthen_log(tables: Tables) -> None:
    """Twice the room for the log."""
    world, columns = tables["world"], room_for(2 * len(tables["log_unit"]))
    rows = int(world["rows"][0])
    world["rows_safe"] += len(tables["log_unit"])
    for name, column in columns.items():
        column[:rows] = tables[name][:rows]
    tables |= columns
    write_addresses(tables)


def turn_page(tables: Tables, rows: int) -> None:
    """Begin a page with what the instant that is not over has written.

    The budget is from now on what the pages before have left of it.
    """
    world = tables["world"]
    end = int(world["rows"][0])
    for name in LOG:
        tables[name][: end - rows] = tables[name][rows:end]
    world["instant"] -= rows
    world["rows"] -= rows
    world["max_events"] -= rows


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
