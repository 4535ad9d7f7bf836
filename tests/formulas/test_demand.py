import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.demand import (
    annual_inclusion,
    cost_elastic_demand,
    empty_moves,
    gdp_forecast,
    logistic_from_two_points,
    nhpp_arrivals,
    round_up,
    stowage,
)


def test_income_elasticity_one_grows_with_income():
    found = gdp_forecast(base=200, growth=[0.1, -0.5], elasticity=1)

    assert found == pytest.approx([220, 110])


def test_constant_growth_is_a_power():
    found = gdp_forecast(base=10, growth=[0.06] * 30, elasticity=1.3)

    assert found[-1] == pytest.approx(10 * 1.06 ** (30 * 1.3), rel=1e-13)


def test_no_growth_rates_give_no_volumes():
    assert gdp_forecast(base=10, growth=[], elasticity=1) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", -1),
        ("base", math.nan),
        ("growth", [0.1, -1]),
        ("growth", [0.1, True]),
        ("growth", 0.1),
        ("elasticity", math.inf),
    ],
)
def test_a_forecast_of_nonsense_is_refused(name, value):
    good = {"base": 1, "growth": [0.05], "elasticity": 1}

    with pytest.raises(ValueError, match=name):
        gdp_forecast(**good | {name: value})


def test_demand_of_elasticity_minus_one_keeps_its_outlay():
    found = cost_elastic_demand(q0=100, gc0=50, gc1=80, elasticity=-1)

    assert found * 80 == pytest.approx(100 * 50)


@pytest.mark.parametrize(
    ("name", "value"), [("q0", -1), ("gc0", 0), ("gc1", -3), ("elasticity", None)]
)
def test_elastic_demand_of_nonsense_is_refused(name, value):
    good = {"q0": 1, "gc0": 1, "gc1": 1, "elasticity": -1}

    with pytest.raises(ValueError, match=name):
        cost_elastic_demand(**good | {name: value})


@given(
    t1=st.floats(-5, 5),
    span=st.floats(0.1, 10),
    p1=st.floats(0.01, 0.99),
    p2=st.floats(0.01, 0.99),
)
@settings(deadline=None)
def test_the_logistic_passes_through_its_points(t1, span, p1, p2):
    if abs(p1 - p2) < 1e-6:
        return

    found = logistic_from_two_points(
        t1=t1, p1=p1, t2=t1 + span, p2=p2, eval_at=[t1, t1 + span]
    )

    assert found["values"] == pytest.approx([p1, p2], rel=1e-6)


def test_the_logistic_is_flat_far_away():
    found = logistic_from_two_points(
        t1=0, p1=0.1, t2=1, p2=0.9, eval_at=[-1e6, 0.5, 1e6]
    )

    assert found["values"] == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("p1", 0),
        ("p1", -0.1),
        ("p2", 1),
        ("p2", 0.1),
        ("t2", 0.5),
        ("t1", math.nan),
        ("eval_at", [math.inf]),
    ],
)
def test_points_of_no_logistic_are_refused(name, value):
    good = {"t1": 0.5, "p1": 0.1, "t2": 5, "p2": 0.9, "eval_at": [1]}

    with pytest.raises(ValueError, match=name):
        logistic_from_two_points(**good | {name: value})


def test_heavy_goods_are_limited_by_payload():
    found = stowage(
        tonnes=43, density_t_m3=2, payload_t=21.5, volume_m3=33.2, fill=0.85
    )

    assert found == {"t_per_teu": 21.5, "teu": 2.0, "boxes": 2}


def test_rounding_errors_need_no_box_of_their_own():
    found = stowage(
        tonnes=0.1 + 0.2, density_t_m3=1, payload_t=0.1, volume_m3=5, fill=1
    )

    assert found["teu"] > 3
    assert found["boxes"] == 3


@pytest.mark.parametrize(("quantity", "whole"), [(0, 0), (1e-9, 1), (3, 3), (3.1, 4)])
def test_quantities_are_rounded_up(quantity, whole):
    assert round_up(quantity) == whole


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tonnes", -1),
        ("density_t_m3", 0),
        ("payload_t", 0),
        ("volume_m3", -1),
        ("fill", 0),
        ("fill", 1.1),
    ],
)
def test_impossible_boxes_are_refused(name, value):
    good = {
        "tonnes": 1,
        "density_t_m3": 1,
        "payload_t": 1,
        "volume_m3": 1,
        "fill": 1,
    }

    with pytest.raises(ValueError, match=name):
        stowage(**good | {name: value})


