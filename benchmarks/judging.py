"""How long money takes once traffic is known: uv run python benchmarks/judging.py.

One world of the base corridor against the first, by closed forms, which stands for any
draw of a study: milliseconds to gather its traffic, build, account for and appraise it.
Least and median of many rounds; processor time, so that neighbours count less.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from railsim.judging.sides import side_of
from railsim.judging.worlds import (
    Case,
    accounts_of,
    carried_by,
    case_of,
    judge,
    reference_of,
)
from railsim.living.taste import calibrate_base_year
from railsim.living.through import live_through
from railsim.living.worlds import worlds_of
from railsim.living.years import years_of
from railsim.project import build
from railsim.scenario import load_scenario
from railsim.tabulate import YearTables, traffic_of

BASE = Path(__file__).resolve().parents[1] / "scenarios" / "base.toml"
ROUNDS = 100


def main() -> None:
    """Print one line a part."""
    (_, first), (tables, case) = cases()
    world, works, traffic = case.world, case.works, case.traffic
    deliveries, reference = works.deliveries, reference_of(first)
    parts: dict[str, Callable[[], object]] = {
        "traffic": lambda: traffic_of(world, tables),
        "works": lambda: build(world, deliveries, traffic),
        "accounts": lambda: accounts_of(world, works, traffic),
        "sides": lambda: side_of(world, works, traffic),
        "appraisal": lambda: judge(case, reference),
    }
    print(f"{'ms':<12}{'least':>8}{'median':>8}")
    for name, work in parts.items():
        least, median = milliseconds(work)
        print(f"{name:<12}{least:>8.2f}{median:>8.2f}")


def cases() -> list[tuple[list[YearTables], Case]]:
    """The first two worlds of the base corridor with their years."""
    scenario = load_scenario(BASE, ["run.fidelity=analytic"])
    seed = scenario.run.seed
    years = years_of(scenario, seed, 0, None, None)
    memory, _ = calibrate_base_year(scenario, years)
    found = []
    for world in worlds_of(scenario, seed)[:2]:
        tables = list(live_through(world.scenario, world.name, memory, years))
        carried = carried_by(world.scenario, tables)
        key = (world.name, world.scenario, world.deliveries, carried)
        found.append((tables, case_of(*key, seed=seed, replication=0)))
    return found


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Least and median of many runs."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        times.append(1000.0 * (time.process_time() - began))
    return min(times), statistics.median(times)


if __name__ == "__main__":
    main()
