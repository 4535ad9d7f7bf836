"""What a run reports, replication by replication: written, and read again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from railsim.results.catalogue import REPLICATIONS, REPORTED, SUMMARY
from railsim.results.reading import Run, numbers
from railsim.results.tables.columns import Table
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.money import MONEY
from railsim.results.tables.panel import Floats, Key, Panel
from railsim.results.tables.routes import Rows, market_columns

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
    names = KEYS[2:]
    for place, key in enumerate(keys):
        known = dict(zip(table.key_names, key, strict=True))
        if known.get("year") != year:
            continue
        told = [known.get(name) for name in names]
        for column in table.values:
            for number, value in enumerate(columns[column.name][place].tolist()):
                if math.isfinite(value):
                    yield (table.name, column.name, *told, number, value)


def replications_of(run: Run) -> dict[Key, Floats]:
    """KEYS of a cell -> its value in each replication, NaN where it has none.

    Empty for a run of an older railsim, which did not keep them.
    """
    found: dict[Key, Floats] = {}
    if f"{NAME}.csv" not in run.manifest["files"]:
        return found
    count = int(run.manifest["replications"])
    for row in numbers(run, NAME):
        key = cell_of(str(row["table"]), str(row["column"]), row)
        values = found.setdefault(key, np.full(count, np.nan))
        values[int(row["replication"] or 0)] = row["value"]
    return found


def cell_of(table: str, column: str, row: Mapping[str, Any]) -> Key:
    """KEYS of a cell of a row; None for keys that its table lacks or leaves empty."""
    told = (row.get(name) for name in KEYS[2:])
    return (table, column, *(None if word == "" else word for word in told))
