"""Pages of a log as kernels see them: a table for each column."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.kernels.tables import Tables, as_rows
from railsim.engine.log import EventLog

LOG_INSTANT = np.dtype([("at_ms", "i8")])
LOG_EVENT = np.dtype([("event", "i1")])
LOG_NUMBER = np.dtype([("number", "i4")])
LOG = {
    "log_at_ms": LOG_INSTANT,
    "log_event": LOG_EVENT,
    "log_unit": LOG_NUMBER,
    "log_resource": LOG_NUMBER,
    "log_value": LOG_NUMBER,
    "log_amount": LOG_NUMBER,
}
COLUMNS = [field.name for field in fields(EventLog)[1:]]


def room_for(rows: int) -> Tables:
    """A log that can hold so many rows."""
    return {name: np.empty(rows, row) for name, row in LOG.items()}


def expected_rows(plan: Plan, draws: Draws) -> int:
    """Rows of a log if every lot takes the longest chain of its flow.

    A good deal too many; but memory is free until it is written.
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


def page_of(tables: Tables, rows: int, lot_count: int) -> EventLog:
    """The first rows of the log among some tables, without a copy."""
    columns = {}
    for name in COLUMNS:
        column = tables[f"log_{name}"][:rows]
        columns[name] = column.view(column.dtype[0])
    return EventLog(lot_count=lot_count, **columns)


def tables_of(page: EventLog) -> Tables:
    """The columns of a page as tables, without a copy where its memory allows."""
    return {
        name: as_rows(getattr(page, column), LOG[name])
        for name, column in zip(LOG, COLUMNS, strict=True)
    }
