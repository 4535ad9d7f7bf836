"""How time grows with the number of lots, and what watching costs.

The chain of `chain.toml` with as many lots, and with four times as many on four times
as many servers and departures; then the same year with and without the meter.

    uv run python benchmarks/scaling.py
"""

from __future__ import annotations

from collections.abc import Iterator

from racing import BASE, CHAIN, Result, race, show, year_of

from railsim.corridor.tables import Plan
from railsim.engine.choose import engine_of
from railsim.engine.draws import Draws
from railsim.engine.measuring.meter import Meter

RATE_PER_H = 14.0
ENGINE = engine_of("compiled")


def measure() -> Iterator[Result]:
    """Both ratios."""
    small, large = (chain(factor) for factor in (1, 4))
    seconds = race(
        {"small": lambda: simulate(*small), "large": lambda: simulate(*large)}
    )
    per_lot = [
        seconds[name] / len(draws.lots.flow)
        for name, (_, draws) in (("small", small), ("large", large))
    ]
    yield Result(
        "compiled: t(4N) / t(N), warm",
        4.0 * per_lot[1] / per_lot[0],
        4.2,
        note=f"N = {len(small[1].lots.flow):,} lots, {per_lot[0] * 1e6:.2f} us each",
    )
    year = year_of(BASE, 2026)
    seconds = race({"off": lambda: simulate(*year), "on": lambda: watch(*year)})
    yield Result(
        "compiled: measured / simulated only, base corridor",
        seconds["on"] / seconds["off"],
        1.3,
        note=f"{seconds['on']:.2f} and {seconds['off']:.2f} s a year",
    )


def chain(factor: int) -> tuple[Plan, Draws]:
    """The chain with `factor` times the traffic and the capacity."""
    return year_of(
        CHAIN,
        2026,
        (
            f"flows.jobs.arrivals.rate_per_h={RATE_PER_H * factor}",
            f"stations.gate.servers={4 * factor}",
            f"stations.crane.servers={4 * factor}",
            f"services.train.capacity_teu={200 * factor}",
            f"services.vessel.capacity_teu={4000 * factor}",
        ),
    )


def simulate(plan: Plan, draws: Draws) -> None:
    """A year, page by page, that nobody reads."""
    for _ in ENGINE.pages(plan, draws):
        pass


def watch(plan: Plan, draws: Draws) -> None:
    """A year with all that is measured of it."""
    meter = Meter(plan, draws)
    for page in ENGINE.pages(plan, draws):
        meter.read(page)
    meter.service()


if __name__ == "__main__":
    show(measure())
