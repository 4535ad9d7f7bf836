"""The kernel's twin in C tells the same story, so that a race between them is fair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.twin.twin import Run, build, compiler, simulate
from railsim.case import evaluate
from railsim.corridor.tables import Plan
from railsim.engine import compiled
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.scenario import load_scenario
from tests.contracts.test_single_track import random_line
from tests.engine.networks import plan_of, shortened, with_trains
from tests.sources import ROOT

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")

COLUMNS = ("at_ms", "event", "unit", "resource", "value", "amount")
SMALL = ROOT / "tests" / "small_corridor.toml"


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The twin, compiled once."""
    return build(Path(tmp_path_factory.mktemp("twin")))


def differences(twin: Run, plan: Plan, draws: Draws, log: EventLog) -> list[str]:
    """Columns in which the twin's log differs from another."""
    found, _ = simulate(twin, plan, draws)
    columns = {c: found[f"log_{c}"].view(getattr(log, c).dtype) for c in COLUMNS}
    return [c for c in COLUMNS if not np.array_equal(columns[c], getattr(log, c))]


def test_shippers_of_a_corridor_learn_the_same_in_c(twin):
    years, found = [], []

    def compare(name: str, year: int, plan: Plan, draws: Draws, log: EventLog) -> None:
        years.append(year)
        found.extend((name, year, d) for d in differences(twin, plan, draws, log))

    overrides = ["run.engine=compiled", "run.simulate_years=[2028]"]
    evaluate(load_scenario(SMALL, overrides), 1, on_log=compare)

    assert (len(years), found) == (5, [])


@pytest.mark.parametrize("seed", range(20))
def test_trains_meet_in_the_same_loops_in_c(twin, seed):
    text, trains = random_line(seed)
    plan, draws = with_trains(shortened(plan_of(text), 20), trains)

    assert differences(twin, plan, draws, compiled.simulate(plan, draws)) == []
