"""Which tables of an outcome hold numbers, and what their columns are."""

from __future__ import annotations

from dataclasses import is_dataclass
from functools import cache
from typing import get_args, get_origin, get_type_hints

from railsim.outcome import Outcome
from railsim.rows import Rows, columns_of
from railsim.study.files.schema import Filter, Output

ID = "id"
WORLD = "alternative"


@cache
def tables_of_outcome() -> dict[str, dict[str, str]]:
    """Table -> column -> unit, for every table of rows that an outcome has."""
    found = {}
    for name, hint in get_type_hints(Outcome).items():
        row = get_args(hint)[0] if get_origin(hint) in (tuple, Rows) else None
        if isinstance(row, type) and is_dataclass(row):
            units = {c: unit for c, (unit, _) in columns_of(row).items()}
            found[name] = units
    return found


def number_columns(table: str) -> tuple[str, ...]:
    """Columns of a table that hold numbers."""
    return tuple(c for c, unit in tables_of_outcome()[table].items() if unit != ID)


def unit_of(output: Output) -> str:
    """The unit of an output: as it says, else of its column, or none for a share."""
    if output.share_of is not None:
        return "1"
    return output.unit or tables_of_outcome()[output.table][output.column]


def meaning_of(output: Output) -> str:
    """In words: which rows become one number, and how."""
    words = [f"{output.aggregate} of {output.table}.{output.column}"]
    if output.weight is not None:
        words.append(f"weighted by {output.weight}")
    if output.where:
        words.append(f"where {_filter(output.where)}")
    if output.share_of is not None:
        words.append(f"over the sum where {_filter(output.share_of)}")
    if output.against is not None:
        words.append(f"less that of {output.against}")
    return " ".join(words)


def _filter(wanted: Filter) -> str:
    several = (
        f"{name} is {' or '.join(map(str, v)) if isinstance(v, tuple) else v}"
        for name, v in wanted.items()
    )
    return ", ".join(several) or "anything"
