"""From findings to problems: who wrote the value, and what would be right."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from railsim.scenario.checks.findings import Finding
from railsim.scenario.files.merging import Mark, Merged
from railsim.scenario.paths import Segments, join_path, nearest, show
from railsim.scenario.problems import SHOWN_AT_MOST, Problem, ScenarioError, order_of

_AT_KEY = ("E101", "E110")
_WITH_BASE = ("E102", "E103", "E107")
GradeOf = Callable[[str], str]


def locate(
    merged: Merged, findings: Iterable[Finding], grade_of: GradeOf
) -> list[Problem]:
    """Problems without help, sorted; then help for the first ones only."""
    found = [(_locate_one(merged, finding), finding) for finding in findings]
    found.sort(key=lambda pair: order_of(pair[0]))
    return [
        _with_help(problem, _help_of(merged, finding, grade_of))
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
    if finding.code in _AT_KEY or _is_key(finding):
        line, column = spot.key_line, spot.key_column
    return Problem(
        finding.code, finding.message, name, file=mark.shown, line=line, column=column
    )


def _mark_of(merged: Merged, finding: Finding) -> Mark | None:
    """A missing value is missed in its table, whatever an older layer said."""
    is_missing = finding.code == "E104"
    return merged.mark_at(finding.path[:-1] if is_missing else finding.path)


def _is_key(finding: Finding) -> bool:
    """Is the mistake in a key that names something?"""
    return finding.code == "E105" and finding.path[-1] == finding.word


def _help_of(merged: Merged, finding: Finding, grade_of: GradeOf) -> str:
    parts = [finding.help] if finding.help else []
    near = nearest(finding.word, finding.choices) if finding.word else None
    if near:
        parts.append(f"did you mean {_in_quotes(near)}?")
    if finding.code in _WITH_BASE:
        parts += _base_value(merged, finding.path, grade_of)
    return "; ".join(parts)


def _base_value(merged: Merged, path: Segments, grade_of: GradeOf) -> list[str]:
    if path not in merged.before:
        return []
    value, origin = merged.before[path]
    grade = grade_of(join_path(path))
    remark = f" (grade: {grade})" if grade else ""
    shown = show(value).removeprefix("text ")
    return [f"base value {shown} from {origin}{remark}"]


def _in_quotes(word: str) -> str:
    return f"'{word}'" if word.isprintable() else repr(word)


def _with_help(problem: Problem, help_: str) -> Problem:
    return Problem(
        problem.code,
        problem.message,
        problem.path,
        help_,
        problem.file,
        problem.line,
        problem.column,
        problem.flag,
    )
