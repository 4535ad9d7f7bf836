"""New tables, with rows that begin with a line of the cache."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.engine.compiled import tables as t
from railsim.errors import BudgetError

CACHE_LINE = 64  # bytes
MOST_ROWS = 2**31 - 1
Tables = dict[str, t.Table]


def new_table(row: np.dtype[np.void], rows: int, /, **columns: Any) -> t.Table:
    """So many rows, zero but for these columns.

    Raises `BudgetError` for numbers that do not fit.
    """
    if rows > MOST_ROWS:
        raise BudgetError(f"{rows} rows are more than the compiled engine can count")
    memory = np.zeros(rows * row.itemsize + CACHE_LINE, np.uint8)
    begin = -memory.ctypes.data % CACHE_LINE
    table = memory[begin : begin + rows * row.itemsize].view(row)
    for name, column in columns.items():
        _check(name, np.asarray(column), row[name])
        table[name] = column
    return table


def _check(name: str, column: NDArray[Any], kind: np.dtype[Any]) -> None:
    """Refuse a whole number that would be cut off."""
    if kind.kind != "i" or np.can_cast(column.dtype, kind) or column.size == 0:
        return
    limits = np.iinfo(kind)
    for number in (int(column.min()), int(column.max())):
        if not limits.min <= number <= limits.max:
            raise BudgetError(
                f"{name} {number} does not fit into the {limits.bits} bits that the "
                "compiled engine has for it; run.engine = reference has room"
            )


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
