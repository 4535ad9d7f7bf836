import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.oracles import (
    simulate_gate,
    simulate_scheduled_service,
    simulate_single_track,
)

MINUTES = st.integers(0, 4 * 1440).map(lambda minutes: minutes / 60)
VISITS = st.lists(
    st.tuples(MINUTES, st.integers(0, 300).map(lambda m: m / 60)), max_size=25
)
GATE = {
    "arrivals_h": [8.0, 8.1],
    "services_h": [1.0, 1.0],
    "lanes": 1,
    "open_h": 7,
    "close_h": 19,
    "close_rule": "finish_started",
}


def run_gate(visits, **changes):
    arrivals = [arrival for arrival, _ in visits]
    services = [service for _, service in visits]
    given_gate = GATE | {"arrivals_h": arrivals, "services_h": services}
    return simulate_gate(**given_gate | changes)


@given(VISITS, st.integers(1, 4), st.sampled_from(["finish_started", "must_finish"]))
@settings(deadline=None)
def test_the_gate_serves_everyone_in_order_and_in_hours(visits, lanes, close_rule):
    rows = run_gate(visits, lanes=lanes, close_rule=close_rule)

    visits = sorted(visits, key=lambda visit: visit[0])
    assert len(rows) == len(visits)
    assert all(s1 <= s2 for (s1, _), (s2, _) in pairwise(rows))
    for (arrival, service), (start, end) in zip(visits, rows, strict=True):
        assert start >= arrival
        assert end == pytest.approx(start + service)
        assert 7 <= start % 24 < 19
        assert close_rule == "finish_started" or end % 24 <= 19 + 1e-6
        busy = sum(1 for other, ends in rows if other <= start < ends - 1e-9)
        assert busy <= lanes


@given(VISITS)
@settings(deadline=None)
def test_one_lane_which_never_closes_obeys_lindley(visits):
    rows = run_gate(visits, open_h=0, close_h=24)

    end = -math.inf
    visits = sorted(visits, key=lambda visit: visit[0])
    for (arrival, service), (start, _) in zip(visits, rows, strict=True):
        assert start == max(arrival, end)
        end = start + service


@pytest.mark.parametrize("close_rule", ["finish_started", "must_finish"])
def test_a_gate_which_never_closes_serves_over_midnight(close_rule):
    rows = run_gate([(23.5, 2), (30, 40)], open_h=0, close_h=24, close_rule=close_rule)

    assert rows == [[23.5, 25.5], [30, 70]]


def test_who_cannot_finish_waits_for_morning_and_bars_those_behind():
    rows = run_gate([(18, 2), (18.1, 0.5)], lanes=2, close_rule="must_finish")

    assert rows == [[31, 33], [31, 31.5]]


def test_a_service_may_end_exactly_at_closing():
    rows = run_gate([(18.9, 0.1), (18.9, 0.1)], lanes=2, close_rule="must_finish")

    assert [start for start, _ in rows] == [18.9, 18.9]


def test_nobody_starts_at_the_moment_of_closing():
    assert run_gate([(19.0, 0)]) == [[31, 31]]


def test_the_early_wait_for_the_gate():
    assert run_gate([(3, 1), (2, 0.5), (-20, 1)]) == [[-17, -16], [7, 7.5], [7.5, 8.5]]


def test_a_day_of_long_services_runs_on_after_closing():
    rows = run_gate([(8, 30), (9, 1)])

    assert rows == [[8, 38], [38, 39]]


def test_nobody_comes_and_nobody_is_served():
    assert run_gate([]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arrivals_h", [1.0]),
        ("arrivals_h", [1.0, math.nan]),
        ("services_h", [1.0, -1.0]),
        ("lanes", 0),
        ("lanes", 1.5),
        ("open_h", -1),
        ("close_h", 7),
        ("close_h", 25),
        ("close_rule", "whenever"),
    ],
)
def test_an_impossible_gate_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        simulate_gate(**GATE | {name: value})


def test_a_service_longer_than_the_day_is_refused():
    with pytest.raises(ValueError, match="services_h"):
        run_gate([(8, 13)], close_rule="must_finish")


SECTIONS = st.lists(st.integers(5, 60).map(lambda m: m / 60), min_size=1, max_size=5)
TRAINS = st.lists(
    st.tuples(
        st.sampled_from([1, -1]),
        st.integers(0, 300).map(lambda m: m / 60),
        st.integers(-1, 2),
    ),
    max_size=8,
)


