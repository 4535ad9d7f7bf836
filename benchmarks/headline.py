"""The headline study: how long its draws take, how busy two workers are, what the
parent holds.

A few draws stand for all: the draws of a study are alike, and start-up is counted in.

    uv run python benchmarks/headline.py [DRAWS] [analytic|event]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from racing import BASE, Result, show

from railsim.cli.progress import progress_bar
from railsim.results.sweeps.planning import plan_sweep
from railsim.results.sweeps.running import run_sweep
from railsim.study.executors import process_pool
from railsim.study.sweep.crews import Crew

STUDY = BASE.parent / "studies" / "start_x_finance.toml"
KIB_PER_MB = 1024.0
GOALS = {"analytic": (1024, 15.0), "event": (64, 20.0)}  # draws, and minutes for them


def measure(draws: int = 8, fidelity: str = "analytic") -> Iterator[Result]:
    """Two workers, then one on the same draws; wall clock."""
    size, minutes = GOALS[fidelity]
    two, one = _seconds(draws, fidelity, 2), _seconds(draws, fidelity, 1)
    note = f"{draws} draws, {two:.0f} s with two workers, {one:.0f} with one"
    yield Result(
        f"minutes of {size} draws on two processors, {fidelity}",
        two / draws * size / 60.0,
        minutes,
        note=note,
    )
    efficiency = one / (2.0 * two)
    yield Result("efficiency of two processes", efficiency, 0.85, is_floor=True)
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MB
    yield Result("MB that the parent holds at most", held, 500.0)


def _seconds(draws: int, fidelity: str, jobs: int) -> float:
    given = {"size": draws, "fidelity": fidelity, "draws_per_part": 1}
    sweep = plan_sweep(STUDY, settings=given)
    crew = Crew(process_pool, jobs)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, progress_bar("", "draws") as progress:
        done = run_sweep(sweep, Path(folder), crew, progress)
    if done.missing:
        sys.exit(f"{done.missing} draws were not computed")
    return time.perf_counter() - began


if __name__ == "__main__":
    given = sys.argv[1:]
    show(measure(int(given[0]) if given else 8, *given[1:2]))
