"""What a lot pays, by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from railsim.corridor.costs import charges, trucks_per_teu
from railsim.corridor.routes import visits_of_flow
from railsim.corridor.storage import storage_usd_per_teu
from railsim.scenario import Scenario, load_scenario, overlay

SMALL = Path(__file__).parents[1] / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


def money(scenario: Scenario, flow: str, route: str) -> dict[str, float]:
    """Charges of a route by cause."""
    found: dict[str, float] = {}
    visits = visits_of_flow(scenario, scenario.flows[flow], route)
    for charge in charges(scenario, scenario.flows[flow], route, visits):
        found[charge.cause] = found.get(charge.cause, 0.0) + charge.usd_per_teu
    return found


def test_a_train_charges_its_length_and_its_terminals(scenario: Scenario) -> None:
    assert money(scenario, "fruit_south", "rail") == pytest.approx(
        {"line_haul": 0.5 * 400 + 40, "insurance": 0.003 * 1500 * 12}
    )


def test_a_truck_is_shared_by_two_light_boxes_or_one_long_one(
    scenario: Scenario,
) -> None:
    assert trucks_per_teu(scenario, scenario.flows["fruit_south"]) == 0.5


def test_a_heavy_box_has_a_truck_to_itself(scenario: Scenario) -> None:
    heavy = overlay(scenario, {"commodities.fruit.tonnes_per_teu": 20.0})

    assert trucks_per_teu(heavy, heavy.flows["fruit_south"]) == 0.5 + 0.25


def test_bulk_fills_trucks_by_its_tonnes(scenario: Scenario) -> None:
    assert trucks_per_teu(scenario, scenario.flows["ore_north"]) == 20 / 25


def test_border_charges_count_by_the_share_that_meets_them(scenario: Scenario) -> None:
    lot_fee = 100_000 / 25_000 / (0.4 + 0.6 + 0.8 + 1.0)
    red_fee = 0.1 * 100

    found = money(scenario, "fruit_south", "road")

    assert found["border"] == pytest.approx(lot_fee + red_fee)


def test_sea_freight_follows_the_mix_of_boxes(scenario: Scenario) -> None:
    found = money(scenario, "fruit_south", "sea")

    assert found["ocean"] == pytest.approx(0.5 * 600 + 0.25 * 900)
    assert found["insurance"] == pytest.approx(0.003 * 18000 * 0.5)


def test_bulk_pays_by_the_tonne_and_not_by_the_box(scenario: Scenario) -> None:
    assert money(scenario, "ore_north", "sea")["ocean"] == pytest.approx(30.0 * 20)


def test_prices_in_yuan_follow_the_exchange_rate(scenario: Scenario) -> None:
    dear = overlay(scenario, {"economy.cny_per_usd": 3.5})

    before = money(scenario, "fruit_south", "road")["line_haul"]

    assert money(dear, "fruit_south", "road")["line_haul"] == pytest.approx(2 * before)


@pytest.mark.parametrize(
    ("days", "usd"), [(0.0, 0.0), (1.0, 0.0), (1.2, 5.0), (4.0, 15.0), (6.0, 35.0)]
)
def test_storage_grows_by_tiers_after_the_free_time(
    scenario: Scenario, days: float, usd: float
) -> None:
    clock = scenario.storage["port_clock"]

    charged = storage_usd_per_teu(clock, float(math.ceil(days)), scenario.economy)

    assert charged == pytest.approx(usd)
