"""The compiled engine against the same algorithm on the same tables in C -O3.

A year of the base corridor with the line. First both logs must be equal to the byte;
then kernel and twin take turns on fresh tables, processor time of `run` alone.

    uv run python benchmarks/compiled_against_c.py [YEAR]
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from racing import BASE, ROUNDS, Result, show, year_of
from twin.twin import Log, Run, build, compiler, simulate

from railsim.corridor.tables import Plan
from railsim.engine.compiled.loop import run
from railsim.engine.draws import Draws

YEAR = 2045


def measure(year: int = YEAR) -> Iterator[Result]:
    """Seconds of the kernel over those of its twin; nothing without a C compiler."""
    if compiler() is None:
        print("there is no C compiler: the twin is left out")
        return
    plan, draws = year_of(BASE, year)
    with tempfile.TemporaryDirectory() as folder:
        runs = {"numba": run, "C": build(Path(folder))}
        if len({digest(simulate(r, plan, draws)[0]) for r in runs.values()}) > 1:
            raise AssertionError("the logs of kernel and twin differ")
        seconds, events = race(runs, plan, draws)
    yield Result(
        "compiled / C -O3, same tables and algorithm, equal logs",
        seconds["numba"] / seconds["C"],
        1.35,
        note=f"{events:,} events: {seconds['numba']:.2f} and {seconds['C']:.2f} s",
    )


def digest(log: Log) -> str:
    """A mark of all columns of a log."""
    found = hashlib.sha256()
    for name in sorted(log):
        found.update(log[name])
    return found.hexdigest()


def race(
    runs: dict[str, Run], plan: Plan, draws: Draws
) -> tuple[dict[str, float], int]:
    """Median seconds of each, and the events of a year."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    events = 0
    for _ in range(ROUNDS):
        for name, contestant in runs.items():
            log, spent = simulate(contestant, plan, draws)
            seconds[name].append(spent)
            events = len(log["log_event"])
    return {name: median(times) for name, times in seconds.items()}, events


if __name__ == "__main__":
    show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else YEAR))
