"""CSV as spreadsheets and programs both read it: UTF-8, LF, no formulas, no NaN.

Text that a spreadsheet would take for a formula gets an apostrophe before it, which
`read_csv` takes away again.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence

Cell = str | int | float | None
DIGITS = 10
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 1_000_000
_SPECIAL = re.compile(r'[",\r\n]')


def write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, digits: int = DIGITS
) -> bytes:
    """The bytes of a table."""
    lines = [",".join(map(_quoted, header))]
    lines += [",".join([_quoted(write_cell(c, digits)) for c in row]) for row in rows]
    return "\n".join([*lines, ""]).encode("utf-8")


def _quoted(text: str) -> str:
    """As `csv` would, but with the same bytes on every Python: 3.13 quotes more."""
    if not _SPECIAL.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def write_cell(cell: Cell, digits: int = DIGITS) -> str:
    """Missing is empty; decimals have a point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        is_risky = cell.startswith((*FORMULA, "'"))
        return f"'{cell}" if is_risky else cell
    if isinstance(cell, bool):
        return str(cell).lower()
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
