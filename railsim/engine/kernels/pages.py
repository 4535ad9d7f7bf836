"""Pages of a log as kernels see them: a table for each column."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

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
