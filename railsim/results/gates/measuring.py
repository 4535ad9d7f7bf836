"""A metric as it was found: its mean, how sure that is, and its draws if it has any."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from railsim.errors import InputError
from railsim.results.answers.reading import Answers, open_sweep
from railsim.results.gates.schema import Key, Metric, Where
from railsim.results.reading import Run, numbers
from railsim.results.tables.replications import cell_of, replications_of
from railsim.scenario.paths import hint_at, quote

Row = dict[str, str | float | None]
Floats = NDArray[np.float64]
HALF = 0.975  # the two-sided 95 % of every table


@dataclass(frozen=True, slots=True)
class Measured:
    """A mean with its standard error; NaN where one replication tells none.

    `draws` are the values that the mean is of, NaN where a draw has none, in the order
    of their futures; empty where only the mean is known.
    """

    mean: float
    error: float
    count: int
    draws: tuple[float, ...] = ()

    def interval(self) -> tuple[float, float]:
        """95 % interval of the mean; infinite where nothing is known of it."""
        half = float(stdtrit(max(self.count - 1, 1), HALF)) * self.error
        if math.isnan(half):
            half = math.inf
        return self.mean - half, self.mean + half


@dataclass(frozen=True)
class Source:
    """A run or a sweep that metrics are read from."""

    run: Run
    _tables: dict[str, list[Row]] = field(default_factory=dict)
    """Those that were read, since most metrics share one."""

    @cached_property
    def answers(self) -> Answers:
        """The draws of a sweep."""
        return open_sweep(self.run.folder)

    def measure(self, metric: Metric) -> Measured:
        """Read one metric; raises InputError where it cannot be."""
        if metric.output is not None:
            return self._of_draws(metric, metric.output)
        return self._of_cells(metric)

    def _of_draws(self, metric: Metric, output: str) -> Measured:
        world = self.answers.world(metric.alternative, metric.cell)
        return measured_of(self.answers.numbers(output, world))

    def _of_cells(self, metric: Metric) -> Measured:
        assert metric.table is not None
        assert metric.column is not None
        found = self._cell(metric.table, metric.column, metric.where)
        if not metric.less:
            return found
        other = self._cell(metric.table, metric.column, {**metric.where, **metric.less})
        return _less(found, other)

    def _cell(self, table: str, column: str, where: Where) -> Measured:
        if f"{table}.csv" not in self.run.manifest["files"]:
            known = [n.removesuffix(".csv") for n in self.run.manifest["files"]]
            raise InputError(_no_such("table", table, known))
        kinds = self.run.kinds[table]
        for name in (column, *where):
            if name not in kinds:
                raise InputError(_no_such(f"column in {table}", name, list(kinds)))
        rows = [row for row in self._rows(table) if _fits(row, where)]
        if len(rows) != 1:
            told = ", ".join(f"{k} = {v}" for k, v in where.items())
            raise InputError(f"{table} has {len(rows)} rows where {told}, not one")
        value, half = rows[0][column], rows[0].get(f"{column}_ci95")
        if not isinstance(value, int | float):
            raise InputError(f"{table}.{column} is empty there, or no number")
        count = int(self.run.manifest.get("replications", 1))
        if not isinstance(half, int | float) or count < 2:
            return Measured(float(value), math.nan, 1)
        error = half / float(stdtrit(count - 1, HALF))
        draws = self._drawn.get(cell_of(table, column, rows[0]), np.empty(0))
        return Measured(float(value), error, count, tuple(draws.tolist()))

    @cached_property
    def _drawn(self) -> dict[tuple[Any, ...], Floats]:
        return replications_of(self.run)

    def _rows(self, table: str) -> list[Row]:
        if table not in self._tables:
            self._tables[table] = numbers(self.run, table)
        return self._tables[table]


def _less(found: Measured, other: Measured) -> Measured:
    """The difference of two cells, under the same luck where that is known."""
    if found.draws and other.draws:
        return measured_of(np.array(found.draws) - np.array(other.draws))
    error = math.hypot(found.error, other.error)
    return Measured(found.mean - other.mean, error, found.count)


def futures_of(run: Run) -> tuple[int, int]:
    """Seed and number of the replications or draws: equal ones are the same luck."""
    size = run.manifest.get("draws", run.manifest["replications"])
    return int(run.manifest["seed"]), int(size)


def measured_of(draws: Floats) -> Measured:
    """The mean of those draws that are finite; raises InputError where none is."""
    known = draws[np.isfinite(draws)]
    count = len(known)
    if count == 0:
        raise InputError("has no value in any draw")
    spread = float(np.std(known, ddof=1)) if count > 1 else math.nan
    mean, error = float(np.mean(known)), spread / math.sqrt(count)
    kept = np.where(np.isfinite(draws), draws, np.nan)
    return Measured(mean, error, count, tuple(kept.tolist()))


def measure_all(run: Run, metrics: Mapping[str, Metric]) -> dict[str, Measured]:
    """Every metric; raises InputError for the first that cannot be read."""
    source, found = Source(run), {}
    for name, metric in metrics.items():
        try:
            found[name] = source.measure(metric)
        except InputError as error:
            raise InputError(f"metrics.{name}: {error}") from None
    return found


def _fits(row: Mapping[str, Key | None], where: Where) -> bool:
    """An empty cell is an empty word, as in studies."""
    return all(
        ("" if row[name] is None else row[name]) == wanted
        for name, wanted in where.items()
    )


def _no_such(noun: str, word: str, known: list[str]) -> str:
    return f"no {noun} is called {quote(word)}{hint_at(word, known)}"
