"""What must balance in every world: lots, loads, tokens, servers, tracks, time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.engine.draws import draw
from railsim.engine.log import Event, EventLog
from railsim.engine.measuring.meter import measure
from tests.engine.ledger import audit
from tests.engine.networks import (
    ENGINES,
    HOUR,
    Engine,
    Run,
    plan_of,
    run,
    run_plan,
    shortened,
)
from tests.engine.random_worlds import GENERATE, worlds

engines = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)

COLUMNS = ("at_ms", "event", "unit", "resource", "value", "amount")
BUSY = """
    [calendars.office]
    utc_offset_h = 7.0
    windows_h = [[7.0, 19.0]]
    [fleets]
    rake = { tokens = { here = 2, there = 1 } }
    [stations.gate]
    servers = 2
    calendar = "office"
    time = { dist = "exponential", mean_h = 0.8 }
    [lines.line]
    stations = { here = 0, there = 3 }
    section_km = [30.0, 40.0, 30.0]
    loop_tracks = [2, 2]
    [services.train]
    is_both_ways = true
    timetable.per_day = { "2000" = 4.0 }
    steps = [
        { take = "rake", at = "here" },
        { line = "line", origin = "here", destination = "there" },
        { give = "rake", at = "there" },
    ]
    [routes.rail]
    steps = [{ station = "gate" }, { service = "train" }]
    [flows.jobs]
    arrivals = { kind = "poisson", rate_per_h = 1.0 }
"""


def random_run(engine: Engine, text: str, seed: int, days: float = 8.0) -> Run:
    """A short run of a random world."""
    plan = shortened(plan_of(text), days)
    return run_plan(engine, plan, draw(plan, seed, 0))


@engines
@settings(max_examples=40, phases=GENERATE)
@given(worlds(), st.integers(0, 1000))
def test_every_account_of_a_random_world_balances(engine, text, seed):
    assert audit(random_run(engine, text, seed)) == []


@pytest.mark.slow
@engines
@settings(max_examples=1500, phases=GENERATE)
@given(worlds(), st.integers(0, 1000))
def test_every_account_of_many_random_worlds_balances(engine, text, seed):
    assert audit(random_run(engine, text, seed, days=25.0)) == []


@engines
@pytest.mark.parametrize("lost", [Event.END, Event.DEPART, Event.CLEAR, Event.GIVE])
def test_the_books_notice_an_event_that_is_missing(engine, lost):
    result = random_run(engine, BUSY, seed=3, days=30.0)
    kept = np.ones(len(result.log), dtype=bool)
    kept[result.rows(lost)[20]] = False

    torn = {name: getattr(result.log, name)[kept] for name in COLUMNS}
    log = EventLog(lot_count=result.log.lot_count, **torn)

    assert audit(result) == []
    assert len(audit(Run(result.plan, result.draws, log))) > 0


@engines
def test_busy_idle_and_closed_hours_sum_to_all_hours(engine):
    result = run(engine, BUSY, seed=2)

    use = measure(result.plan, result.draws, result.log).resources

    gate, plan = result.number("stations.gate"), result.plan
    year_h = (plan.span.end_ms - plan.span.measure_ms) / HOUR
    served = result.spans_ms(Event.START, Event.END, "stations.gate").sum() / HOUR
    assert use.open_h[gate] == pytest.approx(2 * year_h - closed_h(result, gate))
    assert use.utilisation[gate] * use.open_h[gate] == pytest.approx(served, rel=1e-3)


def closed_h(result: Run, resource: int) -> float:
    """Server-hours without a server, read off the capacity changes."""
    rows = result.rows(Event.CAPACITY, result.plan.resources.names[resource])
    at_ms = np.append(result.log.at_ms[rows], result.plan.span.stop_ms)
    absent = 2 - result.log.amount[rows]
    return float((absent * np.diff(at_ms)).sum()) / HOUR
