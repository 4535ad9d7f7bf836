"""Lay values over a scenario by dotted path: options, alternatives, sweeps, samples."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from railsim.scenario.checks.checking import Checked, check_changed
from railsim.scenario.checks.fields import (
    ROOT,
    Spec,
    fields_of,
    is_open_table,
    is_table,
    record_of,
    step_into,
)
from railsim.scenario.checks.findings import Finding
from railsim.scenario.files.merging import is_merged
from railsim.scenario.files.reading import parse_tables
from railsim.scenario.paths import (
    Segments,
    copy_tables,
    is_position,
    join_path,
    nearest,
    quote,
    show,
    split_path,
)
from railsim.scenario.problems import Problem, ScenarioError
from railsim.scenario.reporting import error_of
from railsim.scenario.schema import Scenario
from railsim.sharing import once_for

_BARE = re.compile(r"""[^\s"'\[\]{}=#][^"'\[\]{}=\n]*""")


class PathError(ValueError):
    """A dotted path that leads nowhere, with the nearest that would."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


@dataclass(frozen=True)
class Override:
    """One `path=value` as it was written."""

    path: tuple[str, ...]
    value: Any


def overlay(scenario: Scenario, values: Mapping[str, Any]) -> Scenario:
    """Lay dotted paths over a scenario and check it again.

    A table merges with the table it meets, None takes an optional value away, anything
    else replaces. Raises ScenarioError with all problems at once.
    """
    checked, problems = lay_over(scenario, _tables_of(scenario), values)
    if checked is None or checked.scenario is None:
        raise error_of(problems)
    return checked.scenario


def lay_over(
    scenario: Scenario,
    tables: Mapping[str, Any],
    values: Mapping[str, Any],
    label: str = "overlay",
) -> tuple[Checked | None, list[Problem]]:
    """Check the tables of a scenario with values laid over them.

    Problems are named by the value's path. What no value touches is shared with the
    scenario, tables and entries of tables alike.
    """
    changed = dict(tables)
    problems = []
    laid: dict[Segments, str] = {}
    for key, value in values.items():
        try:
            path = split_path(key)
            _own(changed, tables, path[0])
            laid[set_value(changed, path, copy_tables(value))] = key
        except PathError as error:
            flag = f"{label} {key}"
            problems.append(Problem("E112", str(error), key, error.help, flag=flag))
        except ValueError as error:
            problems.append(Problem("E112", str(error), key, flag=f"{label} {key}"))
    if problems:
        return None, problems
    checked = check_changed(scenario, changed, laid)
    for finding in checked.findings:
        flag = f"{label} {_nearest_laid(finding.path, laid)}".strip()
        problems.append(_problem_of(finding, flag))
    return checked, problems


@once_for(most=2)
def _tables_of(scenario: Scenario) -> dict[str, Any]:
    """The tables of a scenario that is laid over often."""
    return scenario.model_dump(exclude_unset=True)


def _own(changed: dict[str, Any], tables: Mapping[str, Any], name: str) -> None:
    """A copy of a table in place of the one shared with others."""
    if name in tables and changed.get(name) is tables[name]:
        changed[name] = copy_tables(tables[name])


def parse_override(text: str) -> Override:
    """Read `dotted.path=TOML value`; raises PathError."""
    name, sign, written = text.partition("=")
    written = written.strip()
    if not sign or not written:
        raise PathError("must be of the form path=value")
    try:
        path = split_path(name)
    except ValueError:
        raise PathError(f"{quote(name)} is not a dotted path") from None
    if path[0] == "extends":
        raise PathError("parents are named in files only")
    return Override(path, _parse_value(written))


def set_value(tables: dict[str, Any], path: tuple[str, ...], value: Any) -> Segments:
    """Put a value at a path that exists or may exist; raises PathError.

    Returns the path with positions in lists as numbers.
    """
    spec: Spec | None = ROOT
    node: Any = tables
    walked: Segments = ()
    for name in path[:-1]:
        key = _key_in(node, name, walked)
        below = step_into(spec, node, key) if spec else None
        if isinstance(node, dict) and key not in node:
            if is_open_table(spec) or not is_table(below):
                raise _no_such(node, spec, walked, path[len(walked) :])
            node[key] = {}
        node, spec, walked = node[key], below, (*walked, key)
    key = _key_in(node, path[-1], walked)
    _put(node, key, value, spec, walked)
    return (*walked, key)


def _put(
    node: Any, key: str | int, value: Any, spec: Spec | None, walked: Segments
) -> None:
    if isinstance(node, list):
        node[key] = _merge(node[key], value)  # type: ignore[index]
        return
    if value is None:
        node.pop(key, None)
        return
    if key not in node and not _may_add(node, key, value, spec):
        raise _no_such(node, spec, walked, (str(key),))
    node[key] = _merge(node.get(key), value)


def _may_add(
    node: dict[str, Any], key: str | int, value: Any, spec: Spec | None
) -> bool:
    """New ids need a table; fields of a record need the schema."""
    if is_open_table(spec):
        return isinstance(value, dict)
    return spec is not None and step_into(spec, node, key) is not None


def _merge(below: Any, above: Any) -> Any:
    if not is_merged(below, above):
        return above
    merged = dict(below)
    for key, value in above.items():
        merged[key] = _merge(merged.get(key), value)
    return merged


def _key_in(node: Any, name: str, walked: Segments) -> str | int:
    if isinstance(node, dict):
        return name
    where = join_path(walked)
    if not isinstance(node, list):
        raise PathError(f"'{where}' is {show(node)}, it has nothing below")
    if not is_position(name):
        raise PathError(f"'{where}' is a list: {quote(name)} is no position")
    if int(name) >= len(node):
        last = len(node) - 1
        raise PathError(f"'{where}' has positions 0 to {last}, not {int(name)}")
    return int(name)


def _no_such(
    node: dict[str, Any], spec: Spec | None, walked: Segments, rest: tuple[str, ...]
) -> PathError:
    record = record_of(spec, node) if spec else None
    choices = dict.fromkeys([*node, *(fields_of(record) if record else ())])
    near = nearest(rest[0], choices)
    right = join_path((*walked, near, *rest[1:])) if near else ""
    help_ = f"did you mean '{right}'?" if near else ""
    if is_open_table(spec) and not near:
        help_ = "a new id needs a table"
    return PathError("no such path in the scenario", help_)


def _parse_value(written: str) -> Any:
    try:
        tables = parse_tables(f"value = {written}\n", "--set")
    except ScenarioError as error:
        if _BARE.fullmatch(written) and error.problems[0].code == "E106":
            return written
        raise PathError(f"{quote(written)} is not a TOML value") from None
    if set(tables) != {"value"}:
        raise PathError(f"{quote(written)} is not one TOML value")
    return tables["value"]


def _nearest_laid(path: Segments, laid: Mapping[Segments, str]) -> str:
    for length in range(len(path), 0, -1):
        if path[:length] in laid:
            return laid[path[:length]]
    inside = [key for place, key in laid.items() if place[: len(path)] == path]
    return inside[0] if inside else ""


def _problem_of(finding: Finding, flag: str) -> Problem:
    near = nearest(finding.word, finding.choices) if finding.word else None
    hint = f"did you mean '{near}'?" if near else ""
    help_ = "; ".join(part for part in (finding.help, hint) if part)
    return Problem(
        finding.code, finding.message, join_path(finding.path), help_, flag=flag
    )
