"""Surplus, appraisal and residuals, against identities and flows written out."""

import math

import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.economics import (
    carbon_price,
    enpv_eirr,
    logsum_surplus,
    residual_value,
    rule_of_half,
    switching_values,
)

PROJECT = {
    "capex": [100.0, 200.0],
    "om_first": 10.0,
    "om_growth": 0.1,
    "ben_first": 40.0,
    "ben_growth": 0.5,
    "ben_switch_after": 1,
    "ben_growth2": 0.25,
    "n_oper": 4,
    "residual_share": 0.5,
    "rate": 0.09,
}
FLOWS = [-100, -200, 40 - 10, 60 - 11, 75 - 12.1, 93.75 - 13.31 + 150]
PATH = [[2020, 40], [2030, 50], [2050, 200]]


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e4), st.floats(0, 1e4))
@settings(max_examples=40)
def test_old_and_new_traffic_share_the_whole_surplus(q0, q1, gc0, gc1):
    found = rule_of_half(q0=q0, q1=q1, gc0=gc0, gc1=gc1)

    parts = found["existing"] + found["generated"]
    assert found["total"] == pytest.approx(parts, rel=1e-9, abs=1e-3)


def test_one_route_is_worth_its_saving():
    found = logsum_surplus(
        gc0=[900], asc0=[0.3], gc1=[850], asc1=[0.3], theta=0.004, trips=10
    )

    assert found == pytest.approx({"per_teu": 50, "total": 500})


def test_two_equal_routes_are_worth_ln_two_over_theta():
    found = logsum_surplus(
        gc0=[1e6], asc0=[0], gc1=[1e6, 1e6], asc1=[0, 0], theta=0.002, trips=1
    )

    assert found["per_teu"] == pytest.approx(math.log(2) / 0.002)


def test_a_small_saving_is_worth_the_rule_of_half():
    before, after, theta = [1250.0, 1500.0], [1249.0, 1500.0], 0.004

    def share(gc):
        return 1 / (1 + math.exp(theta * (gc[0] - gc[1])))

    exact = logsum_surplus(
        gc0=before, asc0=[0, 0], gc1=after, asc1=[0, 0], theta=theta, trips=1000
    )
    half = rule_of_half(
        q0=1000 * share(before), q1=1000 * share(after), gc0=1250, gc1=1249
    )

    assert exact["total"] == pytest.approx(half["total"], rel=1e-6)


def test_the_stylised_project_has_the_flows_written_out():
    found = enpv_eirr(**PROJECT)

    worth = npf.npv(0.09, FLOWS)
    assert found["enpv_start"] == pytest.approx(worth)
    assert found["enpv_mid"] == pytest.approx(worth / math.sqrt(1.09))
    assert found["enpv_end"] == pytest.approx(worth / 1.09)
    assert found["eirr"] == pytest.approx(npf.irr(FLOWS))
    assert found["undiscounted"] == pytest.approx(sum(FLOWS))


def test_a_project_without_a_single_rate_says_so():
    found = enpv_eirr(**(PROJECT | {"ben_first": 0, "residual_share": 0}))

    assert math.isnan(found["eirr"])


@given(st.lists(st.floats(1, 1e3) | st.floats(-1e3, -1), min_size=1, max_size=8))
@settings(max_examples=40)
def test_an_item_at_its_switching_value_leaves_nothing(pv):
    found = switching_values(pv=pv)

    for k, switch in enumerate(found["switch"]):
        switched = [v * (1 + switch) if i == k else v for i, v in enumerate(pv)]
        assert math.fsum(switched) == pytest.approx(0, abs=1e-9)


def test_named_items_keep_their_names():
    found = switching_values(pv={"benefits": 6.0, "capex": -4.0, "noise": 0.0})

    assert found["switch"] == {
        "benefits": pytest.approx(-1 / 3),
        "capex": pytest.approx(0.5),
        "noise": math.inf,
    }


@pytest.mark.parametrize(
    ("age", "worth"), [(0, 100), (15, 50), (30, 0), (45, 50), (60, 0), (75, 50)]
)
def test_an_asset_loses_worth_evenly_over_each_life(age, worth):
    assert residual_value(assets=[[100, 30]], age=age) == pytest.approx(worth)


def test_land_keeps_its_cost_and_assets_add_up():
    assets = [[7, None], [5, math.inf], [80, 40]]

    assert residual_value(assets=assets, age=10) == pytest.approx(12 + 60)
    assert residual_value(assets=[], age=10) == 0


def test_a_life_that_floats_cannot_hold_still_ends():
    assert residual_value(assets=[[10, 0.1]], age=0.3) == 0


@pytest.mark.parametrize(
    ("year", "price"),
    [(2010, 40), (2020, 40), (2025, math.sqrt(2000)), (2040, 100), (2052, 200 * 1.21)],
)
def test_the_carbon_price_is_flat_then_geometric_then_growing(year, price):
    found = carbon_price(year=year, anchors=PATH, growth_after=0.1)

    assert found == pytest.approx(price)


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (rule_of_half, {"q0": -1, "q1": 0, "gc0": 0, "gc1": 0}, "q0"),
        (enpv_eirr, PROJECT | {"capex": []}, "capex"),
        (enpv_eirr, PROJECT | {"n_oper": 0}, "n_oper"),
        (enpv_eirr, PROJECT | {"rate": -1}, "rate"),
        (switching_values, {"pv": [math.inf]}, "pv"),
        (residual_value, {"assets": [[1, 0]], "age": 1}, "assets"),
        (residual_value, {"assets": [], "age": -1}, "age"),
        (carbon_price, {"year": 2030, "anchors": [], "growth_after": 0}, "anchors"),
        (
            carbon_price,
            {"year": 2030, "anchors": PATH[::-1], "growth_after": 0},
            "anchors",
        ),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name} must"):
        function(**arguments)


@pytest.mark.parametrize("name", ["gc0", "asc1", "theta", "trips"])
def test_a_wrong_logsum_argument_is_named(name):
    right = {"gc0": [1], "asc0": [0], "gc1": [1], "asc1": [0], "theta": 1, "trips": 1}
    wrong = [math.nan] if name in {"gc0", "asc1"} else -1

    with pytest.raises(ValueError, match=name):
        logsum_surplus(**(right | {name: wrong}))
