"""assumptions.csv: every number of a scenario, its evidence and the line it is on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from railsim.results.cells import Cell, write_csv
from railsim.scenario import Resolved, evidence_of, source_of
from railsim.scenario.checks.fields import spec_at
from railsim.scenario.paths import Segments, join_path

# name -> (unit, meaning)
COLUMNS: dict[str, tuple[str, str]] = {
    "path": ("id", "dotted path of the value in the scenario"),
    "value": ("see unit", "as the run used it; a list in brackets"),
    "unit": ("id", "unit of value, low, mode and high"),
    "low": ("see unit", "low end of what is believed"),
    "mode": ("see unit", "likeliest value"),
    "high": ("see unit", "high end of what is believed"),
    "distribution": ("id", "shape of the belief"),
    "source": ("id", "where it is said"),
    "publisher": ("id", "who says it"),
    "address": ("id", "where to read it"),
    "date": ("id", "when it was said"),
    "grade": ("id", "measured, published or judged"),
    "remark": ("id", "what to know about it"),
    "origin": ("id", "file and line of the scenario that set it"),
}
NUMBERS = {"low", "mode", "high"}


def assumptions_csv(resolved: Resolved) -> bytes:
    """Rows of all numbers, switches and lists of numbers, in the scenario's order."""
    return write_csv(list(COLUMNS), _rows(resolved))


def _rows(resolved: Resolved) -> Iterator[list[Cell]]:
    sources = evidence_of(resolved)
    for segments, value in _assumptions(resolved.tables, ()):
        path = join_path(segments)
        spec, source = spec_at(resolved.tables, segments), source_of(path, sources)
        row: dict[str, Cell] = dict.fromkeys(COLUMNS)
        if source is not None:
            said = {name: getattr(source, name) for name in _OF_SOURCE}
            row |= {n: v for n, v in said.items() if not isinstance(v, tuple)}
        origin = resolved.origins.get(path)
        row |= {
            "path": path,
            "value": write_value(value),
            "unit": spec.unit if spec else "",
            "origin": str(origin) if origin else "",
        }
        yield list(row.values())


_OF_SOURCE = [n for n in COLUMNS if n not in ("path", "value", "unit", "origin")]


def write_value(value: Any) -> Cell:
    """A number as it is, anything else as JSON."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return json.dumps(value, ensure_ascii=False)


def _assumptions(value: Any, path: Segments) -> Iterator[tuple[Segments, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _assumptions(inner, (*path, key))
    elif isinstance(value, list | tuple) and _holds_table(value):
        for index, inner in enumerate(value):
            yield from _assumptions(inner, (*path, index))
    elif _holds_number(value):
        yield path, value


def _holds_table(values: Any) -> bool:
    return any(isinstance(value, dict) for value in values)


def _holds_number(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(_holds_number(inner) for inner in value)
    return isinstance(value, int | float)
