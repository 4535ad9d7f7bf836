"""A sweep folder read back: its study, its draws and what came of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError, StorageError
from railsim.results.reading import Run, open_run
from railsim.results.sweeps.gathering import STUDY
from railsim.scenario.checks.records import make_record_of
from railsim.scenario.paths import hint_at, printable, quote
from railsim.study.files.sampling import sample_of
from railsim.study.files.schema import Study
from railsim.study.sweep.cells import World, worlds_of
from railsim.study.uncertainty.sampling import Sample

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Answers:
    """A collected sweep."""

    run: Run
    study: Study

    @cached_property
    def sample(self) -> Sample:
        """The draws that were collected, or all of the first fidelity."""
        return sample_of(self.study)

    @property
    def seed(self) -> int:
        """Root of all chance, of resamples too."""
        return self.study.study.seed

    @property
    def worlds(self) -> list[World]:
        """The worlds of every draw."""
        names = dict.fromkeys(self.run.manifest["alternatives"])
        return worlds_of(names, self.study.grid)

    @property
    def fidelity(self) -> str:
        """The fidelity in which all draws were made."""
        asked = self.study.study.fidelity
        return "analytic" if asked == "both" else asked

    def world(self, alternative: str | None, cell: str | None) -> World:
        """A world by its names; without them one of the grid, in the reference cell.

        Raises InputError for one that is not there.
        """
        wanted = self._alternative() if alternative is None else alternative
        of_it = {w.cell_name: w for w in self.worlds if w.alternative == wanted}
        if not of_it:
            known = list(dict.fromkeys(w.alternative for w in self.worlds))
            raise InputError(_no_such("alternative", wanted, known))
        place = self._reference() if cell is None and "" not in of_it else cell or ""
        if place not in of_it:
            raise InputError(_no_such("cell", place, list(of_it)))
        return of_it[place]

    def named(self, name: str | None) -> World:
        """A world by its whole name; without one the reference.

        Raises InputError for one that is not there.
        """
        if name is None:
            return self.world(None, None)
        for world in self.worlds:
            if world.name == name:
                return world
        raise InputError(_no_such("world", name, [w.name for w in self.worlds]))

    def _alternative(self) -> str:
        grid = self.study.grid
        return grid.alternatives[0] if grid else self.worlds[-1].alternative

    def _reference(self) -> str:
        grid = self.study.grid
        return " ".join(grid.reference[axis] for axis in grid.axes) if grid else ""

    def numbers(self, metric: str, world: World) -> Floats:
        """A number a draw, the mean of its replications; NaN where there is none.

        Raises InputError for a metric that is not there.
        """
        return np.asarray(self.by_replication(metric, world).mean(axis=1))

    def by_replication(self, metric: str, world: World) -> Floats:
        """Draws x replications; NaN where there is no number.

        Raises InputError for a metric that is not there.
        """
        found = self._columns.get((world.cell_name, world.alternative, metric))
        if found is None:
            raise InputError(_no_such("output", metric, self.metrics))
        return found

    def everything(self) -> dict[tuple[str, str], Floats]:
        """Output and world, empty for outputs without worlds -> a number a draw."""
        names = {(w.cell_name, w.alternative): w.name for w in self.worlds}
        return {
            (metric, names.get((cell, alternative), "")): np.asarray(table.mean(axis=1))
            for (cell, alternative, metric), table in self._columns.items()
        }

    @cached_property
    def metrics(self) -> list[str]:
        """Names of all outputs, divided ones too."""
        return [row["metric"] for row in self.run.rows("metrics")]

    @cached_property
    def _columns(self) -> Mapping[tuple[str, str, str], Floats]:
        shape = (len(self.sample), self.study.study.replications)
        found: dict[tuple[str, str, str], Floats] = {}
        rows = self.run.frame("outputs")
        rows = rows[rows["fidelity"] == self.fidelity]
        for key, of_key in rows.groupby(["cell", "alternative", "metric"], sort=False):
            table = np.full(shape, np.nan)
            table[of_key["draw"], of_key["replication"]] = of_key["value"]
            cell, alternative, metric = map(str, key)
            found[cell, alternative, metric] = table
        return found


def open_sweep(folder: Path) -> Answers:
    """A sweep folder, every file proved by its checksum.

    Raises InputError for a folder that is no sweep, StorageError for a damaged one.
    """
    run = open_run(folder)
    shown = printable(str(folder))
    if not run.is_sweep:
        raise InputError(f"{shown}: is no sweep (railsim sweep STUDY makes one)")
    study, findings = make_record_of(Study, json.loads(run.read(STUDY)))
    if study is None:
        said = findings[0].message
        raise StorageError(f"{shown}/{STUDY}: cannot be read: {said}")
    return Answers(run, study)


def _no_such(noun: str, word: str, known: list[str]) -> str:
    return f"the sweep has no {noun} {quote(word)}{hint_at(word, known)}"
