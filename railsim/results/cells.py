"""CSV as spreadsheets and programs both read it: UTF-8, LF, no formulas, no NaN.

Text that a spreadsheet would take for a formula gets an apostrophe before it, which
`read_csv` takes away again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
DIGITS = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 1_000_000


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, digits: int = DIGITS
) -> bytes:
    """The bytes of a table."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([write_cell(cell, digits) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8")


def write_cell(cell: Cell, digits: int = DIGITS) -> str:
    """Missing is empty; decimals have a point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        is_risky = cell.startswith((*FORMULA, "'"))
        return f"'{cell}" if is_risky else cell
    if isinstance(cell, int):
        return str(cell)
    if not math.isfinite(cell):
        return ""
    return f"{cell:.{digits}g}" if cell != 0.0 else "0"


def read_csv(content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows as they were before quoting.

    Raises ValueError for what is no table: not UTF-8, not CSV, ragged rows.
    """
    text = io.StringIO(content.decode("utf-8"), newline="")
    csv.field_size_limit(_LONGEST)
    try:
        rows = list(csv.reader(text, strict=True))
    except csv.Error as error:
        raise ValueError(f"not CSV: {error}") from None
    if not rows:
        raise ValueError("no header")
    header, *body = rows
    for number, row in enumerate(body, start=2):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, not {len(header)}")
    return header, [[cell.removeprefix("'") for cell in row] for row in body]
