"""The scenario that a study names, with the study's values laid over it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import tomlkit

from railsim.scenario import Problem, Resolved, ScenarioError, resolve
from railsim.scenario.files.merging import Merged
from railsim.scenario.files.parents import root_of
from railsim.scenario.paths import Segments, nearest, printable, quote
from railsim.scenario.problems import order_of
from railsim.study.files.schema import Study

HERE: Segments = ("study", "scenario")
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def read_base(
    merged: Merged, study: Study, typed: str, overrides: Iterable[str]
) -> Resolved:
    """The checked scenario; mistakes in the study's values are told at their line."""
    name = study.study.scenario
    file = os.path.normpath(os.path.join(os.path.dirname(typed), name))
    reason, help_ = _refusal(name, file, root_of(os.path.realpath(typed)))
    if reason:
        raise ScenarioError([problem_at(merged, HERE, "E108", reason, help_)])
    keys = {f"{key}={_toml(value)}": key for key, value in study.study.set.items()}
    try:
        return resolve(file, [*keys, *overrides])
    except ScenarioError as error:
        flags = {f"--set {printable(text)}": key for text, key in keys.items()}
        problems = [_relocated(merged, p, flags) for p in error.problems]
        raise ScenarioError(sorted(problems, key=order_of), count=error.count) from None


def _refusal(name: str, file: str, root: str) -> tuple[str, str]:
    """Why a scenario cannot be used, and what to do; empty if it can."""
    if not name or "\0" in name or "\\" in name or _URL.match(name):
        return f"{quote(name)} is not a relative path", "name a file with / in it"
    if os.path.isabs(name):
        return f"{quote(name)} must be relative to this file", ""
    real = os.path.realpath(file)
    if os.path.commonpath([real, root]) != root:
        return f"{quote(name)} lies outside the folder of scenarios", ""
    if os.path.isfile(real):
        return "", ""
    folder = os.path.dirname(real)
    siblings = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    near = nearest(os.path.basename(real), [s for s in siblings if s.endswith(".toml")])
    right = os.path.join(os.path.dirname(name), near) if near else ""
    help_ = f"did you mean {quote(right)}?" if near else ""
    return f"no such file {quote(name)}", help_


def _toml(value: Any) -> str:
    """A value as it stands behind the sign of equality."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        table.update(value)
        return str(table.as_string())
    return str(tomlkit.item(value).as_string())


def _relocated(merged: Merged, problem: Problem, flags: dict[str, str]) -> Problem:
    """A problem of a value that the study file laid, at its place in that file."""
    key = flags.get(problem.flag)
    if key is None:
        return problem
    placed = problem_at(
        merged, ("study", "set", key), problem.code, problem.message, problem.help
    )
    return replace(placed, path=problem.path)


def problem_at(
    merged: Merged, path: Segments, code: str, message: str, help_: str = ""
) -> Problem:
    """A problem of a value of the study file."""
    mark = merged.mark_at(path)
    assert mark is not None
    return Problem(
        code,
        message,
        ".".join(map(str, path)),
        help_,
        mark.shown,
        mark.spot.line,
        mark.spot.column,
        mark.flag,
    )
