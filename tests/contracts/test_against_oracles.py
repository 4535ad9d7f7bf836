"""Engines against the small simulations of `railsim.formulas`, to the millisecond.

Random inputs lie on a grid of minutes, so that ties are frequent and real.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.engine.log import Event
from railsim.formulas import (
    simulate_gate,
    simulate_scheduled_service,
    simulate_single_track,
)
from tests.engine.networks import (
    ENGINES,
    HOUR,
    Engine,
    plan_of,
    run_plan,
    shortened,
    with_lots,
    with_trains,
)

MINUTE = 60_000
EXAMPLES = Path(__file__).parents[2] / "railsim" / "worked_examples.jsonl"
engines = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
often = settings(max_examples=120)


def worked_example(number: str) -> dict:
    """The example of a number, read from the specification's list."""
    rows = map(json.loads, EXAMPLES.read_text(encoding="utf-8").splitlines())
    return next(row for row in rows if row["id"] == number)


def ms(hours: float) -> int:
    """Whole milliseconds."""
    return round(hours * HOUR)


# -- a gate that opens every day ------------------------------------------------------


def gate_rows(engine: Engine, given: dict) -> list[list[int]]:
    """What the engine makes of the arguments of `simulate_gate`, in ms."""
    plan = shortened(
        plan_of(
            f"""
            [stations.gate]
            servers = {given["lanes"]}
            calendar = "day"
            close_rule = "{given["close_rule"]}"
            [calendars.day]
            utc_offset_h = 7.0
            windows_h = [[{float(given["open_h"])}, {float(given["close_h"])}]]
            """
        ),
        days=90,
    )
    times = [[ms(h)] for h in given["services_h"]]
    arrivals = [ms(h) for h in given["arrivals_h"]]
    result = run_plan(engine, plan, with_lots(plan, arrivals, times_ms=times))
    starts = result.at_h(Event.START, "stations.gate")
    ends = result.at_h(Event.END, "stations.gate")
    return [[ms(starts[lot]), ms(ends[lot])] for lot in range(len(arrivals))]


@st.composite
def gates(draw):
    """Arguments of `simulate_gate` in whole minutes."""
    opens = draw(st.integers(0, 20))
    closes = draw(st.integers(opens + 3, 24))
    count = draw(st.integers(1, 20))
    minutes = st.lists(st.integers(0, 5 * 1440), min_size=count, max_size=count)
    services = st.lists(st.integers(0, 180), min_size=count, max_size=count)
    return {
        "arrivals_h": sorted(m / 60 for m in draw(minutes)),
        "services_h": [m / 60 for m in draw(services)],
        "lanes": draw(st.integers(1, 3)),
        "open_h": opens,
        "close_h": closes,
        "close_rule": draw(st.sampled_from(["finish_started", "must_finish"])),
    }


@engines
@often
@given(gates())
def test_a_gate_serves_as_the_oracle_does(engine, given):
    expected = [[ms(a), ms(b)] for a, b in simulate_gate(**given)]

    assert gate_rows(engine, given) == expected


@engines
def test_the_gate_traced_by_hand_closes_between_the_second_and_third(engine):
    example = worked_example("WE-03")

    rows = gate_rows(engine, example["in"])

    hours = [[t / HOUR for t in row] for row in rows]
    assert hours == [pytest.approx(row, abs=1e-6) for row in example["out"]]


# -- a single track with room for all who wait ---------------------------------------


def track_runs(engine: Engine, given: dict) -> dict[int, list[list[int]]]:
    """What the engine makes of the arguments of `simulate_single_track`, in ms.

    Trains are numbered as the engine numbers them: by departure, then by service.
    """
    count = len(given["sections_h"])
    priorities = sorted({train[3] for train in given["trains"]})
    services = "".join(
        f"""
        [services.p{i}]
        priority = {p}
        is_both_ways = true
        speed_km_per_h = 100.0
        steps = [{{ line = "line", origin = "here", destination = "there" }}]
        timetable.listed_h = [0.0]
        """
        for i, p in enumerate(priorities)
    )
    plan = shortened(
        plan_of(
            f"""
            [lines.line]
            stations = {{ here = 0, there = {count} }}
            section_km = {[100.0 * h for h in given["sections_h"]]}
            loop_tracks = {[99] * (count - 1)}
            clear_h = {given["clear_h"]}
            {services}
            [routes.only]
            steps = [{{ service = "p0" }}]
            """
        ),
        days=30,
    )
    trains = [
        (ms(depart), 2 * priorities.index(priority) + (direction < 0))
        for _, direction, depart, priority in given["trains"]
    ]
    plan, draws = with_trains(plan, trains)
    log = run_plan(engine, plan, draws).log
    runs: dict[int, list[list[int]]] = {v: [] for v in range(len(trains))}
    for at, event, unit, section in zip(
        log.at_ms.tolist(),
        log.event,
        log.unit.tolist(),
        log.value.tolist(),
        strict=True,
    ):
        if event == Event.ENTER:
            runs[unit].append([section, at])
        elif event == Event.CLEAR:
            runs[unit][-1].append(at)
    return runs


