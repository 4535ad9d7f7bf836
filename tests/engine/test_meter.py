"""The meter gives what whole columns give, to the byte, however the log is cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine import compiled
from railsim.engine.draws import draw
from railsim.engine.log import EventLog
from railsim.engine.measuring.meter import Meter, measure
from railsim.engine.measuring.service import Service
from railsim.scenario import load_scenario, overlay
from railsim.units import MS_PER_DAY
from tests.engine import measuring_by_joins as joins
from tests.engine.closed_forms import CASES
from tests.engine.networks import plan_of, shortened
from tests.engine.random_worlds import GENERATE, worlds
from tests.sources import ROOT

COLUMNS = ("at_ms", "event", "unit", "resource", "value", "amount")
BUSY = (ROOT / "tests" / "contracts" / "busy_world.toml").read_text(encoding="utf-8")
SMALL = ROOT / "tests" / "small_corridor.toml"


def differences(found: Service, truth: Service) -> list[str]:
    """Which columns differ in type, shape or any bit."""
    return [
        f"{part.name}.{column.name}"
        for part in fields(Service)
        if getattr(truth, part.name) is not None
        for column in fields(getattr(truth, part.name))
        if as_bytes(found, part.name, column.name)
        != as_bytes(truth, part.name, column.name)
    ]


def as_bytes(service: Service, part: str, column: str) -> tuple[object, ...]:
    array = getattr(getattr(service, part), column)
    return array.dtype, array.shape, array.tobytes()


def watched(plan: Plan, days: float) -> Plan:
    """The plan with so many days before and after the measured time."""
    span, cut = plan.span, round(days * MS_PER_DAY)
    measure_ms, end_ms = span.begin_ms + cut, span.stop_ms - cut
    return replace(plan, span=replace(span, measure_ms=measure_ms, end_ms=end_ms))


def cut(log: EventLog, places: list[int]) -> Iterator[EventLog]:
    """A log as pages that share one memory, as an engine's do."""
    edges = [0, *sorted(min(place, len(log)) for place in places), len(log)]
    memory = {c: np.empty_like(getattr(log, c)) for c in COLUMNS}
    for begin, end in pairwise(edges):
        for c, column in memory.items():
            column[: end - begin] = getattr(log, c)[begin:end]
        page = {c: column[: end - begin] for c, column in memory.items()}
        yield EventLog(lot_count=log.lot_count, **page)


def complaints(plan: Plan, seed: int) -> list[str]:
    """What the meter says otherwise than its oracle."""
    draws = draw(plan, seed, 0)
    log = compiled.simulate(plan, draws)
    return differences(measure(plan, draws, log), joins.measure(plan, draws, log))


@settings(max_examples=60, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000), st.sampled_from([0.0, 1.3, 4.0]))
def test_random_worlds_are_measured_as_by_joins(text, seed, days):
    assert complaints(watched(shortened(plan_of(text), 12), days), seed) == []


@pytest.mark.slow
@settings(max_examples=1000, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000), st.sampled_from([0.0, 5.0, 15.0]))
def test_many_random_worlds_are_measured_as_by_joins(text, seed, days):
    assert complaints(watched(shortened(plan_of(text), 40), days), seed) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_networks_with_closed_forms_are_measured_as_by_joins(name):
    plan = watched(shortened(plan_of(CASES[name].world(1.0)), 60), 10.0)

    assert complaints(plan, 3) == []


@pytest.mark.parametrize("year", [2026, 2028])
def test_years_of_a_small_corridor_are_measured_as_by_joins(year):
    scenario = load_scenario(SMALL)

    plan = make_plan(scenario, planned_state(scenario), year, Memory())

    assert complaints(plan, 1) == []


@pytest.mark.slow
@pytest.mark.parametrize("year", [2026, 2045])
def test_years_of_the_base_corridor_are_measured_as_by_joins(year):
    scenario = load_scenario(ROOT / "scenarios" / "base.toml")
    world = overlay(scenario, scenario.alternatives["with"].overlay)

    plan = make_plan(world, planned_state(world), year, Memory())

    assert complaints(plan, 1) == []


@settings(max_examples=30)
@given(st.lists(st.integers(0, 6000), max_size=8))
def test_pages_may_end_anywhere(places):
    plan = watched(shortened(plan_of(BUSY), 14), 3.0)
    draws = draw(plan, 1, 0)
    log, meter = compiled.simulate(plan, draws), Meter(plan, draws)

    for page in cut(log, places):
        meter.read(page)

    assert differences(meter.service(), measure(plan, draws, log)) == []


def test_the_pages_of_an_engine_are_measured_like_its_log():
    plan = watched(shortened(plan_of(BUSY), 14), 3.0)
    draws = draw(plan, 1, 0)
    meter = Meter(plan, draws)

    for page in compiled.pages(plan, draws, page_rows=200):
        meter.read(page)

    truth = joins.measure(plan, draws, compiled.simulate(plan, draws))
    assert differences(meter.service(), truth) == []


def test_a_year_without_events_offers_nothing():
    plan = shortened(plan_of(BUSY), 14)

    service = Meter(plan, draw(plan, 1, 0)).service()

    assert service.routes.lots.sum() == service.resources.units.sum() == 0
    assert np.isnan(service.routes.mean_h).all()
