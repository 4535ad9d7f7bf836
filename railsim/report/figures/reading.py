"""Tables of a run as pictures need them, each read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from railsim.errors import StorageError
from railsim.results.answers.reading import Answers, open_sweep
from railsim.results.reading import Run

Table: TypeAlias = Any  # of pandas, whose stubs know less than it does


@dataclass(frozen=True)
class Shelf:
    """A run and what has been read of it."""

    run: Run
    frames: dict[tuple[str, tuple[str, ...]], Table] = field(default_factory=dict)

    def table(self, name: str, columns: Sequence[str] = ()) -> Table | None:
        """A table, or some columns of it; None without a row."""
        if f"{name}.csv" not in self.run.manifest["files"]:
            return None
        key = (name, tuple(columns))
        if key not in self.frames:
            self.frames[key] = self.run.frame(name, columns or None)
        return None if self.frames[key].empty else self.frames[key]

    def answer(self, name: str) -> Table | None:
        """A table that `sensitivity`, `discover` or `decide` left in a sweep's folder.

        Raises StorageError for one that cannot be read.
        """
        import pandas as pd

        file = self.run.folder / f"{name}.csv"
        if not file.is_file():
            return None
        try:
            frame = pd.read_csv(file)
        except (OSError, ValueError) as error:
            shown = f"{self.run.name}/{name}.csv"
            raise StorageError(f"{shown}: damaged: {error}") from None
        return None if frame.empty else frame

    @cached_property
    def answers(self) -> Answers:
        """The draws of a sweep."""
        return open_sweep(self.run.folder)

    @cached_property
    def titles(self) -> dict[str, str]:
        """World -> its title."""
        if "alternatives.csv" not in self.run.manifest["files"]:
            return {name: name for name in self.run.manifest["alternatives"]}
        rows = self.run.rows("alternatives")
        return {row["alternative"]: row["title"] for row in rows}

    def title(self, world: object) -> str:
        """What a world is called."""
        return self.titles.get(str(world), str(world))

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The complete scenario as tables."""
        return self.run.scenario

    def market(self, names: Sequence[str]) -> str:
        """The market that is reported first."""
        wanted = str(self.run.manifest.get("report_market", ""))
        return wanted if wanted in names else names[0]

    def year(self, years: Sequence[int]) -> int:
        """The year that is reported, or the last of those known."""
        wanted = self.run.manifest.get("report_year")
        return int(wanted) if wanted in set(years) else int(max(years))