def run_line(sections_h, trains, clear_h=0.05):
    named = [[f"T{order}", *train] for order, train in enumerate(trains)]
    return simulate_single_track(sections_h=sections_h, clear_h=clear_h, trains=named)


@given(SECTIONS, TRAINS)
@settings(deadline=None)
def test_every_train_runs_the_whole_line_forwards(sections_h, trains):
    runs = run_line(sections_h, trains)

    assert len(runs) == len(trains)
    for (direction, depart_h, _), rows in zip(trains, runs.values(), strict=True):
        ready_h = depart_h
        assert [row[0] for row in rows] == list(range(len(sections_h)))[::direction]
        for section, enter, leave in rows:
            assert enter >= ready_h - 1e-6
            assert leave == pytest.approx(enter + sections_h[section])
            ready_h = leave


@given(SECTIONS, TRAINS)
@settings(deadline=None)
def test_no_section_holds_two_trains_or_stands_free_while_one_waits(sections_h, trains):
    runs = run_line(sections_h, trains)

    for section in range(len(sections_h)):
        held = sorted(
            (enter, leave, ready_before(runs[name], section, trains[int(name[1:])]))
            for name in runs
            for number, enter, leave in runs[name]
            if number == section
        )
        free_h = -math.inf
        for enter, leave, ready_h in held:
            assert enter == pytest.approx(max(ready_h, free_h))
            free_h = leave + 0.05


def ready_before(rows, section, train):
    place = [row[0] for row in rows].index(section)
    return rows[place - 1][2] if place else train[1]


def test_a_lone_train_is_never_held():
    runs = run_line([0.5, 0.75, 0.25], [(-1, 3, 0)])

    assert runs == {"T0": [[2, 3, 3.25], [1, 3.25, 4], [0, 4, 4.5]]}


def test_the_urgent_train_goes_first_whenever_it_asked():
    # the section is free again at 0.55; both wait by then
    runs = run_line([0.5], [(1, 0, 0), (1, 0.1, 1), (-1, 0.4, 0)])

    assert [runs[name][0][1] for name in ("T0", "T2", "T1")] == pytest.approx(
        [0, 0.55, 1.1]
    )


def test_of_equals_the_first_to_ask_goes_first():
    runs = run_line([0.5], [(1, 0, 0), (1, 0.2, 0), (-1, 0.1, 0)])

    assert runs["T2"][0][1] < runs["T1"][0][1]


def test_of_simultaneous_equals_the_first_listed_goes_first():
    # 0.3 and 0.1 + 0.2 are one instant
    runs = run_line([0.5], [(1, 0.1 + 0.2, 0), (-1, 0.3, 0)])

    assert runs["T0"][0][1] < runs["T1"][0][1]


def test_an_arrival_at_the_instant_of_release_takes_part_in_the_grant():
    # T0 frees the section at 0.55, where T2, more urgent than T1, arrives just then
    runs = run_line([0.5], [(1, 0, 0), (1, 0.1, 2), (-1, 0.5 + 0.05, -1)])

    assert runs["T2"][0][1] == pytest.approx(0.55)
    assert runs["T1"][0][1] == pytest.approx(1.1)


def test_trains_do_not_preempt():
    runs = run_line([2.0], [(1, 0, 2), (-1, 0.1, -1)])

    assert runs["T1"][0][1] == pytest.approx(2.05)


def test_trains_follow_one_another_at_the_time_of_the_slowest_section():
    runs = run_line([0.25, 0.75, 0.5], [(1, 0, 0)] * 4, clear_h=0)

    assert [runs[f"T{order}"][-1][2] for order in range(4)] == pytest.approx(
        [1.5, 2.25, 3.0, 3.75]
    )


def test_a_line_without_trains_is_quiet():
    assert run_line([0.5], []) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sections_h", []),
        ("sections_h", [0.5, 0]),
        ("clear_h", -0.1),
        ("trains", [["U", 2, 0, 0]]),
        ("trains", [["U", 1, math.inf, 0]]),
        ("trains", [["U", 1, 0, "low"]]),
        ("trains", [["U", 1, 0]]),
        ("trains", [["U", 1, 0, 0], ["U", -1, 0, 0]]),
    ],
)
def test_an_impossible_line_is_refused(name, value):
    good = {"sections_h": [0.5], "clear_h": 0.05, "trains": [["U", 1, 0, 0]]}

    with pytest.raises(ValueError, match=name):
        simulate_single_track(**good | {name: value})


