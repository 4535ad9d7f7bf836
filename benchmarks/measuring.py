"""Reading the service of a year off its events, beside simulating it.

One year of the base corridor with the project, page by page as in a run. Processor time
of both, medians of five, and how much memory the process needed on top of the plan.

    uv run python benchmarks/measuring.py [YEAR]
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from statistics import median

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.choose import engine_of, prepare
from railsim.engine.draws import Draws, draw
from railsim.engine.measuring.meter import Meter
from railsim.scenario import load_scenario, overlay

ROUNDS = 5
BASE = Path(__file__).resolve().parents[1] / "scenarios" / "base.toml"


def main() -> None:
    """Print seconds of simulating and of measuring, and megabytes."""
    year = int(sys.argv[1]) if len(sys.argv) > 1 else 2045
    prepare("compiled", lambda: print("compiling"))
    scenario = load_scenario(BASE)
    world = overlay(scenario, scenario.alternatives["with"].overlay)
    plan = make_plan(world, planned_state(world), year, Memory())
    draws = draw(plan, scenario.run.seed, 0)
    before_mb = peak_mb()
    rounds = [live(plan, draws) for _ in range(ROUNDS)]
    simulating, measuring = (median(times) for times in zip(*rounds, strict=True))
    print(f"{year}: simulating {simulating:.2f} s, measuring {measuring:.2f} s")
    print(f"peak {peak_mb():.0f} MB, {before_mb:.0f} MB before the first event")


def live(plan: Plan, draws: Draws) -> tuple[float, float]:
    """Seconds of simulating and of measuring a year."""
    begin, measuring = time.process_time(), 0.0
    meter = Meter(plan, draws)
    for page in engine_of("compiled").pages(plan, draws):
        turned = time.process_time()
        meter.read(page)
        measuring += time.process_time() - turned
    turned = time.process_time()
    meter.service()
    measuring += time.process_time() - turned
    return time.process_time() - begin - measuring, measuring


def peak_mb() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
