"""New tables, with rows that begin with a line of the cache."""

from __future__ import annotations

from typing import Any

import numpy as np

from railsim.engine.compiled import tables as t

CACHE_LINE = 64  # bytes
Tables = dict[str, t.Table]


def new_table(row: np.dtype[np.void], rows: int, /, **columns: Any) -> t.Table:
    """So many rows, zero but for these columns."""
    memory = np.zeros(rows * row.itemsize + CACHE_LINE, np.uint8)
    begin = -memory.ctypes.data % CACHE_LINE
    table = memory[begin : begin + rows * row.itemsize].view(row)
    for name, column in columns.items():
        table[name] = column
    return table


def as_rows(column: t.Table, row: np.dtype[np.void]) -> t.Table:
    """A column as a table of one field, without a copy where its memory allows."""
    return np.ascontiguousarray(column, row[0]).view(row)


def room_for(rows: int) -> Tables:
    """A log that can hold so many rows."""
    return {
        name: np.empty(rows, dtype)
        for name, dtype in t.TABLES.items()
        if name.startswith("log_")
    }
