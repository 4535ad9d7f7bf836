"""Tables of a run, and tables in Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]
"""Name of a table -> its rows, as they are written."""


def total(rows: Iterable[Row], column: str) -> float:
    """Sum of a column; empty cells count as nothing."""
    return math.fsum(float(row[column] or 0.0) for row in rows)


def ratio(part: float, whole: float) -> float:
    """Part over whole, NaN of nothing."""
    return part / whole if whole else math.nan


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table; bars inside cells are escaped."""
    heads = list(headings)
    lines = [heads, ["---"] * len(heads), *([*row] for row in rows)]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |"
        for line in lines
    )
