"""A bar on a terminal, nothing in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


@dataclass
class Silence:
    """Counts years and shows nothing."""

    years: int = 0

    def expect(self, years: int) -> None:
        """So many more years will be simulated."""
        self.years += years

    def advance(self, count: int = 1) -> None:
        """So many of them are done."""


@dataclass
class Bar:
    """Years done, time passed, time left."""

    display: Progress
    task: TaskID
    years: int = 0

    def expect(self, years: int) -> None:
        """So many more years will be simulated."""
        self.years += years
        self.display.update(self.task, total=self.years)

    def advance(self, count: int = 1) -> None:
        """So many of them are done."""
        self.display.advance(self.task, count)


@contextmanager
def progress_bar(
    verb: str = "simulating", unit: str = "years"
) -> Iterator[Bar | Silence]:
    """What to tell the progress of a run."""
    if not is_lively():
        yield Silence()
        return
    from rich import progress
    from rich.console import Console

    with progress.Progress(
        progress.TextColumn(verb),
        progress.BarColumn(bar_width=24),
        progress.MofNCompleteColumn(),
        progress.TextColumn(unit),
        progress.TimeElapsedColumn(),
        progress.TextColumn("eta"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as display:
        yield Bar(display, display.add_task("", total=None))


def is_lively() -> bool:
    """Is stderr a terminal that can redraw a line?"""
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    return is_terminal and os.environ.get("TERM", "") not in ("", "dumb")
