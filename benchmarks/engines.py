"""The compiled engine against the reference on a year of the base corridor.

Engines take turns in this process on the same plan and draws; processor time of
`simulate` alone, the kernel compiled or read from disk before. Medians of five.
Goal: ratio at least 100.

    uv run python benchmarks/engines.py [SCENARIO]
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from statistics import median

import numpy as np

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.engine.choose import ENGINES, engine_of
from railsim.engine.draws import draw
from railsim.scenario import load_scenario

ROUNDS = 5
BASE = Path(__file__).resolve().parents[1] / "scenarios" / "base.toml"


def main() -> None:
    """Print the seconds of both and their ratio; stop if the logs differ."""
    scenario = load_scenario(sys.argv[1] if len(sys.argv) > 1 else BASE)
    year, memory = scenario.run.first_year, Memory()
    plan = make_plan(scenario, planned_state(scenario), year, memory)
    draws = draw(plan, scenario.run.seed, 0)
    begin = time.perf_counter()
    engine_of("compiled").simulate(plan, draws)
    print(f"first compiled run, kernel included: {time.perf_counter() - begin:.1f} s")
    seconds: dict[str, list[float]] = {name: [] for name in ENGINES}
    for _ in range(ROUNDS):
        logs = []
        for name in ENGINES:
            begin = time.process_time()
            logs.append(engine_of(name).simulate(plan, draws))
            seconds[name].append(time.process_time() - begin)
        assert np.array_equal(logs[0].at_ms, logs[1].at_ms)
        assert np.array_equal(logs[0].unit, logs[1].unit)
    for name, times in seconds.items():
        spread = f"{min(times):.2f}-{max(times):.2f}"
        print(f"{name:10} {median(times):7.2f} s ({spread}), {len(logs[0])} events")
    ratio = median(seconds["reference"]) / median(seconds["compiled"])
    print(f"ratio {ratio:.0f}, goal 100")


if __name__ == "__main__":
    main()
