"""The reference engine against a textbook SimPy script of the same chain.

A year of 30,000 lots: road, gate with a queue, train of 50 TEU every 12 h, crane,
vessel every 72 h. Engines take turns, each run in a fresh process; medians of five,
processor time without start-up. Goal: ratio at most 1.5, and five years in a row at
most 1.10 of the memory of one.

    uv run python benchmarks/reference_against_textbook.py

The textbook draws its numbers as it goes and keeps only each lot's time; the engine
reads numbers drawn before (that is counted) and writes down sixteen events a lot.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import simpy
from racing import Result, peak_of_this_process_mb, show

ROUNDS = 5
RATE_PER_H = 3.5
YEAR_H = 8760.0
SCENARIO = Path(__file__).parent / "chain.toml"


# -- the textbook ---------------------------------------------------------------------


class Chain:
    """Gate, crane, and the lots that wait for train and vessel."""

    def __init__(self, env: simpy.Environment, chance: random.Random) -> None:
        self.env, self.chance = env, chance
        self.gate = simpy.Resource(env, capacity=1)
        self.crane = simpy.Resource(env, capacity=1)
        self.waiting: dict[str, list[simpy.Event]] = {"train": [], "vessel": []}
        self.stays_h: list[float] = []

    def source(self) -> Iterator[simpy.Event]:
        """Poisson arrivals."""
        while True:
            yield self.env.timeout(self.chance.expovariate(RATE_PER_H))
            self.env.process(self.lot())

    def lot(self) -> Iterator[simpy.Event]:
        """Road, gate, train, crane, vessel."""
        begin = self.env.now
        yield self.env.timeout(self.chance.expovariate(1 / 10.0))
        with self.gate.request() as request:
            yield request
            yield self.env.timeout(self.chance.expovariate(1 / 0.2))
        yield self.ride("train")
        with self.crane.request() as request:
            yield request
            yield self.env.timeout(self.chance.expovariate(1 / 0.2))
        yield self.ride("vessel")
        self.stays_h.append(self.env.now - begin)

    def ride(self, name: str) -> simpy.Event:
        """Wait until a vehicle has set us down."""
        arrival = self.env.event()
        self.waiting[name].append(arrival)
        return arrival

    def timetable(self, name: str, headway_h: float, room: int) -> Iterator[Any]:
        """A vehicle every so many hours."""
        while True:
            yield self.env.timeout(headway_h)
            riders, self.waiting[name] = (
                self.waiting[name][:room],
                self.waiting[name][room:],
            )
            self.env.process(self.vehicle(riders))

    def vehicle(self, riders: list[simpy.Event]) -> Iterator[simpy.Event]:
        """Carry the riders."""
        yield self.env.timeout(self.chance.expovariate(1 / 10.0))
        for arrival in riders:
            arrival.succeed()


def textbook() -> tuple[float, int, float]:
    """Seconds, lots delivered, mean hours of the textbook script."""
    begin = time.process_time()
    env = simpy.Environment()
    chain = Chain(env, random.Random(1))
    env.process(chain.source())
    env.process(chain.timetable("train", 12.0, 50))
    env.process(chain.timetable("vessel", 72.0, 1000))
    env.run(until=YEAR_H)
    seconds = time.process_time() - begin
    return seconds, len(chain.stays_h), sum(chain.stays_h) / len(chain.stays_h)


# -- the engine -----------------------------------------------------------------------


def reference(year: int = 2026) -> tuple[float, int, float]:
    """Seconds, lots delivered, mean hours of a year."""
    from railsim.corridor.choosing.memory import Memory
    from railsim.corridor.plan import make_plan
    from railsim.corridor.services import planned_state
    from railsim.engine.draws import draw
    from railsim.engine.log import Event
    from railsim.engine.reference import simulate
    from railsim.scenario import load_scenario

    scenario = load_scenario(SCENARIO)
    plan = make_plan(scenario, planned_state(scenario), year, Memory())
    begin = time.process_time()
    draws = draw(plan, 1, 0)
    log = simulate(plan, draws)
    seconds = time.process_time() - begin
    done = log.event == Event.DELIVERED
    stays_ms = log.at_ms[done] - draws.lots.arrival_ms[log.unit[done]]
    return seconds, int(done.sum()), float(stays_ms.mean()) / 3_600_000


# -- the race -------------------------------------------------------------------------


def fresh(what: str) -> list[float]:
    """Run one contestant in a process of its own: seconds, lots, hours, MB."""
    done = subprocess.run(
        [sys.executable, __file__, what], capture_output=True, text=True, check=True
    )
    return [float(word) for word in done.stdout.split()]


def measure() -> Iterator[Result]:
    """Race, then compare memory."""
    rounds = [(fresh("reference"), fresh("textbook")) for _ in range(ROUNDS)]
    ours, theirs = (median(r[i][0] for r in rounds) for i in (0, 1))
    lots = [rounds[0][i][1] for i in (0, 1)]
    yield Result(
        "reference / a textbook SimPy script of the same chain",
        ours / theirs,
        1.5,
        note=f"{ours / lots[0] * 1e6:.1f} and {theirs / lots[1] * 1e6:.1f} us a lot",
    )
    one, five = (median(fresh(f"years{n}")[3] for _ in range(3)) for n in (1, 5))
    yield Result(
        "reference: memory, five years in a row / one",
        five / one,
        1.10,
        note=f"{five:.0f} and {one:.0f} MB",
    )


def contestant(what: str) -> None:
    """Run in the child: print what `fresh` reads."""
    match what:
        case "textbook":
            found = textbook()
        case "reference":
            found = reference()
        case _:
            years = int(what.removeprefix("years"))
            found = [reference(2026 + year) for year in range(years)][-1]
    print(*found, peak_of_this_process_mb())


if __name__ == "__main__":
    if len(sys.argv) > 1:
        contestant(sys.argv[1])
    else:
        show(measure())
