"""What must follow when a world is changed in a known way and keeps its luck."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.engine.draws import draw
from railsim.engine.log import Event
from tests.engine.closed_forms import CASES, waits
from tests.engine.networks import (
    ENGINES,
    HOUR,
    plan_of,
    run,
    run_plan,
    shortened,
    with_lots,
)
from tests.engine.random_worlds import GENERATE, worlds

engines = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
MINUTE = 60_000
VISITS = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 400)), min_size=1, max_size=30
)


def total_wait(engine, servers: int, visits: list[tuple[int, int]]) -> int:
    """Waits of all lots at so many servers; arrivals and times are minutes."""
    plan = shortened(plan_of(f"stations.desk.servers = {servers}"), 20)
    arrivals = [MINUTE * arrival for arrival, _ in sorted(visits)]
    times = [[MINUTE * time] for _, time in sorted(visits)]
    result = run_plan(engine, plan, with_lots(plan, arrivals, times_ms=times))
    return int(result.spans_ms(Event.WAIT, Event.START, "stations.desk").sum())


@engines
@settings(max_examples=60)
@given(VISITS, st.integers(1, 4))
def test_another_server_never_raises_the_total_wait(engine, visits, servers):
    assert total_wait(engine, servers + 1, visits) <= total_wait(
        engine, servers, visits
    )


@engines
@settings(max_examples=60)
@given(VISITS, st.integers(1, 4))
def test_doubling_all_times_doubles_all_waits(engine, visits, servers):
    doubled = [(2 * arrival, 2 * time) for arrival, time in visits]

    assert total_wait(engine, servers, doubled) == 2 * total_wait(
        engine, servers, visits
    )


SCALED = """
    [links.way]
    time = {{ dist = "deterministic", value_h = {way} }}
    [stations.gate]
    servers = 2
    time = {{ dist = "exponential", mean_h = {gate} }}
    [lines.line]
    stations = {{ here = 0, there = 2 }}
    section_km = [{km}, {km}]
    loop_tracks = [2]
    clear_h = {clear}
    [services.train]
    is_both_ways = true
    cutoff_h = {cutoff}
    min_load_share = 0.3
    max_cancel = 1
    timetable.listed_h = {hours}
    steps = [{{ line = "line", origin = "here", destination = "there" }}]
    [routes.only]
    steps = [{{ link = "way" }}, {{ station = "gate" }}, {{ service = "train" }}]
    [flows.jobs]
    arrivals = {{ kind = "listed", at_h = {lots} }}
"""


def scaled(k: float) -> str:
    """A chain of five words with all its times k-fold."""
    return SCALED.format(
        way=0.5 * k,
        gate=1.5 * k,
        km=40.0 * k,
        clear=0.05 * k,
        cutoff=2.0 * k,
        hours=[6.0 * k * n for n in range(1, 40)],
        lots=[0.75 * k * n for n in range(1, 200)],
    )


def test_a_chain_with_all_its_times_doubled_takes_twice_as_long(engine):
    once, twice = (run(engine, scaled(k)) for k in (1.0, 2.0))

    # Exponential times are rounded to the millisecond, 199 times in a row at most.
    first, second = once.at_h(Event.DELIVERED), twice.at_h(Event.DELIVERED)
    assert list(first) == list(second)
    assert np.array(list(second.values())) == pytest.approx(
        2.0 * np.array(list(first.values())), abs=400 / HOUR
    )


@engines
@settings(max_examples=10, phases=GENERATE)
@given(worlds())
def test_other_names_change_nothing(engine, text):
    plan = shortened(plan_of(text), 5)
    draws = draw(plan, 4, 0)
    renamed = text
    for name in ("gate", "crane", "customs", "train", "road", "rail", "box"):
        renamed = renamed.replace(name, f"zz_{name}")
    renamed = renamed.replace("[flows.south]", "[flows.zz_south]")

    log = engine(plan, draws)
    other = engine(shortened(plan_of(renamed), 5), draws)

    assert np.array_equal(log.at_ms, other.at_ms)
    assert np.array_equal(log.value, other.value)


UNUSED = """
    [links.nowhere]
    time = { dist = "exponential", mean_h = 9.0 }
    [stations.idle]
    servers = 7
    time = { dist = "exponential", mean_h = 9.0 }
    breakdown = { between_failures_h = 9.0, repair = REPAIR }
    [routes.idle]
    steps = [{ station = "idle" }, { link = "nowhere" }]
""".replace("REPAIR", '{ dist = "lognormal", mean_h = 5.0, cv = 1.0 }')
SHARES = "base_share = { rail = 0.5, road = 0.5 }\n"


@engines
@settings(max_examples=10, phases=GENERATE)
@given(worlds())
def test_what_nobody_uses_changes_nothing(engine, text):
    text = text.replace("[flows.south]\n", f"[flows.south]\n{SHARES}")
    text = text.replace("[flows.north]\n", f"[flows.north]\n{SHARES}")
    plans = [shortened(plan_of(t), 5) for t in (text, text + UNUSED)]

    stories = [run_plan(engine, plan, draw(plan, 4, 0)).story() for plan in plans]

    assert stories[0] == [row for row in stories[1] if row[3] != "stations.idle"]


OPENING = """
    [openings.line]
    name = "line"
    is_built = BUILT
    opens_year = OPENS
    running_in_days = 90.0
    running_in_speed_factor = 0.5
    running_in_train_share = 0.5
    ramp_up_years = 1.0
    cost_constant = 0.0
    [links.new]
    time = { dist = "deterministic", value_h = 1.0 }
    [services.express]
    opening = "line"
    is_both_ways = true
    timetable.per_day = { "2000" = 4.0 }
    steps = [{ link = "new" }]
    [routes.new]
    opening = "line"
    steps = [{ service = "express" }]
"""


@engines
@settings(max_examples=10, phases=GENERATE)
@given(worlds(), st.sampled_from([2027.0, 2040.5, 2300.0]))
def test_an_opening_beyond_the_year_leaves_every_number_untouched(engine, text, year):
    worlds_ = [
        text + OPENING.replace("BUILT", built).replace("OPENS", str(year))
        for built in ("false", "true")
    ]
    plans = [shortened(plan_of(world), 5) for world in worlds_]

    stories = [run_plan(engine, plan, draw(plan, 4, 0)).story() for plan in plans]

    assert stories[0] == stories[1]


def test_the_urgent_wait_less_than_the_patient_on_average(engine):
    result = run(engine, CASES["Cobham, urgent"].world(1.0))

    started = np.sort(result.log.unit[result.rows(Event.START, "stations.desk")])
    flow = result.draws.lots.flow[started]
    assert waits(result)[flow == 0].mean() < waits(result)[flow == 1].mean()


def test_a_lower_priority_number_never_lengthens_the_wait_of_its_class(engine):
    equal = CASES["Cobham, urgent"].world(1.0)
    equal = equal.replace("priority = -1", "priority = 3")

    first = run(engine, CASES["Cobham, urgent"].world(1.0))
    second = run(engine, equal)

    urgent = [r.draws.lots.flow[: len(waits(r))] == 0 for r in (first, second)]
    assert waits(first)[urgent[0]].mean() < waits(second)[urgent[1]].mean()
