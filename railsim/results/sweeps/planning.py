"""A study ready to be computed: its folder, its draws, and the parts they make."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from railsim.results.manifest import digest, folder_name, model_version
from railsim.results.sweeps.parts import name_of
from railsim.scenario.resolved import write_resolved
from railsim.study.files.loading import Planned, load_study
from railsim.study.files.sampling import draws_of
from railsim.study.sweep.crews import Chunk
from railsim.study.sweep.drawing import Shared, write_shared
from railsim.study.sweep.watching import Watch

OF_SIZE = ("size", "draws_per_part", "event_draws", "max_failed_share")


class Progress(Protocol):
    """Who is told how far the work is."""

    def expect(self, draws: int, /) -> None:
        """So many more draws will be computed."""

    def advance(self, draws: int = 1, /) -> None:
        """So many of them are done."""


@dataclass(frozen=True)
class Shard:
    """Which part of a sweep this command computes: `number` of `count`, from 1."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def has(self, chunk: int) -> bool:
        """Is the chunk of this number ours?"""
        return chunk % self.count == self.number - 1


@dataclass(frozen=True)
class Sweep:
    """A study ready to be computed; nothing in it depends on where it was read."""

    planned: Planned

    @cached_property
    def shared(self) -> Shared:
        """What all draws have in common."""
        study, base = self.planned.study, self.planned.base
        return Shared(
            tables=with_alternatives(base.tables, study.study.alternatives),
            outputs=study.outputs,
            grid=study.grid,
            seed=study.study.seed,
            replications=study.study.replications,
        )

    @cached_property
    def text(self) -> str:
        """The same as it travels to workers."""
        return write_shared(self.shared)

    @cached_property
    def head(self) -> dict[str, Any]:
        """What decides the contents of every part; more draws are the same sweep."""
        study = self.planned.study.model_dump(mode="json", exclude={"stopping"})
        for name in OF_SIZE:
            study["study"].pop(name)
        resolved = write_resolved(self.planned.base).encode()
        return {
            "kind": "sweep",
            "model_version": model_version(),
            "study": self.planned.stem,
            "study_sha256": digest(json.dumps(study, ensure_ascii=False).encode()),
            "scenario_sha256": digest(resolved),
            "seed": self.planned.study.study.seed,
        }

    @property
    def drawn_paths(self) -> set[str]:
        """Dotted paths over which every draw lays a value of its own."""
        study = self.planned.study
        scaled = {path for one in study.scaled.values() for path in one.paths}
        split = {path for one in study.splits.values() for path in one.means}
        return {*study.uncertain, *scaled, *split}

    @property
    def name(self) -> str:
        """Of the folder."""
        return folder_name(self.planned.stem, self.head)

    @property
    def levels(self) -> dict[str, int]:
        """Fidelity -> how many draws are asked for."""
        head, size = self.planned.study.study, len(self.planned.sample)
        if head.fidelity != "both":
            return {head.fidelity: size}
        return {"analytic": size, "event": min(size, head.event_draws or 0)}

    def counts(self, watch: Watch) -> dict[str, int]:
        """Fidelity -> how many draws are enough; events are never cut short."""
        first = next(iter(self.levels))
        return {**self.levels, first: watch.count}

    def chunks(self) -> Iterator[tuple[str, Chunk]]:
        """Name and draws of every part, in the order of collecting."""
        sha, study = digest(self.text.encode()), self.planned.study
        several = study.study.draws_per_part
        for fidelity, count in self.levels.items():
            draws = []
            for draw in draws_of(study, self.planned.sample, self.shared.tables):
                if draw.number < count:
                    draws.append(draw)
                if draws and (len(draws) == several or draw.number == count - 1):
                    chunk = Chunk(fidelity, tuple(draws))
                    yield name_of(sha, chunk), chunk
                    draws = []


def with_alternatives(
    tables: Mapping[str, Any], names: Sequence[str]
) -> Mapping[str, Any]:
    """The tables with these alternatives only, in this order; all if none is named."""
    known = tables["alternatives"]
    kept = {name: known[name] for name in names} if names else known
    return {**tables, "alternatives": kept}


@dataclass(frozen=True)
class Finished:
    """What a sweep came to."""

    folder: Path
    draws: int
    failed: int
    missing: int = 0
    is_enough: bool = True
    is_new: bool = False


def plan_sweep(
    path: Path, *, settings: Mapping[str, Any], overrides: Iterable[str] = ()
) -> Sweep:
    """Read a study file; raises ScenarioError with all its problems."""
    return Sweep(load_study(path, settings=settings, overrides=overrides))
