"""A sweep as a table for the screen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from railsim.report.digits import plus_minus
from railsim.results.reading import Run
from railsim.rows import OWN_UNIT
from railsim.scenario.paths import printable

MOST_LINES = 60
_METRIC, _CELL = 34, 22


def answer_rows(run: Run) -> list[dict[str, str | float | None]]:
    """The rows of sweep_grid.csv with numbers as numbers."""
    words = {"fidelity", "alternative", "metric", *run.manifest["reference"]}
    return [
        {k: v if k in words else float(v) if v else None for k, v in row.items()}
        for row in run.rows("sweep_grid")
    ]


def answer_lines(run: Run) -> Iterator[str]:
    """Every output of every world, mean with its half-width; long answers are cut."""
    lines = list(_lines(run))
    yield from lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        yield f"... {len(lines) - MOST_LINES} more lines in sweep_grid.csv"


def _lines(run: Run) -> Iterator[str]:
    units = {row["metric"]: row["unit"] for row in run.rows("metrics")}
    axes = list(run.manifest["reference"])
    for metric, found in groupby(run.rows("sweep_grid"), lambda row: row["metric"]):
        rows = [*found]
        draws = max(int(float(row["n"])) for row in rows)
        unit = "" if units[metric] == OWN_UNIT else f" [{units[metric]}]"
        yield printable(f"{metric}{unit}, {draws} draws")
        yield f"  {'':<{_METRIC}}{'mean':>{_CELL}}  {'p05 to p95':>{_CELL}}"
        for row in rows:
            cell = " ".join(row[axis] for axis in axes).strip()
            name = printable(f"{row['alternative']} {cell}").strip()
            mean = plus_minus(_number(row["mean"]), _number(row["mean_ci95"]))
            told = f"{mean:>{_CELL}}  {_spread(row):>{_CELL}}"
            yield f"  {name[:_METRIC]:<{_METRIC}}{told}"


def _spread(row: Mapping[str, str]) -> str:
    low, high = _number(row["p05"]), _number(row["p95"])
    return "-" if math.isnan(low) else f"{low:.4g} to {high:.4g}"


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def table_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows as columns of text, numbers to four digits."""
    if not rows:
        yield "nothing to tell"
        return
    cells = [[*rows[0]], *([_shown(v) for v in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        pairs = zip(line, widths, strict=True)
        yield printable("  ".join(cell.ljust(width) for cell, width in pairs).rstrip())


def _shown(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
