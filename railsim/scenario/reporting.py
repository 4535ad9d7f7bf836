"""From findings to problems: who wrote the value, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from railsim.scenario.checks.findings import Finding
from railsim.scenario.files.merging import Mark, Merged
from railsim.scenario.paths import Segments, join_path, look_up, nearest, show, walk
from railsim.scenario.problems import SHOWN_AT_MOST, Problem, ScenarioError, order_of

_WITH_BASE = ("E102", "E103", "E107")
_SHORT_LIST = 6
GradeOf = Callable[[str], str]


def locate(
    merged: Merged, findings: Iterable[Finding], grade_of: GradeOf
) -> list[Problem]:
    """Problems, sorted; the words near a wrong one are sought for those shown only."""
    found = [(_locate_one(merged, finding), finding) for finding in findings]
    found.sort(key=lambda pair: order_of(pair[0]))
    return [
        replace(problem, help=_help_of(merged, finding, grade_of))
        if number < SHOWN_AT_MOST
        else problem
        for number, (problem, finding) in enumerate(found)
    ]


def error_of(problems: list[Problem]) -> ScenarioError:
    """The error that shows the first problems and counts all."""
    problems.sort(key=order_of)
    return ScenarioError(problems[:SHOWN_AT_MOST], count=len(problems))


def _locate_one(merged: Merged, finding: Finding) -> Problem:
    mark = _mark_of(merged, finding)
    name = join_path(finding.path)
    if mark is None:
        return Problem(finding.code, finding.message, name)
    if mark.flag:
        return Problem(finding.code, finding.message, name, flag=mark.flag)
    spot = mark.spot
    line, column = spot.line, spot.column
    if finding.is_in_key:
        line, column = spot.key_line, spot.key_column
    return Problem(
        finding.code, finding.message, name, file=mark.shown, line=line, column=column
    )


def _mark_of(merged: Merged, finding: Finding) -> Mark | None:
    """Who is to blame: of several values that do not fit, the one laid last.

    A missing value is missed in its table, whatever an older layer said.
    """
    if finding.code == "E104":
        return merged.mark_at(finding.path[:-1])
    own = merged.mark_at(finding.path)
    for path in _suspects(merged, finding):
        mark = merged.mark_at(path)
        if mark and own and mark.rank > own.rank:
            own = mark
    return own


def _suspects(merged: Merged, finding: Finding) -> Sequence[Segments]:
    """The values of a table that breaks a rule; first those the rule names."""
    if finding.code != "E111" or finding.suspects:
        return finding.suspects
    try:
        table = look_up(merged.tables, finding.path)
    except (LookupError, TypeError):
        return ()
    if not isinstance(table, dict):
        return ()
    paths = [path for path, _ in walk(table, finding.path)]
    return sorted(paths, key=lambda path: str(path[-1]) not in finding.message)


def _help_of(merged: Merged, finding: Finding, grade_of: GradeOf) -> str:
    parts = [finding.help] if finding.help else []
    near = nearest(finding.word, finding.choices) if finding.word else None
    if near:
        parts.append(f"did you mean {_in_quotes(near)}?")
    if finding.code in _WITH_BASE:
        parts += _base_value(merged, finding.path, grade_of)
    return "; ".join(parts).replace("?; ", "? ")


def _base_value(merged: Merged, path: Segments, grade_of: GradeOf) -> list[str]:
    if path not in merged.before:
        return []
    value, origin = merged.before[path]
    grade = grade_of(join_path(path))
    remark = f" (grade: {grade})" if grade else ""
    if isinstance(value, list) and not _is_short(value):
        return []
    words = value if isinstance(value, list) else [value]
    shown = ", ".join(show(word).removeprefix("text ") for word in words)
    shown = f"[{shown}]" if isinstance(value, list) else shown
    return [f"base value {shown} from {origin}{remark}"]


def _is_short(values: list[Any]) -> bool:
    is_flat = not any(isinstance(value, dict | list) for value in values)
    return is_flat and len(values) <= _SHORT_LIST


def _in_quotes(word: str) -> str:
    return f"'{word}'" if word.isprintable() else repr(word)
