"""Tariffs and the shipper's bill, against the model's table and plain arithmetic."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.tariffs import (
    cn_rail_container,
    cn_rail_wagon,
    generalised_cost,
    safety_stock_cost,
    tiered_charge,
    truck_trip_cost,
)

TIERS = [[3, 5], [7, 10], [None, 20]]
CHAINS = {
    "R1": (388, 0.2, 0.45 * 396.5 + 65, 60, 35, 0, 2.0, 0.5, 0.5),
    "R2": (388, 0.2, 0.40 * 389 + 65, 100, 45, 10, 4.5, 1.5, 0.5),
    "R3": (0, None, 490 + 62, 20, 40, 0, 2.2, 0.9, 0),
    "R4": (0, None, 540, 0, 40, 0, 1.4, 0.6, 0),
    "R5": (950, 0.3, 220 + 102, 90, 40, 15, 8.5, 2.2, 3.5),
}
SANITY = {
    7_500: (0, (545.1255, 594.9051, 647.8084, 611.6484, 847.2260)),
    45_000: (0, (715.8333, 828.6362, 826.8505, 769.8902, 1178.0611)),
    24_000: (0.01, (1154.2072, 1811.0954, 1248.8213, 1014.9337, 3330.9179)),
    250_000: (0, (1649.0363, 2106.3660, 1805.6141, 1634.9454, 2986.6261)),
}


def bill(chain: str, value: float, decay: float) -> dict[str, float]:
    km, discount, rest, handling, border, dwell, days, sd, headway = CHAINS[chain]
    legs = [rest]
    if discount is not None:
        freight = cn_rail_container(km=km, box="20", discount=discount, with_fund=True)
        legs.append(freight["total"] / 7.2)
    return generalised_cost(
        legs_usd=legs,
        handling_usd=handling,
        border_usd=border,
        dwell_usd=dwell,
        value=value,
        insurance_rate=0.003,
        inventory_rate=0.12,
        decay_per_day=decay,
        t_days=days,
        t_sd=sd,
        headway_days=headway,
        sched_usd_per_day=5,
        hold_rate=0.2,
        z=1.645,
        demand_per_day=2,
        demand_sd=1,
    )


@pytest.mark.parametrize("value", SANITY)
def test_the_sanity_table_of_the_model_is_reproduced(value):
    decay, totals = SANITY[value]

    found = [bill(chain, value, decay)["total"] for chain in CHAINS]

    assert found == pytest.approx(totals, abs=6e-5)  # printed to four decimals


@pytest.mark.parametrize("chain", CHAINS)
def test_the_parts_of_a_generalised_cost_sum_to_its_total(chain):
    parts = bill(chain, 24_000, 0.01)
    total = parts.pop("total")

    assert math.fsum(parts.values()) == pytest.approx(total, rel=1e-15)


def test_without_headway_or_spread_only_demand_needs_a_stock():
    costs = safety_stock_cost(
        value=100,
        hold_rate=0.365,
        z=2,
        lead_days=9,
        lead_sd=0,
        demand_per_day=5,
        demand_sd=4,
    )

    assert costs["ss_units"] == pytest.approx(2 * 3 * 4)
    assert costs["cost_per_unit"] == pytest.approx(0.1 * 24 / 5)


def test_a_container_pays_base_and_distance_less_discount_and_full_fund():
    price = cn_rail_container(km=100, box="40", discount=0.5, with_fund=True)

    assert price == pytest.approx({"freight": 477.7, "fund": 112.2, "total": 589.9})


def test_a_full_discount_leaves_the_fund_alone():
    price = cn_rail_wagon(
        km=1000, tonnes=60, tariff_no=4, fund_per_tkm=0.033, discount=1
    )

    assert price == {"freight": 0, "fund": pytest.approx(1980), "total": price["fund"]}


def test_a_wagon_without_discount_pays_its_tariff_by_weight():
    price = cn_rail_wagon(km=500, tonnes=10, tariff_no=2, fund_per_tkm=0, discount=0)

    assert price["total"] == pytest.approx(10 * (9.5 + 43))


@pytest.mark.parametrize(
    ("days", "charge"),
    [(0, 0), (3, 0), (3.01, 5), (6, 15), (7, 25), (10, 55), (10.5, 75), (12, 95)],
)
def test_tiers_charge_begun_days_after_the_free_ones(days, charge):
    assert tiered_charge(days=days, free_days=3, tiers=TIERS) == charge


@given(st.floats(0, 400), st.floats(0, 400))
@settings(max_examples=50)
def test_a_longer_stay_never_costs_less(first, second):
    charges = [
        tiered_charge(days=days, free_days=3, tiers=TIERS)
        for days in sorted((first, second))
    ]

    assert charges == sorted(charges)


def test_a_stay_beyond_the_last_tier_has_no_price():
    with pytest.raises(ValueError, match="tiers"):
        tiered_charge(days=9, free_days=0, tiers=[[8, 5]])


def test_a_truck_trip_adds_fuel_road_time_and_border():
    trip = truck_trip_cost(
        km_loaded=200,
        km_empty=100,
        fuel_l_per_100km_loaded=35,
        fuel_l_per_100km_empty=25,
        fuel_price=1,
        toll_per_km=0.2,
        other_per_km=0.1,
        hours=10,
        driver_per_h=3,
        capital_per_h=7,
        border_fixed=15,
        markup=0.1,
        payload_t=20,
    )

    assert trip["cost"] == pytest.approx(70 + 25 + 90 + 100 + 15)
    assert trip["price"] == pytest.approx(330)
    assert trip["price_per_tkm"] == pytest.approx(330 / 4000)


@pytest.mark.parametrize(
    ("name", "value"),
    [("km", -1), ("km", math.nan), ("km", True), ("box", "45"), ("discount", 1.1)],
)
def test_a_wrong_container_argument_is_named(name, value):
    arguments = {"km": 1, "box": "20", "discount": 0, "with_fund": False}

    with pytest.raises(ValueError, match=name):
        cn_rail_container(**(arguments | {name: value}))


@pytest.mark.parametrize("tiers", [[[3, -1]], [[3, 1], [3, 2]], [[None, 1], [5, 1]]])
def test_wrong_tiers_are_refused(tiers):
    with pytest.raises(ValueError, match="tiers"):
        tiered_charge(days=1, free_days=0, tiers=tiers)
