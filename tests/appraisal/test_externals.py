"""External costs by hand, the worked chain of emissions, prices of carbon and life."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from railsim.appraisal.effects.externals import (
    book_externals,
    built_t_co2e,
    carbon_prices,
    life_usd,
)
from railsim.appraisal.emissions import emissions_of_year
from railsim.appraisal.ledger import Entry
from railsim.corridor.fares import fares_of
from railsim.errors import InputError
from railsim.formulas import carbon_price
from railsim.scenario import load_scenario, overlay
from railsim.scenario.schema.worth.appraisal import Appraisal, LifeByTransfer
from railsim.traffic import Leg
from tests.appraisal.worlds import scenario, series, side, traffic, works
from tests.runs import SMALL
from tests.sources import PACKAGE

BASE = PACKAGE.parent / "scenarios" / "base.toml"


def frame_of(changes: dict[str, object] | None = None) -> Appraisal:
    frame = scenario(changes).appraisal
    assert frame is not None
    return frame


def test_the_worked_chain_emits_what_it_should() -> None:
    """WE-29: two legs with a hub before each, in a country of their own."""
    lines = (PACKAGE / "worked_examples.jsonl").read_text(encoding="utf-8").splitlines()
    (example,) = [e for e in map(json.loads, lines) if e["id"] == "WE-29"]
    (km1, g1), (km2, g2) = example["in"]["legs"]
    hub = example["in"]["hubs"][0]
    changes = {
        "links.road_north.length_km": km1,
        "links.road_south.length_km": km2,
        "links.road_south.emission": "ship",
        "emissions.truck.g_co2e_per_t_km": g1,
        "emissions.ship.g_co2e_per_t_km": g2,
        "stations.gate.hub_kg_co2e_per_t": hub,
        "stations.inspection.hub_kg_co2e_per_t": hub,
        "commodities.ore.chances.red": 1.0,
    }
    world = overlay(load_scenario(SMALL), changes)
    ways = [(fare.name, fare.route) for fare in fares_of(world)]

    legs = emissions_of_year(world, 2028)[ways.index(("ore_north", "road"))]
    kg = math.fsum(leg.kg_co2e_per_t for leg in legs)

    assert kg == pytest.approx(example["out"]["kg_per_t"], rel=1e-9)
    total = kg * example["in"]["tonnes"] / 1000
    assert total == pytest.approx(example["out"]["tonnes_co2e"], rel=1e-9)


def test_carbon_costs_its_price_wherever_it_is_emitted() -> None:
    world = side(traffic(t_co2e={"VN": series(3.0), "XX": series(7.0)}))

    ledger = book_externals(frame_of(), world)

    assert ledger[Entry("carbon", "public", "VN")] == pytest.approx(-series(100.0))
    assert ledger[Entry("carbon", "public", "global")] == pytest.approx(-series(900.0))


def test_prices_of_carbon_are_those_of_the_catalogue_in_money_of_the_price_year() -> (
    None
):
    frame = load_scenario(BASE).appraisal
    assert frame is not None
    years = np.arange(2026, 2046)

    prices = {p: carbon_prices(frame.carbon, years, p) for p in ("low", "high")}

    anchors = [(2020, 40.0), (2030, 50.0)]
    expected = [
        1.27 * carbon_price(year=y, anchors=anchors, growth_after=0.0225)
        for y in years.tolist()
    ]
    assert prices["low"] == pytest.approx(expected)
    assert prices["high"] == pytest.approx(2 * prices["low"])


def test_a_life_is_worth_a_multiple_of_income_or_a_transfer_of_it() -> None:
    transfer = LifeByTransfer(
        rule="transfer",
        base_usd=8e6,
        base_gdp_per_head_usd=80_000.0,
        income_elasticity=1.5,
        gdp_per_head_usd={"VN": 5000.0},
    )

    assert life_usd(frame_of().life, "VN") == 350_000.0
    assert life_usd(transfer, "VN") == pytest.approx(8e6 / 16**1.5)
    with pytest.raises(InputError, match="no entry for LA"):
        life_usd(transfer, "LA")


def test_trucks_cost_lives_health_and_roads_where_they_drive() -> None:
    """1e6 laden km, half as many empty, 2e-8 deaths a km at 350,000 US$ each."""
    changes: dict[str, object] = {
        "road.empty_km_per_laden_km": 0.5,
        "road.fatalities_per_truck_km": 2e-8,
        "road.air_pollution_usd_per_t_km": 0.01,
        "road.wear_usd_per_t_km": 0.004,
    }
    carried = traffic(
        truck_km={"VN": series(1e6)},
        t_km={Leg("road", "VN"): series(2e7), Leg("rail", "VN"): series(9e9)},
    )

    ledger = book_externals(frame_of(changes), side(carried))

    found = {(e.item, e.party): a[0] for e, a in ledger.items() if a.any()}
    assert found == {
        ("accidents", "public"): pytest.approx(-1.5e6 * 2e-8 * 350_000),
        ("air pollution", "public"): pytest.approx(-200_000.0),
        ("road wear", "treasury"): pytest.approx(-80_000.0),
    }


def test_emissions_of_building_follow_its_spending_and_sum_to_all() -> None:
    frame = frame_of({"carbon.construction_t_per_km": 1000.0})
    built = works({"all": series(30.0, 10.0, 0.0)}, opening=2029.0)

    emitted = built_t_co2e(frame, side(traffic(), built, track_km=400.0))

    assert emitted[:3] == pytest.approx([300_000.0, 100_000.0, 0.0])