@given(st.lists(st.floats(0, 0.999), max_size=20), st.floats(0.1, 10))
@settings(deadline=None)
def test_arrivals_at_one_rate_are_sums_of_exponential_gaps(uniforms, rate):
    found = nhpp_arrivals(breaks=[2, 1e6], rates=[rate], uniforms=uniforms)

    gaps = [-math.log(1 - uniform) / rate for uniform in uniforms]
    sums = [2 + math.fsum(gaps[: count + 1]) for count in range(len(gaps))]
    assert found == pytest.approx(sums, rel=1e-12)


@given(
    rates=st.lists(st.sampled_from([0, 0.5, 3]), min_size=1, max_size=6),
    uniforms=st.lists(st.floats(0, 0.999), max_size=15),
)
@settings(deadline=None)
def test_the_cumulated_rate_at_arrivals_is_the_sum_of_gaps(rates, uniforms):
    breaks = list(range(len(rates) + 1))
    found = nhpp_arrivals(breaks=breaks, rates=rates, uniforms=uniforms)

    gaps = [-math.log1p(-uniform) for uniform in uniforms]
    sums = [math.fsum(gaps[: count + 1]) for count in range(len(gaps))]
    cumulated = [
        math.fsum(rate * min(1, max(0, t - start)) for start, rate in enumerate(rates))
        for t in found
    ]
    assert cumulated == pytest.approx(sums[: len(found)], abs=1e-9)
    assert found == sorted(found)
    assert all(total > sum(rates) - 1e-9 for total in sums[len(found) :])


def test_nobody_arrives_while_the_rate_is_zero():
    found = nhpp_arrivals(breaks=[0, 5, 6], rates=[0, 1], uniforms=[0, 0.5, 1, 0.1])

    assert found == pytest.approx([5, 5 + math.log(2)])


@pytest.mark.parametrize("rates", [[0, 0], []])
def test_without_a_rate_there_are_no_arrivals(rates):
    breaks = list(range(len(rates) + 1))

    assert nhpp_arrivals(breaks=breaks, rates=rates, uniforms=[0.1, 0]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("breaks", [0, 1]),
        ("breaks", [0, 2, 1]),
        ("breaks", [0, 1, 1]),
        ("rates", [1, -1]),
        ("uniforms", [0.5, 1.5]),
        ("uniforms", [math.nan]),
    ],
)
def test_arrivals_of_nonsense_are_refused(name, value):
    good = {"breaks": [0, 1, 2], "rates": [1, 1], "uniforms": [0.5]}

    with pytest.raises(ValueError, match=name):
        nhpp_arrivals(**good | {name: value})


@given(st.floats(0, 1e6), st.floats(0, 1e6))
@settings(deadline=None)
def test_boxes_out_equal_boxes_in(loaded_out, loaded_in):
    found = empty_moves(loaded_out=loaded_out, loaded_in=loaded_in)

    assert loaded_out + found["empty_out"] == pytest.approx(
        loaded_in + found["empty_in"]
    )
    assert min(found["empty_out"], found["empty_in"]) == 0
    assert 0 <= found["empty_share"] <= 0.5


def test_one_way_traffic_runs_half_empty():
    found = empty_moves(loaded_out=0, loaded_in=30)

    assert found == {"empty_out": 30, "empty_in": 0, "empty_share": 0.5}


def test_no_traffic_has_no_empties():
    assert empty_moves(loaded_out=0, loaded_in=0)["empty_share"] == 0


@pytest.mark.parametrize("name", ["loaded_out", "loaded_in"])
def test_fewer_than_no_boxes_are_refused(name):
    with pytest.raises(ValueError, match=name):
        empty_moves(**{"loaded_out": 1, "loaded_in": 1} | {name: -1})


@pytest.mark.parametrize("year", [2030, 2031])
def test_nobody_knows_a_line_before_it_opens(year):
    found = annual_inclusion(year=year, opening=2032, tau_r=1.5)

    assert set(found.values()) == {0}


def test_the_year_of_opening_counts_its_open_part():
    found = annual_inclusion(year=2032, opening=2032.25, tau_r=1.5)

    assert found["open_fraction"] == 0.75
    assert found["tau_mid"] == 0.375
    assert found["weight"] == pytest.approx(0.75 * (1 - math.exp(-0.25)))


def test_without_a_ramp_everyone_knows_at_once():
    found = annual_inclusion(year=2032, opening=2032.25, tau_r=0)

    assert found["weight"] == 0.75


def test_a_very_slow_ramp_keeps_its_digits():
    found = annual_inclusion(year=2032, opening=2032, tau_r=1e15)

    assert found["ramp"] == pytest.approx(0.5e-15, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "value"), [("year", 2032.5), ("opening", math.nan), ("tau_r", -1)]
)
def test_inclusion_of_nonsense_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        annual_inclusion(**{"year": 2032, "opening": 2032, "tau_r": 1} | {name: value})
