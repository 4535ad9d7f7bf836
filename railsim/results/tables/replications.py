"""What a run reports, replication by replication: written, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

import numpy as np

from railsim.results.catalogue import REPLICATIONS, REPORTED, SUMMARY
from railsim.results.cells import read_csv, write_csv
from railsim.results.reading import Run, numbers, typed
from railsim.results.tables.columns import Table
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.money import MONEY
from railsim.results.tables.panel import Floats, Key, Panel
from railsim.results.tables.routes import Rows, market_columns, routes_panel

NAME = REPLICATIONS.name
KEYS = REPLICATIONS.key_names[:-1]


def replications_table(gathered: Gathered, routes: Panel, year: int | None) -> Rows:
    """The summary of a year, or of the last that there is, and all that has no year."""
    return list(_rows(gathered, routes, year))


def _rows(
    gathered: Gathered, routes: Panel, year: int | None
) -> Iterator[tuple[Any, ...]]:
    keys, columns = market_columns(routes, SUMMARY.key_names)
    years = {key[1] for key in keys}
    reported = year if year in years else max(years, default=None)
    yield from _values(SUMMARY, keys, columns, reported)
    for name, table in MONEY.items():
        if table in REPORTED:
            panel = gathered.panel(name)
            yield from _values(table, panel.keys, panel.columns, None)


def _values(
    table: Table, keys: list[Key], columns: Mapping[str, Floats], year: int | None
) -> Iterator[tuple[Any, ...]]:
    """A row a finite number; of a table with years those of `year` only."""
    for place, key in enumerate(keys):
        row = dict(zip(table.key_names, key, strict=True))
        for column in table.values if row.get("year") == year else ():
            cell = cell_of(table.name, column.name, row)
            values = enumerate(columns[column.name][place].tolist())
            yield from ((*cell, r, value) for r, value in values if isfinite(value))


def replications_of(run: Run) -> dict[Key, Floats]:
    """KEYS of a cell -> its value in each replication, NaN where it has none.

    Empty for a run of an older railsim, which did not keep them.
    """
    if f"{NAME}.csv" not in run.manifest["files"]:
        return {}
    rows = numbers(run, NAME)
    try:
        return _by_cell(rows, int(run.manifest["replications"]))
    except (KeyError, IndexError, TypeError, ValueError):
        raise run.damaged(f"{NAME}.csv") from None


def write_replications(gathered: Gathered, year: int | None) -> bytes:
    """The table alone, for who needs no other."""
    rows = replications_table(gathered, routes_panel(gathered), year)
    return write_csv([column.name for column in REPLICATIONS.columns], rows)


def read_replications(content: bytes, count: int) -> dict[Key, Floats]:
    """As `replications_of`, from the bytes of the table."""
    header, lines = read_csv(content)
    rows = (dict(zip(header, line, strict=True)) for line in lines)
    kinds = {column.name: column.kind for column in REPLICATIONS.columns}
    return _by_cell(typed(rows, kinds), count)


def _by_cell(rows: Iterable[Mapping[str, Any]], count: int) -> dict[Key, Floats]:
    found: dict[Key, Floats] = {}
    for row in rows:
        key = cell_of(row["table"], row["column"], row)
        values = found.setdefault(key, np.full(count, np.nan))
        values[int(row["replication"])] = row["value"]
    return found


def cell_of(table: str, column: str, row: Mapping[str, Any]) -> Key:
    """KEYS of a cell of a row; None for keys that its table lacks or leaves empty."""
    told = (row.get(name) for name in KEYS[2:])
    return (table, column, *(None if word == "" else word for word in told))
