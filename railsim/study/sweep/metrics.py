"""From the rows of an outcome to one number a world, as the outputs of a study say."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from railsim.outcome import Outcome
from railsim.rows import cells_of
from railsim.study.files.schema import Filter, Output
from railsim.study.sweep.cells import World
from railsim.study.sweep.tables import WORLD, tables_of_outcome
from railsim.tabulate import KINDS

Mask = npt.NDArray[np.bool_]
TRAFFIC = {*KINDS, "years"}  # worlds with the same traffic share their rows
Numbers = dict[tuple[str, str], float | None]  # (world, metric) -> value


@dataclass
class _Columns:
    """A table by columns, each made when it is first asked for."""

    rows: Sequence[Any]
    known: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)

    def column(self, name: str) -> npt.NDArray[np.object_]:
        """All values of a column."""
        if name not in self.known:
            values = np.empty(len(self.rows), dtype=object)
            values[:] = cells_of(self.rows, name)
            self.known[name] = values
        return self.known[name]

    def where(self, wanted: Filter) -> Mask:
        """The rows in which every column has a wanted value."""
        found = np.ones(len(self.rows), dtype=bool)
        for name, value in wanted.items():
            column, several = self.column(name), value
            if not isinstance(several, tuple):
                several = (several,)
            found &= np.logical_or.reduce([column == one for one in several])
        return found


def measure_worlds(
    outcome: Outcome, outputs: Mapping[str, Output], worlds: Sequence[World]
) -> Numbers:
    """Every output of every world; None where rows say nothing.

    Outputs of a table without worlds have the world "". The number of a sum over no
    rows is 0, that of anything else is missing.
    """
    tables: dict[str, _Columns] = {}
    numbers: Numbers = {}
    twins = {row.alternative: row.traffic_of for row in outcome.alternatives}
    for name, output in outputs.items():
        if output.table not in tables:
            tables[output.table] = _Columns(getattr(outcome, output.table))
        rows_of = {w: w for w in _names(output, worlds)}
        if output.table in TRAFFIC:
            rows_of = {w: twins.get(w, w) for w in rows_of}
        found = _measure(tables[output.table], name, output, rows_of)
        if output.against is not None:
            found = _less(found, references_of(worlds, output.against))
        numbers |= found
    return numbers


def references_of(worlds: Sequence[World], against: str) -> dict[str, str]:
    """World -> the world of another alternative in its cell, or outside the grid."""
    of_cell = {
        tuple(w.cell.values()): w.name for w in worlds if w.alternative == against
    }
    everywhere = of_cell.get((), "")
    return {w.name: of_cell.get(tuple(w.cell.values()), everywhere) for w in worlds}


def _names(output: Output, worlds: Sequence[World]) -> Sequence[str]:
    has_worlds = WORLD in tables_of_outcome()[output.table]
    return [world.name for world in worlds] if has_worlds else [""]


def _measure(
    table: _Columns, name: str, output: Output, rows_of: Mapping[str, str]
) -> Numbers:
    mask = table.where(output.where)
    base = None if output.share_of is None else table.where(output.share_of)
    masks = {r: table.where({WORLD: r} if r else {}) for r in {*rows_of.values()}}
    of_worlds = {world: masks[rows] for world, rows in rows_of.items()}
    found: Numbers = {}
    for label, inside in _groups(table, name, output, mask):
        for world, mine in of_worlds.items():
            whole = None if base is None else base & mine
            found[world, label] = _aggregate(table, output, inside & mine, whole)
    return found


def _groups(
    table: _Columns, name: str, output: Output, mask: Mask
) -> Iterator[tuple[str, Mask]]:
    """The rows of an output, divided by the values of `by`."""
    if not output.by:
        yield name, mask
        return
    columns = [table.column(c)[mask].tolist() for c in output.by]
    for values in sorted(set(zip(*columns, strict=True)), key=str):
        keys: Filter = dict(zip(output.by, values, strict=True))
        yield ".".join((name, *map(str, values))), mask & table.where(keys)


def _aggregate(
    table: _Columns, output: Output, inside: Mask, base: Mask | None
) -> float | None:
    values = _finite(table, output.column, inside)
    match output.aggregate:
        case "sum":
            total = math.fsum(values)
            if base is None:
                return total
            whole = math.fsum(_finite(table, output.column, base))
            return total / whole if whole != 0.0 else None
        case "mean":
            return _mean(table, output, inside)
        case "min":
            return min(values, default=None)
    return max(values, default=None)


def _mean(table: _Columns, output: Output, inside: Mask) -> float | None:
    values = table.column(output.column)[inside].tolist()
    weights = [1.0] * len(values)
    if output.weight is not None:
        weights = table.column(output.weight)[inside].tolist()
    pairs = [
        (v, w)
        for v, w in zip(values, weights, strict=True)
        if _is_known(v) and _is_known(w)
    ]
    total = math.fsum(w for _, w in pairs)
    return math.fsum(v * w for v, w in pairs) / total if total > 0.0 else None


def _finite(table: _Columns, column: str, inside: Mask) -> list[float]:
    return [float(v) for v in table.column(column)[inside].tolist() if _is_known(v)]


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _less(found: Numbers, references: Mapping[str, str]) -> Numbers:
    """Every world's number less that of its reference, in the same draw."""
    return {
        (world, label): _difference(value, found.get((references[world], label)))
        for (world, label), value in found.items()
    }


def _difference(value: float | None, reference: float | None) -> float | None:
    return None if value is None or reference is None else value - reference
