"""Route choice, against limits, identities and finite differences."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.choice import (
    calibrate_asc,
    calibrate_nested_asc,
    mnl_elasticities,
    mnl_shares,
    nested_logit_shares,
    path_size_factors,
)
from railsim.formulas.rationing import capacitated_mnl, congestion_fixed_point

GC = [1250.0, 1500.0, 1400.0]
ASC = [0.0, 0.3, -0.2]
NESTS = {"land": [0, 1], "sea": [2]}
costs = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3)


@given(costs)
@settings(max_examples=50)
def test_shares_sum_to_one_whatever_the_costs(gc):
    shares = mnl_shares(gc=gc, asc=ASC, theta=0.004)

    assert math.fsum(shares) == pytest.approx(1, abs=1e-14)


@given(costs)
@settings(max_examples=50)
def test_nests_of_scale_one_leave_the_multinomial_logit(gc):
    nested = nested_logit_shares(
        gc=gc, asc=ASC, theta=0.004, nests=NESTS, scale={"land": 1, "sea": 1}
    )

    flat = mnl_shares(gc=gc, asc=ASC, theta=0.004)
    assert nested["shares"] == pytest.approx(flat, abs=1e-12)


def test_a_nest_of_one_route_does_not_feel_its_scale():
    shares = [
        nested_logit_shares(
            gc=GC, asc=ASC, theta=0.004, nests=NESTS, scale={"land": 0.6, "sea": sea}
        )
        for sea in (0.1, 1.0)
    ]

    assert shares[0]["shares"] == pytest.approx(shares[1]["shares"], abs=1e-14)
    assert shares[0]["logsum"] == pytest.approx(shares[1]["logsum"], abs=1e-13)


def test_the_logsum_moves_with_cost_by_minus_theta_times_share():
    def nested(step):
        gc = [GC[0] + step, *GC[1:]]
        scale = {"land": 0.6, "sea": 1}
        return nested_logit_shares(
            gc=gc, asc=ASC, theta=0.004, nests=NESTS, scale=scale
        )

    slope = (nested(0.01)["logsum"] - nested(-0.01)["logsum"]) / 0.02

    assert slope == pytest.approx(-0.004 * nested(0)["shares"][0], rel=1e-7)


def test_indifferent_shippers_share_equally():
    assert mnl_shares(gc=GC, asc=[0, 0, 0], theta=0) == pytest.approx([1 / 3] * 3)


def test_huge_costs_leave_all_to_the_cheapest():
    assert mnl_shares(gc=[1e12, -1e12], asc=[0, 0], theta=1) == [0.0, 1.0]


@given(st.integers(0, 2), st.floats(0.1, 1))
@settings(max_examples=30)
def test_calibrated_constants_return_the_observed_shares(ref, land):
    observed, scale = [0.12, 0.63, 0.25], {"land": land, "sea": 1}

    flat = calibrate_asc(observed=observed, gc=GC, theta=0.004, ref=ref)
    nested = calibrate_nested_asc(
        observed=observed, gc=GC, theta=0.004, nests=NESTS, scale=scale, ref=ref
    )

    back = nested_logit_shares(gc=GC, asc=nested, theta=0.004, nests=NESTS, scale=scale)
    assert (flat[ref], nested[ref]) == (0, 0)
    assert mnl_shares(gc=GC, asc=flat, theta=0.004) == pytest.approx(observed)
    assert back["shares"] == pytest.approx(observed, abs=1e-12)


def test_the_closed_form_is_where_the_contraction_ends():
    observed, scale = [0.12, 0.63, 0.25], {"land": 0.6, "sea": 1.0}
    model = {"gc": GC, "theta": 0.004, "nests": NESTS, "scale": scale}
    asc = [0.0, 0.0, 0.0]
    for _ in range(300):
        shares = nested_logit_shares(asc=asc, **model)["shares"]
        for r, nest in enumerate(["land", "land", "sea"]):
            asc[r] += scale[nest] * math.log(observed[r] / shares[r])
        asc = [a - asc[1] for a in asc]

    closed = calibrate_nested_asc(observed=observed, ref=1, **model)

    assert closed == pytest.approx(asc, abs=1e-10)


@pytest.mark.parametrize("wrt", [0, 1, 2])
def test_elasticities_are_the_slopes_of_log_shares(wrt):
    def log_shares(factor):
        gc = [c * factor if i == wrt else c for i, c in enumerate(GC)]
        return [math.log(s) for s in mnl_shares(gc=gc, asc=ASC, theta=0.004)]

    step = 1e-5
    slopes = [
        (up - down) / (math.log1p(step) - math.log1p(-step))
        for up, down in zip(log_shares(1 + step), log_shares(1 - step), strict=True)
    ]

    found = mnl_elasticities(gc=GC, asc=ASC, theta=0.004, wrt=wrt)
    assert found == pytest.approx(slopes, rel=1e-7)


def test_the_shadow_price_brings_the_flow_down_to_capacity():
    model = {"asc": ASC, "theta": 0.004}
    capped = capacitated_mnl(gc=GC, demand=1000, capacity=300, capped=0, **model)

    priced = mnl_shares(gc=[GC[0] + capped["shadow"], *GC[1:]], **model)

    assert [1000 * share for share in priced] == pytest.approx(capped["flows"])
    assert capped["flows"][0] == 300


@pytest.mark.parametrize("demand", [0, 100, 583.7])
def test_a_capacity_above_the_flow_has_no_price(demand):
    found = capacitated_mnl(
        gc=GC, asc=ASC, theta=0.004, demand=demand, capacity=300, capped=0
    )

    assert found["shadow"] == 0
    assert math.fsum(found["flows"]) == pytest.approx(demand)


@given(st.floats(0, 500), st.floats(0, 0.1), st.floats(0, 1e4))
@settings(max_examples=30)
def test_the_flow_at_rest_reproduces_itself(demand, theta, delay):
    rest = congestion_fixed_point(
        demand=demand,
        theta=theta,
        gc_rail_free=700,
        gc_road=900,
        delay_usd_per_h=delay,
        mu=55,
        msa_iters=0,
    )

    share = 1 / (1 + math.exp(theta * (rest["gc_rail"] - 900)))
    assert rest["x"] == pytest.approx(demand * share, rel=1e-9, abs=1e-9)
    assert rest["gc_rail"] == pytest.approx(
        700 + delay / (55 - min(rest["x"], 0.999 * 55))
    )


def test_successive_averages_draw_near_the_flow_at_rest():
    rest = congestion_fixed_point(
        demand=60,
        theta=0.01,
        gc_rail_free=700,
        gc_road=900,
        delay_usd_per_h=400,
        mu=55,
        msa_iters=2000,
    )

    assert rest["msa"][-1] == pytest.approx(rest["x"], abs=0.05)


def test_shared_links_count_by_the_number_of_their_users():
    factors = path_size_factors(
        routes=[["a", "b"], ["a", "c"], ["d"]], length={"a": 1, "b": 3, "c": 1, "d": 9}
    )

    assert factors == pytest.approx([(0.5 + 3) / 4, (0.5 + 1) / 2, 1])


def test_no_routes_have_no_path_sizes():
    assert path_size_factors(routes=[], length={}) == []


@pytest.mark.parametrize(
    ("function", "changes", "name"),
    [
        (mnl_shares, {"gc": []}, "gc"),
        (mnl_shares, {"theta": -1}, "theta"),
        (mnl_shares, {"gc": [1, math.inf, 2]}, "gc"),
        (mnl_elasticities, {"wrt": 3}, "wrt"),
        (calibrate_asc, {"observed": [0, 0.5, 0.5]}, "observed"),
        (calibrate_asc, {"observed": [0.3, 0.5, 0.5]}, "observed"),
        (nested_logit_shares, {"nests": {"a": [0, 1]}}, "nests"),
        (nested_logit_shares, {"nests": {"a": [0, 1], "b": [1, 2]}}, "nests"),
        (nested_logit_shares, {"scale": {"land": 1.2, "sea": 1}}, "scale"),
        (nested_logit_shares, {"scale": {"land": 1}}, "scale"),
        (capacitated_mnl, {"capacity": 0}, "capacity"),
        (capacitated_mnl, {"theta": 0}, "theta"),
        (congestion_fixed_point, {"mu": 0}, "mu"),
    ],
)
def test_a_wrong_argument_is_named(function, changes, name):
    known = {"gc": GC, "asc": ASC, "theta": 0.004, "wrt": 0, "ref": 0}
    known |= {"observed": [0.2, 0.3, 0.5], "demand": 1000, "capacity": 1, "capped": 0}
    known |= {"nests": NESTS, "scale": {"land": 1, "sea": 1}, "msa_iters": 1}
    known |= {"gc_rail_free": 1, "gc_road": 1, "delay_usd_per_h": 1, "mu": 1}
    wanted = function.__annotations__
    arguments = {k: v for k, v in (known | changes).items() if k in wanted}

    with pytest.raises(ValueError, match=name):
        function(**arguments)
