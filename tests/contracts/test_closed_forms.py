"""Engines against the closed forms of queueing theory, on fixed seeds.

Within 3 standard errors, by batch means, and 0.2 % as batches still hang together.
"""

import numpy as np
import pytest
from scipy import stats

from railsim.engine.log import Event
from tests.engine.closed_forms import CASES, mean_and_error
from tests.engine.networks import run

cases = pytest.mark.parametrize("name", CASES)


@cases
def test_the_mean_is_that_of_the_closed_form(engine, name):
    case = CASES[name]

    observations = case.measure(run(engine, case.world(2.0)))

    mean, error = mean_and_error(observations, 20)
    expected = case.expected(2.0)
    assert abs(mean - expected) <= 3.0 * error + 0.002 * expected
    assert error < 0.1 * expected


@pytest.mark.slow
@cases
def test_four_hundred_thousand_customers_come_within_four_percent(engine, name):
    case = CASES[name]
    rate = 110.0 if name.startswith("Cobham") else 62.0

    observations = case.measure(run(engine, case.world(rate)))

    mean, error = mean_and_error(observations, 30)
    expected = case.expected(rate)
    assert len(observations) * 0.9 >= 4e5 or name == "machine repair"
    assert abs(mean / expected - 1.0) <= 0.04
    assert abs(mean - expected) <= stats.t.ppf(0.995, 29) * error


def test_little_s_law_holds_where_the_clock_starts_and_stops_empty(engine):
    text = (
        CASES["M/M/3"]
        .world(2.0)
        .replace("flows.jobs", "run.drain_days=30.0\nflows.jobs")
    )

    result = run(engine, text)

    inside_ms = result.spans_ms(Event.WAIT, Event.END, "stations.desk")
    changes = [(Event.WAIT, 1), (Event.END, -1)]
    at_ms = np.concatenate([result.log.at_ms[result.rows(e)] for e, _ in changes])
    steps = np.concatenate([np.full(len(result.rows(e)), c) for e, c in changes])
    order = np.argsort(at_ms, kind="stable")
    number = np.cumsum(steps[order])[:-1]
    assert int((number * np.diff(at_ms[order])).sum()) == int(inside_ms.sum())


@pytest.mark.parametrize(
    "dist",
    [
        'dist = "deterministic", value_h = 0.3',
        'dist = "exponential", mean_h = 0.3',
        'dist = "empirical", values_h = [0.0, 0.1, 1.0]',
    ],
)
def test_a_line_of_single_servers_is_lindley_s_recursion(engine, dist):
    text = f"""
        stations.a.time = {{ {dist} }}
        stations.b.time = {{ {dist} }}
        stations.c.time = {{ {dist} }}
        run.drain_days = 300.0
        flows.jobs.arrivals = {{ kind = "poisson", rate_per_h = 0.35 }}
    """

    result = run(engine, text)

    lots = result.draws.lots
    ready, times = lots.arrival_ms, lots.times_ms.reshape(-1, 3)
    for column, name in enumerate("abc"):
        ready = lindley(ready, times[:, column])
        ended = result.log.at_ms[result.rows(Event.END, f"stations.{name}")]
        assert np.array_equal(np.sort(ended), np.sort(ready))


def lindley(ready_ms: np.ndarray, times_ms: np.ndarray) -> np.ndarray:
    """When customers leave a single server that they reach in this order."""
    left, free = [], 0
    for ready, time in zip(ready_ms.tolist(), times_ms.tolist(), strict=True):
        free = max(ready, free) + time
        left.append(free)
    return np.array(left)


def test_many_servers_follow_kiefer_and_wolfowitz(engine):
    text = CASES["M/M/3"].world(2.0)

    result = run(engine, text)

    free = [result.plan.span.begin_ms] * 3
    lots, expected = result.draws.lots, []
    for arrival, time in zip(
        lots.arrival_ms.tolist(), lots.times_ms.tolist(), strict=True
    ):
        start = max(arrival, free[0])
        expected.append(start - arrival)
        free = sorted([*free[1:], start + time])
    waits = result.spans_ms(Event.WAIT, Event.START, "stations.desk")
    assert waits.tolist() == expected[: len(waits)]
