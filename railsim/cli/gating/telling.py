"""Outcomes for the screen, for JUnit, for a summary in Markdown and for GitHub."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from railsim.cli.findings import escaped
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.gates.judging import Outcome

_MARKS = {"passed": "passed   ", "failed": "FAILED   ", "undecided": "undecided"}


def lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line a check, and one that counts them."""
    for each in outcomes:
        yield printable(f"{_MARKS[each.result]}  {each.name}: {each.detail}")
    counts = {word: sum(o.result == word for o in outcomes) for word in _MARKS}
    yield ", ".join(f"{count} {word}" for word, count in counts.items())


def junit(outcomes: Sequence[Outcome], *, fails: Sequence[Outcome]) -> str:
    """A suite of JUnit; what fails the gate is a failure, the rest may say why."""
    head = {"name": "railsim check", "tests": str(len(outcomes))}
    suite = ElementTree.Element("testsuite", {**head, "failures": str(len(fails))})
    for each in outcomes:
        told = {"classname": "railsim.check", "name": printable(each.name)}
        case = ElementTree.SubElement(suite, "testcase", told)
        if each in fails:
            place = ElementTree.SubElement(case, "failure", message=each.result)
        else:
            place = ElementTree.SubElement(case, "system-out")
        place.text = printable(each.detail)
    ElementTree.indent(suite)
    body = ElementTree.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def markdown(run: str, outcomes: Sequence[Outcome]) -> str:
    """A table for the summary of a job."""
    rows = [
        f"| {each.result} | {markdown_cell(each.name)} | {markdown_cell(each.detail)} |"
        for each in outcomes
    ]
    head = [f"### {markdown_cell(run)}", "", "| | check | found |", "|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def markdown_cell(text: str) -> str:
    """Text that stays text in a table of Markdown."""
    safe = html.escape(printable(text), quote=False)
    for sign in "\\`*_[]|":
        safe = safe.replace(sign, f"\\{sign}")
    return safe


def workflow_commands(
    file: str, outcomes: Sequence[Outcome], *, fails: Sequence[Outcome]
) -> Iterator[str]:
    """Workflow commands at the lines of the file of checks."""
    for each in outcomes:
        if each.result != "passed":
            kind = "error" if each in fails else "warning"
            place = f"file={escaped(file, ',:')},line={max(each.line, 1)}"
            said = escaped(printable(f"{each.name}: {each.result}: {each.detail}"))
            yield f"::{kind} {place}::{said}"
