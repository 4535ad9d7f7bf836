"""What closed forms read of a plan, against the same told plainly."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest

from railsim import formulas
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.fares import fares_of
from railsim.corridor.plan import make_plan
from railsim.corridor.routes import sections_between
from railsim.corridor.services import planned_state
from railsim.corridor.storage import storage_paid, storage_usd_per_teu
from railsim.corridor.tables import Act, Plan
from railsim.corridor.time.clock import span_of
from railsim.corridor.time.moments import moments
from railsim.corridor.time.timetables import Runs
from railsim.engine.analytic.reading.lines import _waits
from railsim.engine.analytic.reading.rides import _read_timetable
from railsim.engine.analytic.reading.vehicles import ways_of_vehicles
from railsim.engine.analytic.serving import Z_OF_QUANTILES, _gamma_quantiles
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.units import MS_PER_DAY, MS_PER_HOUR
from tests.runs import SMALL

YEAR = span_of(2028, warmup_days=3, drain_days=3)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return make_plan(scenario, planned_state(scenario), 2028, Memory())


@pytest.mark.parametrize("seed", range(5))
def test_trains_wait_before_sections_as_cobham_says(seed: int) -> None:
    chance = np.random.default_rng(seed)
    count = 60
    server, priority = chance.integers(0, 5, count), chance.integers(0, 3, count)
    rate, mean = chance.uniform(0.0, 0.05, count), chance.uniform(0.1, 1.5, count)
    square = mean * mean * (1.0 + chance.uniform(0.0, 1.0, count))
    residual = np.bincount(server, rate * square, 5) / 2.0

    found = _waits(server, priority, rate * mean, residual)

    for s in range(5):
        classes = sorted({*priority[server == s].tolist()})
        rows = [(server == s) & (priority == p) for p in classes]
        rates = [float(rate[own].sum()) for own in rows]
        means = [
            float((rate * mean)[own].sum()) / float(rate[own].sum()) for own in rows
        ]
        squares = [
            float((rate * square)[own].sum()) / float(rate[own].sum()) for own in rows
        ]
        cvs = [
            math.sqrt(q / (m * m) - 1.0) for q, m in zip(squares, means, strict=True)
        ]
        expected = formulas.cobham_waits(
            arrival_rates=rates, mean_services=means, cvs=cvs
        )
        for own, wait in zip(rows, expected, strict=True):
            assert found[own] == pytest.approx(wait, rel=1e-9)


def test_the_next_departure_is_as_far_as_instants_of_the_year_say() -> None:
    chance = np.random.default_rng(3)
    at_ms = np.sort(chance.integers(YEAR.begin_ms, YEAR.stop_ms, 40))
    slowness = chance.uniform(1.0, 2.0, 40)

    read = _read_timetable(Runs(at_ms, slowness), YEAR)

    first = at_ms[max(0, np.searchsorted(at_ms, YEAR.measure_ms) - 1)]
    last = at_ms[min(np.searchsorted(at_ms, YEAR.end_ms), len(at_ms) - 1)]
    instants = np.linspace(first + 1.0, last, 400_001)
    until = (at_ms[np.searchsorted(at_ms, instants)] - instants) / MS_PER_HOUR
    inside = (at_ms >= YEAR.measure_ms) & (at_ms < YEAR.end_ms)
    assert read.planned == inside.sum()
    assert read.first_h == pytest.approx(until.mean(), rel=1e-4)
    assert read.first_h2 == pytest.approx((until**2).mean(), rel=1e-4)
    assert read.slowness == pytest.approx(slowness.mean())


@pytest.mark.parametrize("count", [0, 1])
def test_a_service_that_hardly_leaves_has_no_interval(count: int) -> None:
    at_ms = np.full(count, YEAR.measure_ms + MS_PER_DAY)

    read = _read_timetable(Runs(at_ms, np.ones(count)), YEAR)

    assert read == (count, 0.0, 0.0, 0.0, 1.0)


def test_vehicles_take_as_long_as_the_streams_of_their_steps(plan: Plan) -> None:
    stops, passages = ways_of_vehicles(plan)
    rows, sections = [], []
    for v, c in enumerate(plan.services.chain.tolist()):
        for s in range(*plan.chains.begin[c : c + 2].tolist()):
            act, slot = Act(plan.steps.act[s]), int(plan.steps.slot[s])
            ends = (int(plan.steps.first[s]), int(plan.steps.last[s]))
            run = [*sections_between(*ends)] if act == Act.RUN else [0]
            if act in (Act.TRAVEL, Act.SERVE, Act.RUN):
                timings = [
                    plan.services.streams[v][slot + k].timing for k in range(len(run))
                ]
                times = [moments(t, is_deterministic=False) for t in timings]
                rows.append((v, act, *np.sum(times, axis=0)))
            if act == Act.RUN:
                sections += [(v, section) for section in run]

    columns = (stops.service, stops.act, stops.mean_h, stops.variance_h2)
    assert rows == [pytest.approx(row) for row in zip(*columns, strict=True)]
    assert sections == [*zip(passages.service, passages.section, strict=True)]
    assert sections


def test_storage_is_what_each_lot_pays_on_its_clock(
    scenario: Scenario, plan: Plan
) -> None:
    waited = np.random.default_rng(5).integers(0, 4, (len(plan.steps.act), 12))

    paid = storage_paid(scenario, plan, waited)

    for c, fare in enumerate(fares_of(scenario)):
        expected = 0.0
        for i, visit in enumerate(fare.visits):
            service = scenario.services.get(visit.step.service or "")
            if service is None:
                continue
            place = service.destination if visit.is_reversed else service.origin
            if place in service.storage:
                clock = scenario.storage[service.storage[place]]
                teu = waited[int(plan.chains.begin[c]) + i].tolist()
                usd = [
                    storage_usd_per_teu(clock, float(d), scenario.economy)
                    for d in range(len(teu))
                ]
                expected += np.average(usd, weights=teu)
        assert paid[fare.name, fare.route] == pytest.approx(expected, rel=1e-12)
    assert any(paid.values())


def test_a_time_that_is_next_to_nothing_is_no_cause_of_alarm() -> None:
    mean, sd = np.array([1e-300, 5e-324, 0.0, 1.0]), np.array([1e-140, 1.0, 1.0, 50.0])

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = _gamma_quantiles(mean, sd, Z_OF_QUANTILES)

    assert (found == 0.0).all()


def test_a_run_over_no_section_takes_no_time(scenario: Scenario, plan: Plan) -> None:
    step = scenario.services["fast_train"].steps[0]
    stay = {"line": step.line, "origin": step.origin, "destination": step.origin}
    whole = step.model_dump(exclude_unset=True)
    world = overlay(scenario, {"services.fast_train.steps": [stay, whole]})

    longer = make_plan(world, planned_state(world), 2028, Memory())

    stops, passages = ways_of_vehicles(longer)
    old_stops, old_passages = ways_of_vehicles(plan)
    assert stops.mean_h.sum() == pytest.approx(old_stops.mean_h.sum())
    assert len(stops.mean_h) > len(old_stops.mean_h)
    assert len(passages.mean_h) == len(old_passages.mean_h)
