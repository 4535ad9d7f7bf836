"""The compiled engine against the same algorithm on the same tables in C -O3.

A year of the base corridor with the line. First both logs must be equal to the byte;
then kernel and twin take turns on fresh tables, processor time of `run` alone. Medians
of five, the ratio that of neighbours. Goal: at most 1.35, stretch 1.2.

    uv run python benchmarks/compiled_against_c.py [YEAR]
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path
from statistics import median

from twin.twin import Log, Run, build, compiler, simulate

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.compiled.loop import run
from railsim.engine.draws import Draws, draw
from railsim.scenario import load_scenario, overlay

ROUNDS = 5
BASE = Path(__file__).resolve().parents[1] / "scenarios" / "base.toml"


def main() -> None:
    """Prove that the logs are equal, then print the seconds of both and their ratio."""
    if compiler() is None:
        sys.exit("there is no C compiler")
    year = int(sys.argv[1]) if len(sys.argv) > 1 else 2045
    plan, draws = base_year(year)
    with tempfile.TemporaryDirectory() as folder:
        runs = {"numba": run, "C -O3": build(Path(folder))}
        digests = {digest(simulate(r, plan, draws)[0]) for r in runs.values()}
        if len(digests) > 1:
            sys.exit("the logs differ")
        print(f"equal logs, sha256 {digests.pop()[:16]}")
        race(runs, plan, draws)


def base_year(year: int) -> tuple[Plan, Draws]:
    """A year of the base corridor with the line, and its draws."""
    scenario = load_scenario(BASE)
    scenario = overlay(scenario, scenario.alternatives["with"].overlay)
    plan = make_plan(scenario, planned_state(scenario), year, Memory())
    return plan, draw(plan, scenario.run.seed, 0)


def digest(log: Log) -> str:
    """A mark of all columns of a log."""
    found = hashlib.sha256()
    for name in sorted(log):
        found.update(log[name])
    return found.hexdigest()


def race(runs: dict[str, Run], plan: Plan, draws: Draws) -> None:
    """Take turns and print medians."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, contestant in runs.items():
            log, spent = simulate(contestant, plan, draws)
            seconds[name].append(spent)
    rows = len(log["log_event"])
    for name, times in seconds.items():
        spread = f"{min(times):.2f}-{max(times):.2f}"
        print(f"{name:6} {median(times):6.2f} s ({spread}), {rows} events")
    ratio = median(a / b for a, b in zip(*seconds.values(), strict=True))
    print(f"ratio {ratio:.2f}, goal 1.35, stretch 1.2")


if __name__ == "__main__":
    main()