@st.composite
def tracks(draw):
    """Arguments of `simulate_single_track` in minutes, in the engine's order."""
    trains = draw(
        st.lists(
            st.tuples(st.integers(0, 300), st.integers(0, 2), st.sampled_from([1, -1])),
            min_size=1,
            max_size=12,
        )
    )
    trains.sort(key=lambda train: (train[0], train[1], -train[2]))
    return {
        "sections_h": [
            m / 60 for m in draw(st.lists(st.integers(1, 60), min_size=1, max_size=6))
        ],
        "clear_h": draw(st.integers(0, 5)) / 60,
        "trains": [
            [i, direction, minute / 60, priority]
            for i, (minute, priority, direction) in enumerate(trains)
        ],
    }


@engines
@often
@given(tracks())
def test_trains_meet_as_the_oracle_says(engine, given):
    oracle = simulate_single_track(**given)
    expected = {
        train: [[section, ms(a), ms(b)] for section, a, b in rows]
        for train, rows in oracle.items()
    }

    assert track_runs(engine, given) == expected


@engines
def test_the_meeting_traced_by_hand_lets_the_up_train_wait(engine):
    example = worked_example("WE-04")

    runs = track_runs(engine, example["in"])

    hours = {
        name: [[s, a / HOUR, b / HOUR] for s, a, b in runs[train]]
        for train, name in enumerate("UD")
    }
    assert hours == {
        name: [pytest.approx(row, abs=1e-6) for row in rows]
        for name, rows in example["out"].items()
    }


@engines
def test_a_train_that_leaves_as_the_section_frees_ranks_with_those_who_wait(engine):
    patient, urgent = [1, 1, 0.1, 1], [2, 1, 0.6, 0]
    given = {"sections_h": [0.5], "clear_h": 0.1, "trains": [[0, 1, 0.0, 0]]}
    given["trains"] += [patient, urgent]

    runs = track_runs(engine, given)

    assert runs[2] == [[0, ms(0.6), ms(1.1)]]
    assert runs[1] == [[0, ms(1.2), ms(1.7)]]


# -- trains or vessels that leave with what is there ----------------------------------


def departures(engine: Engine, given: dict) -> dict:
    """What the engine makes of the arguments of `simulate_scheduled_service`."""
    plan = shortened(
        plan_of(
            f"""
            links.way.time = {{ dist = "deterministic", value_h = 1.0 }}
            [services.train]
            capacity_teu = {given["capacity"]}
            cutoff_h = {float(given["cutoff_h"])}
            min_load_share = {given["min_load"] / given["capacity"]}
            max_cancel = {given["max_cancel"]}
            is_overtaking = {str(given["overtake"]).lower()}
            timetable.listed_h = {[float(h) for h in given["departures_h"]]}
            steps = [{{ link = "way" }}]
            [routes.only]
            steps = [{{ service = "train" }}]
            """
        ),
        days=40,
    )
    names = [lot[0] for lot in given["lots"]]
    draws = with_lots(
        plan,
        [ms(lot[1]) for lot in given["lots"]],
        teu=[lot[2] for lot in given["lots"]],
    )
    result = run_plan(engine, plan, draws)
    left = result.departure_h("services.train")
    rows = sorted(
        (at, amount, "cancelled" if event == Event.CANCELLED else "run")
        for at, event, amount in zip(
            result.log.at_ms.tolist(),
            result.log.event.tolist(),
            result.log.amount.tolist(),
            strict=True,
        )
        if event in (Event.DEPART, Event.CANCELLED)
    )
    return {
        "lot_departure": {names[lot]: hour for lot, hour in left.items()},
        "departures": [[at / HOUR, load, what] for at, load, what in rows],
        "left": [name for lot, name in enumerate(names) if lot not in left],
    }


@st.composite
def timetables(draw):
    """Arguments of `simulate_scheduled_service` in minutes and TEU."""
    capacity = draw(st.integers(1, 20))
    hours = st.integers(0, 200).map(float)
    lots = draw(
        st.lists(st.tuples(st.integers(0, 9000), st.integers(1, 12)), max_size=30)
    )
    return {
        "departures_h": sorted(draw(st.sets(hours, min_size=1, max_size=12))),
        "cutoff_h": draw(st.integers(0, 10)),
        "capacity": capacity,
        "min_load": draw(st.integers(0, capacity)),
        "max_cancel": draw(st.integers(0, 3)),
        "overtake": draw(st.booleans()),
        "lots": [[i, m / 60, size] for i, (m, size) in enumerate(sorted(lots))],
    }


@engines
@often
@given(timetables())
def test_lots_leave_with_the_departure_the_oracle_names(engine, given):
    assert departures(engine, given) == simulate_scheduled_service(**given)


@engines
def test_the_timetable_traced_by_hand_cancels_the_second_train(engine):
    example = worked_example("WE-05")

    assert departures(engine, example["in"]) == example["out"]
