"""A mistake in merged tables, before anybody knows which file wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from railsim.scenario.paths import Segments


@dataclass(frozen=True)
class Finding:
    """What is wrong at a path, and the words that would have been right there."""

    code: str
    path: Segments
    message: str
    help: str = ""
    word: str = ""
    choices: tuple[str, ...] = ()
    is_in_key: bool = False
    suspects: tuple[Segments, ...] = ()  # of several values any may be the wrong one


def merge_findings(*groups: list[Finding]) -> list[Finding]:
    """One finding a path: the first is the most exact."""
    first: dict[Segments, Finding] = {}
    for group in groups:
        for finding in group:
            first.setdefault(finding.path, finding)
    return list(first.values())
