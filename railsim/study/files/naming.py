"""Names in a study: inputs, outputs, worlds, axes and levels must exist."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from railsim.living.worlds import reported_years
from railsim.rows import OWN_UNIT
from railsim.scenario import Resolved
from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, quote, walk
from railsim.study.files.schema import Filter, Grid, Output, Stopping, Study, Word
from railsim.study.sweep.tables import WORLD, number_columns, tables_of_outcome

# Columns whose values stand in the scenario, as an id or as a word.
FROM_SCENARIO = {
    *("market", "commodity", "direction", "form", "flow", "origin", "destination"),
    *("route", "mode", "line", "service", "country", "payee"),
}


def check_names(study: Study, base: Resolved, names: Collection[str]) -> list[Finding]:
    """Every name that leads nowhere, with the nearest that would lead somewhere."""
    findings = list(_check_correlations(study, names))
    every = base.tables["alternatives"]
    for i, name in enumerate(study.study.alternatives):
        here: Segments = ("study", "alternatives", i)
        findings += _known(here, name, every, "alternative")
    worlds = {n: every[n] for n in study.study.alternatives or every if n in every}
    known = _words_of(base.tables)
    years = set(reported_years(base.scenario))
    for name, output in study.outputs.items():
        findings += _check_output(("outputs", name), output, worlds, known, years)
    if study.grid is not None:
        findings += _check_grid(study.grid, worlds)
    if study.stopping is not None:
        findings += _check_stopping(study, study.stopping, worlds)
    return findings


def _check_correlations(study: Study, names: Collection[str]) -> Iterator[Finding]:
    pairs = () if study.correlations is None else study.correlations.pairs
    for i, pair in enumerate(pairs):
        here: Segments = ("correlations", "pairs", i)
        for field in ("one", "other"):
            name = getattr(pair, field)
            yield from _known((*here, field), name, names, "uncertain input")


def _check_output(
    here: Segments,
    output: Output,
    worlds: Mapping[str, Any],
    known: Collection[str],
    years: Collection[int],
) -> Iterator[Finding]:
    tables = tables_of_outcome()
    missing = list(_known((*here, "table"), output.table, tables, "table of answers"))
    if missing:
        yield from missing
        return
    columns, numbers = tables[output.table], number_columns(output.table)
    for field in ("column", "weight"):
        name = getattr(output, field)
        if name is not None:
            what = f"column of numbers in {output.table}"
            yield from _known((*here, field), name, numbers, what)
    for i, name in enumerate(output.by):
        yield from _known((*here, "by", i), name, columns, f"column of {output.table}")
    for field in ("where", "share_of"):
        wanted: Filter = getattr(output, field) or {}
        for name, value in wanted.items():
            place = (*here, field, name)
            yield from _known(place, name, columns, f"column of {output.table}")
            yield from _check_values(place, name, value, known, years)
    unit = columns.get(output.column, OWN_UNIT)
    if output.unit not in (None, unit) and unit != OWN_UNIT:
        message = f"{output.table}.{output.column} has the unit {quote(unit)}"
        yield Finding("E111", (*here, "unit"), message)
    if output.against is not None:
        yield from _known((*here, "against"), output.against, worlds, "alternative")


def _check_values(
    place: Segments,
    column: str,
    value: Word | tuple[Word, ...],
    known: Collection[str],
    years: Collection[int],
) -> Iterator[Finding]:
    """A year nobody reports and a word the scenario has not would find no rows."""
    for one in value if isinstance(value, tuple) else (value,):
        if column == WORLD:
            yield Finding("E111", place, "every alternative is measured by itself")
        elif column == "year" and one not in years:
            message = f"the scenario has no year {one}, it reports {_span(years)}"
            yield Finding("E105", place, message)
        elif column in FROM_SCENARIO:
            yield from _known(place, str(one), known, f"{column} of the scenario")


def _span(years: Collection[int]) -> str:
    return f"{min(years)} to {max(years)}" if len(years) > 6 else str(sorted(years))


def _check_grid(grid: Grid, worlds: Mapping[str, Any]) -> Iterator[Finding]:
    for i, name in enumerate(grid.alternatives):
        yield from _known(("grid", "alternatives", i), name, worlds, "alternative")
    yield from _check_cell(("grid", "reference"), grid.reference, grid)
    yield from _check_axes(grid)


def _check_axes(grid: Grid) -> Iterator[Finding]:
    """Each path belongs to one axis, and an axis has levels."""
    writers: dict[str, str] = {}
    for axis, levels in grid.axes.items():
        if not levels:
            yield Finding("E103", ("grid", "axes", axis), "needs at least 1 level")
        for path in dict.fromkeys(p for level in levels.values() for p in level):
            other = writers.setdefault(path, axis)
            if other != axis:
                message = f"{quote(path)} is also written by the axis {quote(other)}"
                yield Finding("E111", ("grid", "axes", axis), message)


def _check_cell(
    here: Segments, cell: Mapping[str, str], grid: Grid
) -> Iterator[Finding]:
    """A level for each axis."""
    for axis, level in cell.items():
        yield from _known((*here, axis), axis, grid.axes, "axis")
        if axis in grid.axes:
            yield from _known((*here, axis), level, grid.axes[axis], "level")
    for axis in grid.axes:
        if axis not in cell:
            yield Finding("E104", (*here, axis), "missing value", "a level of the axis")


def _check_stopping(
    study: Study, stopping: Stopping, worlds: Mapping[str, Any]
) -> Iterator[Finding]:
    for i, rule in enumerate(stopping.rules):
        here: Segments = ("stopping", "rules", i)
        plain = [name for name, output in study.outputs.items() if not output.by]
        yield from _known((*here, "metric"), rule.metric, plain, "output")
        place = (*here, "alternative")
        yield from _known(place, rule.alternative, worlds, "alternative")
        if rule.cell and study.grid is None:
            yield Finding("E111", (*here, "cell"), "the study has no grid")
        elif rule.cell and study.grid is not None:
            yield from _check_cell((*here, "cell"), rule.cell, study.grid)


def _known(
    place: Segments, word: str, choices: Collection[str], noun: str
) -> Iterator[Finding]:
    if word not in choices:
        message = f"there is no {noun} {quote(word)}"
        yield Finding("E105", place, message, word=word, choices=tuple(choices))


def _words_of(tables: Mapping[str, Any]) -> set[str]:
    """All ids and words of a scenario."""
    words: set[str] = set()
    for path, value in walk(tables):
        words.update(str(segment) for segment in path[-1:])
        if isinstance(value, str):
            words.add(value)
    return words
