"""The same question has the same answer, and a year that grows too large stops."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from railsim.engine.draws import draw
from railsim.errors import BudgetError
from tests.engine.networks import ENGINES, plan_of, run, run_plan, shortened

ROOT = Path(__file__).parents[2]
WORLD = Path(__file__).parent / "busy_world.toml"
PROGRAM = """
from tests.contracts.test_determinism import digest
from tests.engine.networks import ENGINES
print(digest(ENGINES["{engine}"]))
"""


def digest(engine) -> str:
    """A fingerprint of every column of a busy fortnight's log."""
    plan = shortened(plan_of(WORLD.read_text(encoding="utf-8")), 14)
    log = run_plan(engine, plan, draw(plan, 5, 2)).log
    columns = (log.at_ms, log.event, log.unit, log.resource, log.value, log.amount)
    return hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()


def test_the_same_plan_and_draws_give_the_same_log(engine):
    assert digest(engine) == digest(engine)


@pytest.mark.parametrize("name", ENGINES)
def test_another_machine_s_habits_do_not_change_the_log(name):
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    habits = {"PYTHONHASHSEED": "77", "TZ": "Asia/Shanghai", "LC_ALL": "POSIX"}
    habits["NPY_DISABLE_CPU_FEATURES"] = " ".join(extensions.get("found", []))

    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(engine=name)],
        cwd=ROOT,
        env=os.environ | habits | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == digest(ENGINES[name])


def test_simulate_changes_neither_plan_nor_draws(engine):
    plan = shortened(plan_of(WORLD.read_text(encoding="utf-8")), 5)
    draws = draw(plan, 5, 2)

    first = engine(plan, draws)

    assert (engine(plan, draws).at_ms == first.at_ms).all()


def test_rows_stand_in_the_order_of_time_and_unit(engine):
    plan = shortened(plan_of(WORLD.read_text(encoding="utf-8")), 14)

    log = engine(plan, draw(plan, 5, 2))

    order = np.lexsort((log.unit, log.at_ms))
    assert np.array_equal(order, np.arange(len(log)))


MANY = """
    stations.desk.servers = 1
    [run]
    max_events = 20_000
    [flows.jobs]
    arrivals = { kind = "poisson", rate_per_h = RATE }
"""


def test_a_year_with_too_many_events_stops_with_the_reason(engine):
    with pytest.raises(BudgetError, match=r"run\.max_events = 20000"):
        run(engine, MANY.replace("RATE", "1.0"))


@pytest.mark.parametrize(
    "arrivals",
    [
        'kind = "poisson", rate_per_h = 100000.0',
        'kind = "scheduled", every_h = 0.0001',
        'kind = "renewal", gap = { dist = "exponential", mean_h = 0.0001 }',
        'kind = "renewal", gap = { dist = "deterministic", value_h = 0.0 }',
        'kind = "annual", tonnes = 1e9',
    ],
)
def test_too_many_lots_are_refused_before_they_are_drawn(arrivals):
    text = f"run.max_events = 20_000\nflows.jobs.arrivals = {{ {arrivals} }}\n"
    plan = plan_of(text + "stations.desk.servers = 1")

    with pytest.raises(BudgetError, match=r"flows\.jobs"):
        draw(plan, 1, 0)
