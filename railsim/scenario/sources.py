"""The evidence: who says each number, how sure, and what nobody vouches for."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

from railsim.scenario.files.merging import Origin
from railsim.scenario.files.reading import read_text
from railsim.scenario.paths import Segments, join_path, nearest, printable, quote
from railsim.scenario.problems import SHOWN_AT_MOST, Problem, ScenarioError

FILE_NAME = "sources.csv"
GRADES = ("measured", "published", "judged", "derived")
Value = float | tuple[float, ...] | None


@dataclass(frozen=True)
class Source:
    """One row of sources.csv: the evidence of one number or list of numbers.

    A list stands in its cell with semicolons. `derived` marks a number that follows
    from others, such as a service sized to an observed flow.
    """

    path: str
    low: Value
    mode: Value
    high: Value
    distribution: str
    source: str
    publisher: str
    address: str
    date: str
    grade: str
    remark: str


class HasTables(Protocol):
    """A resolved scenario: its tables, who wrote them, where its evidence lies."""

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Who wrote each value."""

    @property
    def tables(self) -> dict[str, Any]:
        """The merged tables."""

    @property
    def root(self) -> Path:
        """The folder of sources.csv."""


COLUMNS = tuple(field.name for field in fields(Source))
Sources = Mapping[str, Source]


def find_sources(root: str | Path, shown: str | None = None) -> Sources:
    """Path -> source from the sources.csv of a scenarios folder; empty without file.

    Raises ScenarioError E113 with every damaged line.
    """
    file = Path(root) / FILE_NAME
    if not file.exists():
        return {}
    return read_sources(file, shown)


def read_sources(file: str | Path, shown: str | None = None) -> Sources:
    """Path -> source; raises ScenarioError with every damaged line."""
    name = printable(str(file) if shown is None else shown)
    text = read_text(str(file), name)
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    for line, row in _rows(text, name):
        found = _source_of_row(row, line, name)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.path in sources:
            message = f"a second row for {quote(found.path)}"
            problems.append(_damage(message, name, line))
        else:
            sources[found.path] = found
    if problems:
        raise ScenarioError(problems[:SHOWN_AT_MOST], count=len(problems))
    return sources


def evidence_of(resolved: HasTables) -> Sources:
    """Path -> source of a scenario's values.

    A row `child:path` is about the value that `child.toml` wrote, a row `path` about
    all others.
    """
    known = find_sources(resolved.root)
    found = {path: row for path, row in known.items() if ":" not in path}
    for path, row in known.items():
        child, _, own = path.partition(":")
        if own and _has_written(resolved, child, own):
            found[own] = row
    return found


def _has_written(resolved: HasTables, child: str, path: str) -> bool:
    origin = resolved.origins.get(path) or resolved.origins.get(f"{path}.0")
    return origin is not None and Path(origin.file).stem == child


def source_of(path: str, sources: Sources) -> Source | None:
    """The evidence of a dotted path; an element of a list has that of its list."""
    while path not in sources and path.rpartition(".")[2].isdecimal():
        path = path.rpartition(".")[0]
    return sources.get(path)


def unsourced(resolved: HasTables, sources: Sources | None = None) -> list[str]:
    """Dotted paths of the numbers without a row; a list of numbers counts as one."""
    known = evidence_of(resolved) if sources is None else sources
    paths = (join_path(path) for path in _numbers(resolved.tables, ()))
    return [path for path in paths if path not in known]


def _numbers(value: Any, path: Segments) -> Iterator[Segments]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _numbers(inner, (*path, key))
    elif isinstance(value, list | tuple) and not _holds_table(value):
        if _holds_number(value):
            yield path
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _numbers(inner, (*path, index))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path


def _holds_table(values: Any) -> bool:
    return any(
        isinstance(v, dict) or (isinstance(v, list | tuple) and _holds_table(v))
        for v in values
    )


def _holds_number(values: Any) -> bool:
    return any(
        _holds_number(v)
        if isinstance(v, list | tuple)
        else isinstance(v, int | float) and not isinstance(v, bool)
        for v in values
    )


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row below the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise ScenarioError([_damage(_header_message(header), name, 1)])
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        message = f"not CSV: {error}"
        raise ScenarioError([_damage(message, name, reader.line_num)]) from None


def _header_message(header: list[str]) -> str:
    for wanted, found in zip(COLUMNS, header, strict=False):
        if wanted != found:
            return f"column '{wanted}' expected, found {quote(found)}"
    return f"the columns must be {','.join(COLUMNS)}"


def _source_of_row(row: list[str], line: int, name: str) -> Source | Problem:
    if len(row) != len(COLUMNS):
        message = f"{len(row)} cells, expected {len(COLUMNS)}"
        return _damage(message, name, line)
    cells = dict(zip(COLUMNS, row, strict=True))
    if not cells["path"]:
        return _damage("the path is empty", name, line)
    if cells["grade"] not in GRADES:
        near = nearest(cells["grade"], GRADES)
        help_ = f"did you mean '{near}'?" if near else f"one of {', '.join(GRADES)}"
        return _damage(f"unknown grade {quote(cells['grade'])}", name, line, help_)
    try:
        low, mode, high = (_value(cells[key]) for key in ("low", "mode", "high"))
    except ValueError as error:
        return _damage(str(error), name, line)
    given = [number for number in (low, mode, high) if isinstance(number, float)]
    if given != sorted(given):
        return _damage("low <= mode <= high must hold", name, line)
    words = {key: cells[key] for key in COLUMNS if key not in ("low", "mode", "high")}
    return Source(low=low, mode=mode, high=high, **words)


def _value(cell: str) -> Value:
    if not cell:
        return None
    if ";" in cell:
        return tuple(_number(part) for part in cell.split(";"))
    return _number(cell)


def _number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{quote(cell)} is not a number")
    return number


def _damage(message: str, name: str, line: int, help_: str = "") -> Problem:
    return Problem("E113", message, help=help_, file=name, line=line, column=1)
