"""How long accounts take: uv run python benchmarks/accounts.py.

Keeps the accounts of a line of ten billion dollars under each package of the base
scenario and prints milliseconds of processor time a pass, all checks included, the
least of several rounds. Goal: 3 ms, so that accounts and appraisal take 5 ms together.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from railsim.finance.accounts import account
from railsim.project.halves import Halves
from railsim.project.works import Delivery, Item, Works
from railsim.scenario import load_scenario, overlay
from railsim.traffic import Payment, Traffic

BASE = Path(__file__).parents[1] / "scenarios" / "base.toml"
GOAL_MS = 3.0
ROUNDS, PASSES = 15, 20
OPENING = 2033.7


def main() -> None:
    """Print one line a package."""
    scenario = load_scenario(BASE)
    halves = Halves.of_years(scenario.run.first_year, scenario.run.last_year)
    works, traffic = built(halves), carried(halves)
    for name in scenario.packages:
        world = overlay(scenario, {"finance.package": name})
        ms = milliseconds(lambda w=world: account(w, works, traffic))
        print(f"{name}: {ms:.2f} ms a pass, goal {GOAL_MS:g}")


def built(halves: Halves) -> Works:
    """Spending that rises and falls until half a year before opening, and trains."""
    begin, end = 2027.5, OPENING - 0.5
    spent = np.clip((halves.mids - begin) * (end - halves.mids), 0.0, None)
    spent *= 10e9 / spent.sum()
    bought = np.where(np.abs(halves.mids - (OPENING + 8.0)) < 0.5, 2e8, 0.0)
    works = {"structures": spent}
    delivery = Delivery("lchh", begin, {"lchh": OPENING}, end, 1.2, 1.0, works)
    item = Item("lchh", "structures")
    return Works(halves, {"lchh": delivery}, {item: spent}, {"locomotives": bought}, {})


def carried(halves: Halves) -> Traffic:
    """Two hundred million dollars of freight a year, after a ramp."""
    years = halves.years[::2]
    paid = 2e8 * np.clip((years - OPENING) / 4.0, 0.0, 1.0)
    payment = Payment("rail", "sgr_operator", "line_haul")
    return Traffic(years, {payment: paid}, {}, {}, {}, {}, {}, {})


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time of one pass, the least of several rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        begin = time.process_time()
        for _ in range(PASSES):
            work()
        least = min(least, time.process_time() - begin)
    return 1000.0 * least / PASSES


if __name__ == "__main__":
    main()
