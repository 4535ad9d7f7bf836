"""How contestants are timed: in turns, processor time, medians of five."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws, draw
from railsim.scenario import load_scenario

ROUNDS = 5
HERE = Path(__file__).resolve().parent
BASE = HERE.parent / "scenarios" / "base.toml"
CHAIN = HERE / "chain.toml"


@dataclass(frozen=True)
class Result:
    """A row of the table: what was found beside the goal; `note` says of what."""

    title: str
    found: float
    goal: float
    is_floor: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Is it on the right side of the goal?"""
        return self.found >= self.goal if self.is_floor else self.found <= self.goal

    def __str__(self) -> str:
        sign, verdict = ">=" if self.is_floor else "<=", "met" if self.is_met else "NOT"
        goal = f"goal {sign} {self.goal:g}"
        return f"{self.title:58} {self.found:8.2f}  {goal:14} {verdict:4} {self.note}"


def race(
    contestants: dict[str, Callable[[], object]],
    *,
    rounds: int = ROUNDS,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, float]:
    """Median seconds of each, run in turns after one round that is not counted."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(rounds + 1):
        for name, run in contestants.items():
            begin = clock()
            run()
            if turn > 0:
                seconds[name].append(clock() - begin)
    return {name: median(times) for name, times in seconds.items()}


def in_fresh_process(*words: str) -> str:
    """What a Python with these arguments prints."""
    done = subprocess.run(
        [sys.executable, *words], cwd=HERE, capture_output=True, text=True, check=True
    )
    return done.stdout


def peak_of_this_process_mb() -> float:
    """Not `ru_maxrss`: a child begins with that of its parent."""
    status = Path("/proc/self/status").read_text("utf-8")
    (peak,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return float(peak.split()[1]) / 1024.0


def year_of(file: Path, year: int, overrides: Iterable[str] = ()) -> tuple[Plan, Draws]:
    """A year of a scenario at the shares of its base year, ready to run."""
    scenario = load_scenario(file, tuple(overrides))
    plan = make_plan(scenario, planned_state(scenario), year, Memory())
    return plan, draw(plan, scenario.run.seed, 0)


def show(results: Iterable[Result]) -> None:
    """Print each as soon as it is known."""
    for result in results:
        print(result, flush=True)
