"""The compiled engine against the reference on the base corridor.

Engines take turns in this process on the same year and the same draws; processor time
of `simulate` alone. The logs must be equal.

    uv run python benchmarks/engines.py
"""

from __future__ import annotations

from collections.abc import Iterator

from racing import BASE, Result, race, show, year_of

from railsim.engine.choose import ENGINES, engine_of
from railsim.study.verification.agreement import first_difference

ROUNDS = 1


def measure() -> Iterator[Result]:
    """Seconds of the reference over those of the compiled engine."""
    plan, draws = year_of(BASE, 2026)
    logs = [engine_of(name).simulate(plan, draws) for name in ENGINES]
    if where := first_difference(*logs):
        raise AssertionError(f"the engines differ: {where}")
    runs = {n: lambda n=n: engine_of(n).simulate(plan, draws) for n in ENGINES}
    seconds = race(runs, rounds=ROUNDS)
    yield Result(
        "reference / compiled, base corridor, equal logs",
        seconds["reference"] / seconds["compiled"],
        100.0,
        is_floor=True,
        note=f"{len(logs[0]):,} events: {seconds['reference']:.1f} s and "
        f"{seconds['compiled'] * 1000:.0f} ms",
    )


if __name__ == "__main__":
    show(measure())
