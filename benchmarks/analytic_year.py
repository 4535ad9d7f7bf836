"""How long a year takes by closed forms: uv run python benchmarks/analytic_year.py.

Prints, for the years of the base corridor, milliseconds of the fixed point, of it with
the service of the routes, and of it with all tables; then what it takes to read a plan,
which studies do once.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from railsim.corridor.choosing.learning import calibrate
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.analytic import Year, prepare_year, serve, serve_routes, solve
from railsim.engine.analytic.kappas import kappas_of_year
from railsim.horizon.years import horizon_of
from railsim.scenario import Scenario, load_scenario

BASE = Path(__file__).parents[1] / "scenarios" / "base.toml"
ROUNDS = 200


def main() -> None:
    """Print one line a year."""
    scenario = load_scenario(BASE)
    memory = remembered(scenario)
    print(
        f"{'year':>6}{'rounds':>8}{'fixed point':>13}{'+ routes':>10}{'+ tables':>10}"
    )
    for number in horizon_of(scenario).simulated:
        plan = make_plan(scenario, planned_state(scenario), number, memory)
        year = prepare_year(plan, kappas_of_year(scenario.kappa, plan))
        found = solve(year.model)
        times = [
            milliseconds(lambda y=year: solve(y.model)),
            milliseconds(lambda y=year: serve_routes(y, solve(y.model))),
            milliseconds(lambda y=year: serve(y, solve(y.model))),
        ]
        cells = "".join(
            f"{ms:>{w}.2f}" for ms, w in zip(times, (13, 10, 10), strict=True)
        )
        print(f"{number:>6}{found.rounds:>8}{cells}")
    print(f"reading a plan: {milliseconds(lambda: read(scenario, plan), 5):.0f} ms")


def remembered(scenario: Scenario) -> Memory:
    """The taste that explains the base year, at times without queues."""
    state, first = planned_state(scenario), scenario.run.first_year
    plan = make_plan(scenario, state, first, Memory())
    return calibrate(scenario, plan, Memory())


def read(scenario: Scenario, plan: Plan) -> Year:
    """A plan made ready."""
    return prepare_year(plan, kappas_of_year(scenario.kappa, plan))


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median of many runs."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1000.0 * statistics.median(times)


if __name__ == "__main__":
    main()
