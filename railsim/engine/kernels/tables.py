"""Tables as kernels see them: rows of numbers, by number, for reading and writing.

A world is a row that keeps the addresses of its tables, each in a field
`<table>_address`, so that a kernel has one argument, not two hundred: it compiles in a
tenth of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numba
import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from railsim.errors import BudgetError

CACHE_LINE = 64  # bytes
MOST_ROWS = 2**31 - 1
Row = Any  # fields by name, which mypy cannot see
World = Row
Type = np.dtype[np.void]
Table = NDArray[Any]
Tables = dict[str, Table]


def row_type(narrow: str, *, wide: str = "", real: str = "") -> Type:
    """A row of floats and integers of 8 bytes, then of integers of 4 bytes."""
    fields = [(name, "f8") for name in real.split()]
    fields += [(name, "i8") for name in wide.split()]
    fields += [(name, "i4") for name in narrow.split()]
    return np.dtype(fields, align=True)


def new_table(row: Type, rows: int, /, **columns: Any) -> Table:
    """Rows from a line of the cache on, zero but for these columns.

    Raises `BudgetError` for numbers that do not fit.
    """
    if rows > MOST_ROWS:
        raise BudgetError(f"{rows} rows are more than a kernel can count")
    memory = np.zeros(rows * row.itemsize + CACHE_LINE, np.uint8)
    begin = -memory.ctypes.data % CACHE_LINE
    table = memory[begin : begin + rows * row.itemsize].view(row)
    for name, column in columns.items():
        _check(name, np.asarray(column), row[name])
        table[name] = column
    return table


def _check(name: str, column: Table, kind: np.dtype[Any]) -> None:
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


def as_rows(column: Table, row: Type) -> Table:
    """A column as a table of one field, without a copy where its memory allows."""
    return np.ascontiguousarray(column, row[0]).view(row)


def write_addresses(tables: Tables) -> None:
    """Tell the world among them where the other tables are."""
    for name in tables.keys() - {"world"}:
        tables["world"][f"{name}_address"] = tables[name].ctypes.data


def rows_of(
    world_type: Type, kinds: Mapping[str, Type], name: str
) -> Callable[[World, int], Row]:
    """A function of such a world and a number: that row of a table."""
    row, size = numba.from_dtype(kinds[name]), kinds[name].itemsize
    places = world_type.fields
    assert places is not None
    place = places[f"{name}_address"][1]

    @intrinsic
    def row_at(_: Any, world: Any, number: Any) -> Any:  # noqa: ARG001
        def generate(context: Any, builder: Any, __: Any, given: Any) -> Any:
            whole = context.get_value_type(types.int64)
            byte = context.get_value_type(types.int8).as_pointer()
            field = builder.gep(
                builder.bitcast(given[0], byte), [whole(place)], inbounds=True
            )
            begin = builder.load(builder.bitcast(field, whole.as_pointer()))
            address = builder.add(begin, builder.mul(given[1], whole(size)))
            return builder.inttoptr(address, context.get_value_type(row))

        return row(world, types.int64), generate

    return cast(Callable[[World, int], Row], row_at)
