"""The sides of an appraisal in the words of the scenario."""

from __future__ import annotations

import math

import pytest

from railsim.judging.sides import side_of
from railsim.project.works import Item
from tests.judging.worlds import base, traffic, with_line, without_line, works_of


def test_land_lasts_for_ever_and_all_else_as_long_as_the_scenario_says() -> None:
    case = with_line()

    assets = side_of(case.world, case.works, case.traffic).assets

    components = case.world.projects["lchh"].components
    lives = {item.component: asset.life_years for item, asset in assets.items()}
    assert lives == {
        name: c.life_years if c.life_years is not None else math.inf
        for name, c in components.items()
    }
    assert lives["land"] == math.inf
    split = assets[Item("lchh", "systems")].split
    assert split["traded"] == components["systems"].shadow.traded
    assert math.fsum(split.values()) == pytest.approx(1.0)


def test_trains_pay_for_what_the_first_fleet_pays_for_and_live_as_trains_do() -> None:
    case = with_line()

    vehicles = side_of(case.world, case.works, case.traffic).vehicles

    fleet = case.world.projects["lchh"].components["rolling_stock"].shadow
    assert vehicles.keys() == case.world.vehicles.keys()
    for kind, asset in vehicles.items():
        assert asset.life_years == case.world.vehicles[kind].life_years
        assert asset.split == fleet.model_dump()


def test_sections_share_the_track_of_their_line() -> None:
    world = base()
    project = world.projects["lchh"].model_copy(
        update={"sections": {"lchh": 0.5, "sgr_south": 0.0}}
    )
    opening = world.openings["lchh"].model_copy(update={"opens_year": None})
    split = world.model_copy(
        update={
            "projects": {**world.projects, "lchh": project},
            "openings": {**world.openings, "lchh": opening, "sgr_south": opening},
        }
    )
    works = works_of(split, traffic())

    track_km = side_of(split, works, traffic()).track_km

    assert world.finance is not None
    whole = world.finance.upkeep.track_km["lchh"]
    assert track_km == {"lchh": whole / 2.0, "sgr_south": whole / 2.0}


def test_riders_pay_the_fare_of_their_mean_trip_to_the_operator_that_earns_it() -> None:
    case = with_line()

    riders = side_of(case.world, case.works, case.traffic).riders["lchh"]

    stated = case.world.passengers["lchh"]
    travel = case.works.passengers["lchh"]
    fares = stated.yield_usd_per_passenger_km * travel.passenger_km
    assert riders.fare_usd_per_trip * travel.trips == pytest.approx(fares)
    assert riders.payee == "sgr_operator"
    assert riders.generated_share == stated.generated_share
    saved = 1.2 * 2.5 + 0.5
    assert riders.saving_usd_per_trip == pytest.approx(saved)


def test_a_world_that_builds_nothing_has_nothing_but_traffic() -> None:
    case = without_line()

    side = side_of(case.world, case.works, case.traffic)

    assert (side.assets, side.vehicles, side.track_km, side.riders) == ({}, {}, {}, {})
    assert side.traffic is case.traffic
