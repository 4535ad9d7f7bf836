"""A file that is no scenario: read, checked, every mistake told at its line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic

from railsim.scenario.checks.findings import Finding
from railsim.scenario.checks.records import Kept, make_record_of
from railsim.scenario.files.merging import Merged, merge_layers
from railsim.scenario.files.parents import Layer
from railsim.scenario.files.reading import read_tables
from railsim.scenario.paths import Segments, printable
from railsim.scenario.reporting import error_of, locate


@dataclass(frozen=True)
class Written(Generic[Kept]):
    """What a file says, and on which line."""

    shown: str
    record: Kept
    merged: Merged

    def line_of(self, path: Segments) -> int:
        """Line of a value; 0 if unknown."""
        mark = self.merged.mark_at(path)
        return mark.spot.line if mark else 0


def read_written(
    file: Path, kind: type[Kept], doubts: Callable[[Kept], Iterable[Finding]]
) -> Written[Kept]:
    """The record of a file; raises ScenarioError with all its problems.

    `doubts` looks for what is wrong with a record as a whole.
    """
    shown = printable(str(file))
    tables, spots = read_tables(str(file), shown)
    merged = merge_layers([Layer(shown, shown, tables, spots)])
    record, findings = make_record_of(kind, tables)
    if record is not None:
        findings = list(doubts(record))
    if record is None or findings:
        raise error_of(locate(merged, findings, lambda _: ""))
    return Written(shown, record, merged)
