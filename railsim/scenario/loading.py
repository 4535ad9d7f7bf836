"""From a file name to a checked scenario that knows where each value was written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from railsim.scenario.checks.checking import check_tables
from railsim.scenario.checks.usual import check_usual
from railsim.scenario.files.locating import Spot
from railsim.scenario.files.merging import Mark, Merged, Origin, merge_layers
from railsim.scenario.files.parents import read_layers, root_of
from railsim.scenario.overlays import PathError, lay_over, parse_override, set_value
from railsim.scenario.paths import Segments, is_position, join_path, look_up, printable
from railsim.scenario.problems import Problem, ScenarioError
from railsim.scenario.reporting import GradeOf, error_of, locate
from railsim.scenario.schema import Scenario
from railsim.scenario.sources import Sources, find_sources, source_of

PathLike = str | os.PathLike[str]
ALTERNATIVE_VALUES = 2_000_000
_LAST = 1_000_000  # options are laid after every file


@dataclass(frozen=True)
class Resolved:
    """A scenario with its merged tables and who wrote each value."""

    scenario: Scenario
    tables: dict[str, Any]
    origins: Mapping[str, Origin]
    warnings: tuple[Problem, ...]
    root: Path = field(repr=False)


def load_scenario(
    path: PathLike, overrides: Iterable[str] = (), *, roots: Iterable[PathLike] = ()
) -> Scenario:
    """The scenario of a file with its parents and overrides; raises ScenarioError.

    `overrides` are texts `dotted.path=TOML value`. Parents must lie in the folder of
    the file, in the nearest folder above it called `scenarios`, or in one of `roots`.
    """
    return resolve(path, overrides, roots=roots).scenario


def resolve(
    path: PathLike, overrides: Iterable[str] = (), *, roots: Iterable[PathLike] = ()
) -> Resolved:
    """As `load_scenario`, with tables, origins and warnings."""
    merged = merge_layers(read_layers(path, roots))
    root = Path(root_of(os.path.realpath(path)))
    grade_of = _grades_of(root)
    problems = _lay_overrides(merged, overrides)
    checked = check_tables(merged.tables)
    problems += locate(merged, checked.findings, grade_of)
    if checked.scenario is None or problems:
        raise error_of(problems)
    merged.tables = checked.tables
    problems += _check_alternatives(merged, checked.scenario)
    if problems:
        raise error_of(problems)
    doubts = locate(merged, check_usual(checked.tables), grade_of)
    return Resolved(
        checked.scenario, checked.tables, merged.origins(), tuple(doubts), root
    )


def scenario_of(tables: Mapping[str, Any]) -> Scenario:
    """The scenario of whole tables that come from no file; raises ScenarioError."""
    merged = Merged(dict(tables))
    checked = check_tables(merged.tables)
    problems = locate(merged, checked.findings, lambda _: "")
    if checked.scenario is not None and not problems:
        merged.tables = checked.tables
        problems = _check_alternatives(merged, checked.scenario)
    if checked.scenario is None or problems:
        raise error_of(problems)
    return checked.scenario


def _grades_of(root: Path) -> GradeOf:
    """Path -> grade of its evidence, for help lines; damage is told elsewhere."""

    @cache
    def read() -> Sources:
        try:
            return find_sources(root)
        except ScenarioError:
            return {}

    def grade_of(path: str) -> str:
        source = source_of(path, read())
        return source.grade if source else ""

    return grade_of


def _lay_overrides(merged: Merged, overrides: Iterable[str]) -> list[Problem]:
    problems = []
    for text in overrides:
        flag = f"--set {printable(text)}"
        try:
            override = parse_override(text)
            _remember(merged, override.path)
            laid = set_value(merged.tables, override.path, override.value)
        except PathError as error:
            name = text.partition("=")[0]
            problems.append(
                Problem("E112", str(error), printable(name), error.help, flag=flag)
            )
            continue
        mark = Mark(Origin("--set", 0, 0), "", Spot(0, 0, 0, 0), flag, _LAST)
        _sign(merged, laid, override.value, mark)
    return problems


def _sign(merged: Merged, path: Segments, value: Any, mark: Mark) -> None:
    """The option wrote the value, and the tables that it had to add for it."""
    for length in range(1, len(path)):
        merged.marks.setdefault(path[:length], mark)
    merged.sign(path, value, mark)


def _remember(merged: Merged, path: tuple[str, ...]) -> None:
    segments: Segments = tuple(int(s) if is_position(s) else s for s in path)
    for candidate in (path, segments):
        try:
            value = look_up(merged.tables, candidate)
        except (LookupError, TypeError):
            continue
        merged.remember(candidate, value)


def _check_alternatives(merged: Merged, scenario: Scenario) -> list[Problem]:
    problems: list[Problem] = []
    values = len(merged.marks) * len(scenario.alternatives)
    if values > ALTERNATIVE_VALUES:
        message = "too many alternatives for a scenario of this size"
        raise ScenarioError([_at(merged, ("alternatives",), "E109", message)])
    for name, alternative in scenario.alternatives.items():
        if alternative.overlay:
            problems += _check_alternative(merged, scenario, name)
    return problems


def _check_alternative(merged: Merged, scenario: Scenario, name: str) -> list[Problem]:
    base: Segments = ("alternatives", name, "overlay")
    values = scenario.alternatives[name].overlay
    _, found = lay_over(scenario, merged.tables, values, label="")
    problems = []
    for problem in found:
        key = problem.flag.strip()
        place = (*base, key) if key in values else base
        message = f"{problem.message} (in alternative '{printable(name)}')"
        problems.append(
            _at(merged, place, problem.code, message, problem.help, problem.path)
        )
    return problems


def _at(
    merged: Merged,
    place: Segments,
    code: str,
    message: str,
    help_: str = "",
    path: str = "",
) -> Problem:
    mark = merged.mark_at(place)
    name = path or join_path(place)
    if mark is None:
        return Problem(code, message, name, help_)
    spot = mark.spot
    return Problem(
        code, message, name, help_, mark.shown, spot.line, spot.column, mark.flag
    )
