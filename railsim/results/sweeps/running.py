"""From a study to its sweep folder: what is missing is computed, then collected."""

from __future__ import annotations

from pathlib import Path

from railsim.results.sweeps.computing import Parts
from railsim.results.sweeps.gathering import gather
from railsim.results.sweeps.keeping import open_keep
from railsim.results.sweeps.planning import Finished, Progress, Shard, Sweep
from railsim.study.sweep.crews import Crew
from railsim.study.sweep.watching import Watch


def run_sweep(
    sweep: Sweep,
    root: Path,
    crew: Crew | None,
    progress: Progress,
    *,
    shard: Shard | None = None,
    is_fresh: bool = False,
) -> Finished:
    """Compute what is missing and collect; without a crew, only collect.

    A shard computes its share and collects nothing. Raises StorageError before the
    first draw is computed when the folder cannot hold results.
    """
    study, size = sweep.planned.study, len(sweep.planned.sample)
    with open_keep(root, sweep.name, str(shard or "")) as keep:
        if is_fresh:
            keep.forget()
        parts = Parts(sweep, keep, Watch(study.stopping, study.grid, size))
        parts.look(shard)
        if crew is not None:
            parts.make(crew, progress, shard)
        missing = parts.missing()
        if missing or shard is not None:
            return Finished(keep.folder, 0, 0, missing=missing)
        return gather(parts)
