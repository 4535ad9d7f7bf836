"""What `validate` finds, for people, programs, GitHub and JUnit readers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from railsim.scenario import (
    Problem,
    ScenarioError,
    evidence_of,
    render,
    resolve,
    unsourced,
)
from railsim.scenario.paths import printable
from railsim.scenario.sources import FILE_NAME

FORMATS = ("text", "json", "github", "junit")


@dataclass(frozen=True)
class Finding:
    """A file and its problems; `count` may be more than are kept."""

    file: str
    problems: tuple[Problem, ...]
    count: int
    remark: str = ""

    @property
    def is_valid(self) -> bool:
        """Warnings do not make a scenario invalid."""
        return not any(problem.is_error for problem in self.problems)


def check_file(file: Path) -> Finding:
    """Everything that can be known of a scenario without simulating."""
    try:
        resolved = resolve(file)
        sources = evidence_of(resolved)
    except ScenarioError as error:
        return Finding(str(file), error.problems, error.count)
    has_sources = (resolved.root / FILE_NAME).exists()
    missing = unsourced(resolved, sources) if has_sources else []
    remark = ""
    if missing:
        remark = f"{len(missing)} numbers without a source, first {missing[0]}"
    return Finding(str(file), resolved.warnings, len(resolved.warnings), remark)


def write_findings(findings: Sequence[Finding], style: str) -> str:
    """The findings in one of `FORMATS`."""
    match style:
        case "json":
            return json.dumps(
                [_as_json(f) for f in findings], ensure_ascii=False, indent=2
            )
        case "github":
            return "\n".join(line for f in findings for line in _github(f))
        case "junit":
            return _junit(findings)
    return "\n".join(_text(finding) for finding in findings)


def _text(finding: Finding) -> str:
    name = printable(finding.file)
    lines = []
    if finding.problems:
        lines.append(render(finding.problems, count=finding.count))
    if finding.is_valid:
        lines.append(f"{name}: valid")
    if finding.remark:
        lines.append(f"{name}: {finding.remark}")
    return "\n".join(lines)


def _as_json(finding: Finding) -> dict[str, object]:
    problems = [
        {
            "code": p.code,
            "severity": _severity(p),
            "path": p.path,
            "message": p.message,
            "help": p.help,
            "file": p.file,
            "line": p.line,
            "column": p.column,
        }
        for p in finding.problems
    ]
    return {
        "file": finding.file,
        "is_valid": finding.is_valid,
        "count": finding.count,
        "remark": finding.remark,
        "problems": problems,
    }


def _github(finding: Finding) -> Iterator[str]:
    """Workflow commands, escaped as GitHub asks."""
    for p in finding.problems:
        place = [f"file={escaped(p.file or finding.file, ',:')}"]
        if p.line:
            place += [f"line={p.line}", f"col={p.column}"]
        text = f"{p.path}: {p.message}" + (f" ({p.help})" if p.help else "")
        head = ",".join([*place, f"title={p.code}"])
        yield f"::{_severity(p)} {head}::{escaped(text)}"


def escaped(text: str, also: str = "") -> str:
    """A text inside a workflow command of GitHub."""
    for sign in ("%", "\r", "\n", *also):
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text


def _junit(findings: Sequence[Finding]) -> str:
    failed = len([finding for finding in findings if not finding.is_valid])
    suite = ElementTree.Element(
        "testsuite",
        {
            "name": "railsim validate",
            "tests": str(len(findings)),
            "failures": str(failed),
        },
    )
    for finding in findings:
        name = printable(finding.file)
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": "railsim.validate", "name": name}
        )
        text = render(finding.problems, count=finding.count)
        if not finding.is_valid:
            message = {"message": f"{finding.count} problems"}
            ElementTree.SubElement(case, "failure", message).text = text
        elif finding.problems:
            ElementTree.SubElement(case, "system-out").text = text
    ElementTree.indent(suite)
    body = ElementTree.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'


def _severity(problem: Problem) -> str:
    return "error" if problem.is_error else "warning"
