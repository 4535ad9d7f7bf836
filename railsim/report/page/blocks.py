"""What a page is made of: lines, tables and pictures, in the words of one language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_ROWS = 120  # of a table of data that is folded away
Cell = str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; cells are text as it shall be read."""

    heads: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page shows it."""

    name: str
    title: str
    alt: str
    image: str
    """A data URL."""
    data_title: str
    data: Grid


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with its name in the contents."""

    key: str
    title: str
    lines: Sequence[str] = ()
    grids: Sequence[Grid] = ()
    pictures: Sequence[Shown] = ()
    folded: Sequence[Grid] = ()
    """Tables that are opened by a click."""
    is_warning: bool = False


def written(cell: object) -> str:
    """A number to six digits, nothing for what is missing."""
    if cell is None or cell != cell:
        return ""
    return f"{cell:.6g}" if isinstance(cell, float) else str(cell)
