"""Two workers against one: replications of the base year in processes.

uv run python benchmarks/workers.py
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from racing import BASE, Result, race, show

from railsim.scenario import load_scenario
from railsim.study.replications import run_replications

ROUNDS = 1
YEAR = (
    "run.simulate_years=[2026]",
    "choice.calibration_rounds=0",
    'alternatives={base={title="base"}}',
)


def measure() -> Iterator[Result]:
    """Seconds of one worker over twice those of two, wall clock."""
    scenario = load_scenario(BASE, YEAR)

    def run(jobs: int) -> None:
        for _ in run_replications(
            scenario, 1, range(8), jobs=jobs, advance=lambda: None
        ):
            pass

    seconds = race(
        {"one": lambda: run(1), "two": lambda: run(2)},
        rounds=ROUNDS,
        clock=time.perf_counter,
    )
    yield Result(
        "efficiency of two processes, replications of the base year",
        seconds["one"] / (2.0 * seconds["two"]),
        0.85,
        is_floor=True,
        note=f"{seconds['one']:.2f} and {seconds['two']:.2f} s",
    )


if __name__ == "__main__":
    show(measure())