SERVICE = {
    "departures_h": [24, 48, 72],
    "cutoff_h": 3,
    "capacity": 10,
    "min_load": 0,
    "lots": [],
    "overtake": False,
    "max_cancel": 1,
}
LOTS = st.lists(st.tuples(st.integers(0, 80), st.integers(1, 12)), max_size=15)


def run_service(lots, **changes):
    named = [[f"L{order}", *lot] for order, lot in enumerate(lots)]
    return simulate_scheduled_service(**SERVICE | {"lots": named} | changes)


@given(LOTS, st.integers(0, 8), st.booleans(), st.integers(0, 3))
@settings(deadline=None)
def test_lots_travel_whole_once_and_in_time(lots, min_load, overtake, max_cancel):
    found = run_service(
        lots, min_load=min_load, overtake=overtake, max_cancel=max_cancel
    )

    sizes = {f"L{order}": lot for order, lot in enumerate(lots)}
    assert sorted([*found["lot_departure"], *found["left"]]) == sorted(sizes)
    for hour, load, status in found["departures"]:
        aboard = [name for name, at in found["lot_departure"].items() if at == hour]
        assert load == sum(sizes[name][1] for name in aboard) <= 10
        assert all(sizes[name][0] <= hour - 3 for name in aboard)
        assert status == "run" or not aboard


@given(LOTS, st.integers(1, 12), st.integers(0, 3))
@settings(deadline=None)
def test_no_more_departures_are_cancelled_in_succession_than_allowed(
    lots, min_load, max_cancel
):
    found = run_service(
        lots,
        min_load=min_load,
        max_cancel=max_cancel,
        departures_h=list(range(24, 241, 24)),
    )

    statuses = [status for _, _, status in found["departures"]]
    runs = "".join("x" if status == "cancelled" else "." for status in statuses)
    assert "x" * (max_cancel + 1) not in runs


@given(LOTS)
@settings(deadline=None)
def test_without_overtaking_lots_leave_in_order_of_readiness(lots):
    found = run_service(lots)

    ready = sorted(range(len(lots)), key=lambda order: lots[order][0])
    hours = [found["lot_departure"].get(f"L{order}", math.inf) for order in ready]
    assert hours == sorted(hours)


@given(LOTS)
@settings(deadline=None)
def test_room_for_all_takes_everyone_at_the_next_departure(lots):
    found = run_service(lots, capacity=1000)

    for order, (ready_h, _) in enumerate(lots):
        hours = [hour for hour in (24, 48, 72) if ready_h <= hour - 3]
        assert found["lot_departure"].get(f"L{order}") == (hours[0] if hours else None)


def test_a_small_lot_overtakes_only_where_it_may():
    lots = [(1, 8), (2, 5), (3, 2)]

    strict = run_service(lots)["lot_departure"]
    lenient = run_service(lots, overtake=True)["lot_departure"]

    assert strict == {"L0": 24, "L1": 48, "L2": 48}
    assert lenient == {"L0": 24, "L1": 48, "L2": 24}


def test_a_lot_too_large_for_any_train_bars_the_queue():
    lots = [(1, 11), (2, 5)]

    assert run_service(lots)["left"] == ["L0", "L1"]
    assert run_service(lots, overtake=True)["left"] == ["L0"]


def test_a_lot_ready_at_the_cut_off_boards():
    found = run_service([(21, 1), (21.01, 1)])

    assert found["lot_departure"] == {"L0": 24, "L1": 48}


def test_departures_are_taken_in_order_of_time():
    assert run_service([(1, 4)], departures_h=[48, 24]) == {
        "lot_departure": {"L0": 24},
        "departures": [[24, 4, "run"], [48, 0, "run"]],
        "left": [],
    }


def test_an_empty_train_is_cancelled_and_then_runs():
    statuses = [row[2] for row in run_service([], min_load=1)["departures"]]

    assert statuses == ["cancelled", "run", "cancelled"]


def test_without_departures_all_lots_are_left():
    found = run_service([(5, 1), (2, 1)], departures_h=[])

    assert found == {"lot_departure": {}, "departures": [], "left": ["L1", "L0"]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("departures_h", [math.nan]),
        ("departures_h", 24),
        ("cutoff_h", -1),
        ("capacity", 0),
        ("min_load", -1),
        ("lots", [["L", 1]]),
        ("lots", [["L", 1, -1]]),
        ("lots", [["L", math.inf, 1]]),
        ("lots", [["L", 1, 1], ["L", 2, 1]]),
        ("overtake", "no"),
        ("max_cancel", -1),
        ("max_cancel", 0.5),
    ],
)
def test_an_impossible_service_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        simulate_scheduled_service(**SERVICE | {name: value})
