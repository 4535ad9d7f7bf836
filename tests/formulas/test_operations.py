import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.operations import (
    line_occupancy,
    pair_capacity,
    scott_capacity,
    wagon_fleet,
)

SCOTT = {"run_min": 12, "block_min": 5, "efficiency": 0.7, "maintenance_min": 120}
PAIRS = {
    "period_min": 40,
    "fixed_min": 120,
    "efficiency": 0.9,
    "passenger_pairs": 8,
    "removal_coef": 1.25,
}
FLEET = {
    "teu_per_year": 96 * 350,
    "operating_days": 350,
    "teu_per_train": 96,
    "load_factor": 1,
    "cycle_h": 48,
    "wagons_per_train": 50,
    "spare": 0.1,
}


def test_the_specification_gives_a_faster_line_54_trains():
    assert scott_capacity(**SCOTT) == pytest.approx(54.4, abs=0.05)


@given(st.floats(0, 60), st.floats(0, 60))
@settings(deadline=None)
def test_a_longer_run_never_raises_capacity(run_min, longer_min):
    faster = scott_capacity(**SCOTT | {"run_min": run_min})
    slower = scott_capacity(**SCOTT | {"run_min": run_min + longer_min})

    assert slower <= faster


@pytest.mark.parametrize("change", [{"maintenance_min": 1440}, {"efficiency": 0}])
def test_a_line_which_is_never_used_carries_nothing(change):
    assert scott_capacity(**SCOTT | change) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("run_min", -1),
        ("block_min", -1),
        ("efficiency", 1.1),
        ("maintenance_min", 1441),
        ("maintenance_min", True),
    ],
)
def test_an_impossible_line_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        scott_capacity(**SCOTT | {name: value})


def test_a_run_of_no_time_at_all_is_refused():
    with pytest.raises(ValueError, match="run_min"):
        scott_capacity(**SCOTT | {"run_min": 0, "block_min": 0})


def test_passenger_pairs_displace_freight_pairs():
    found = pair_capacity(**PAIRS)

    assert found == pytest.approx({"parallel_pairs": 29.7, "freight_pairs": 19.7})


def test_too_many_passenger_pairs_show_as_a_shortfall():
    found = pair_capacity(**PAIRS | {"passenger_pairs": 24})

    assert found["freight_pairs"] == pytest.approx(-0.3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("period_min", 0),
        ("fixed_min", 1500),
        ("efficiency", -0.1),
        ("passenger_pairs", -1),
        ("removal_coef", math.nan),
    ],
)
def test_an_impossible_diagram_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        pair_capacity(**PAIRS | {name: value})


def test_occupation_adds_up_over_trains():
    found = line_occupancy(trains=[[4, 12.5], [2, 20]], window_min=120, added_rate=0.33)

    assert found == pytest.approx({"occupancy": 0.75, "consumption": 0.9975})


def test_an_empty_line_is_not_occupied():
    found = line_occupancy(trains=[], window_min=120, added_rate=0.33)

    assert found == {"occupancy": 0, "consumption": 0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trains", [[1]]),
        ("trains", [[-1, 5]]),
        ("trains", [[1, -5]]),
        ("trains", 7),
        ("window_min", 0),
        ("added_rate", -0.1),
    ],
)
def test_an_impossible_occupation_is_refused(name, value):
    good = {"trains": [[1, 5]], "window_min": 60, "added_rate": 0.3}

    with pytest.raises(ValueError, match=name):
        line_occupancy(**good | {name: value})


def test_one_train_a_day_on_a_two_day_cycle_takes_two_rakes():
    assert wagon_fleet(**FLEET) == {"trains_per_day": 1, "rakes": 2, "wagons": 110}


def test_rounding_errors_need_no_wagon_of_their_own():
    found = wagon_fleet(**FLEET | {"cycle_h": 24, "wagons_per_train": 10})

    assert 10 * (1 + 0.1) > 11 - 1e-12
    assert found["wagons"] == 11


def test_no_traffic_takes_no_wagons():
    found = wagon_fleet(**FLEET | {"teu_per_year": 0})

    assert found == {"trains_per_day": 0, "rakes": 0, "wagons": 0}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("teu_per_year", -1),
        ("operating_days", 0),
        ("teu_per_train", 0),
        ("load_factor", 0),
        ("load_factor", 1.2),
        ("cycle_h", 0),
        ("wagons_per_train", 4.5),
        ("spare", -0.1),
    ],
)
def test_an_impossible_fleet_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        wagon_fleet(**FLEET | {name: value})
