"""The compiled engine against the reference on the base corridor.

Engines take turns in this process on the same quarter of a year and the same draws;
processor time of `simulate` alone. The logs must be equal.

    uv run python benchmarks/engines.py [DAYS]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from racing import BASE, Result, race, show, year_of

from railsim.engine.choose import ENGINES, engine_of
from railsim.study.verification.agreement import first_difference
from railsim.units import MS_PER_DAY

DAYS = 45
ROUNDS = 3


def measure(days: int = DAYS) -> Iterator[Result]:
    """Seconds of the reference over those of the compiled engine."""
    plan, draws = year_of(BASE, 2026)
    end = plan.span.begin_ms + days * MS_PER_DAY
    plan = replace(plan, span=replace(plan.span, end_ms=end, stop_ms=end))
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
    show(measure(int(sys.argv[1]) if len(sys.argv) > 1 else DAYS))
