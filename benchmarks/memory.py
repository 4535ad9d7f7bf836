"""Memory at forty years against one, and after twenty replications against one.

Equal years of a busy chain (110,000 lots each) in fresh processes, peak of each.

    uv run python benchmarks/memory.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from racing import CHAIN, Result, in_fresh_process, peak_of_this_process_mb, show

from railsim.results.tables.gathering import Gathered
from railsim.scenario import load_scenario
from railsim.study.replications import run_replications

BUSY = (
    "run.engine='compiled'",
    "flows.jobs.arrivals.rate_per_h=12.6",
    "stations.gate.servers=4",
    "stations.crane.servers=4",
    "services.train.capacity_teu=200",
)


def measure() -> Iterator[Result]:
    """Both ratios."""
    one = peak_mb(1, 1)
    for title, years, replications, goal in (
        ("memory: 40 years / 1 year", 40, 1, 1.10),
        ("memory: 20 replications / 1", 1, 20, 1.05),
    ):
        many = peak_mb(years, replications)
        note = f"{many:.0f} and {one:.0f} MB"
        yield Result(title, many / one, goal, note=note)


def peak_mb(years: int, replications: int) -> float:
    """Peak memory of a process that runs them, one after another."""
    return float(in_fresh_process(__file__, str(years), str(replications)))


def run(years: int, replications: int) -> None:
    """In the child: run, gather, print the peak."""
    scenario = load_scenario(CHAIN, (*BUSY, f"run.last_year={2025 + years}"))
    Gathered.of(
        each.outcome
        for each in run_replications(
            scenario, 1, range(replications), jobs=1, advance=lambda: None
        )
    )
    print(peak_of_this_process_mb())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(*map(int, sys.argv[1:]))
    else:
        show(measure())
