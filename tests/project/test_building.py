"""Works: everything in one record, nothing twice."""

import math

import numpy as np
import pytest

from railsim.project import Item, build, deliver, luck_of
from railsim.project.fleet import purchases
from railsim.scenario import overlay
from tests.project.traffics import service, traffic
from tests.project.worlds import line, package

COUNT = 40


def trains():
    """Box trains from 2034 on, growing, half a million TEU at last."""
    runs = np.where(np.arange(COUNT) >= 8, 4000.0, 0.0)
    teu = np.where(runs > 0, 10_000.0 * np.arange(COUNT), 0.0)
    running = {"departures": runs, "vehicle_h": 12.0 * runs, "peak_teu": teu}
    return traffic(2026, sgr_container=service(**running))


def built(world):
    return build(world, deliver(world, luck_of(world, 1, 0)), trains())


def test_works_hold_every_component_once():
    works = built(line())

    wanted = {Item("lchh", name) for name in line().projects["lchh"].components}
    assert set(works.spent_usd) == wanted
    assert works.opening == works.deliveries["lchh"].opening
    assert works.halves.count == 2 * COUNT


def test_the_first_fleet_is_paid_out_of_the_project():
    works = built(line())

    bought = purchases(line(), trains())
    gross = math.fsum(p.growth_usd.sum() + p.renewal_usd.sum() for p in bought.values())
    growth = math.fsum(p.growth_usd.sum() for p in bought.values())
    budget = works.spent_usd[Item("lchh", "rolling_stock")].sum()
    beyond = math.fsum(usd.sum() for usd in works.vehicles_usd.values())
    assert growth < budget  # some 60 m against some 450 m
    assert beyond == pytest.approx(gross - growth)


def test_a_project_without_a_line_for_it_buys_all_its_rolling_stock():
    world = overlay(line(), {"projects.lchh.fleet_component": None})

    beyond = math.fsum(usd.sum() for usd in built(world).vehicles_usd.values())

    bought = purchases(world, trains())
    assert beyond == pytest.approx(
        math.fsum(p.growth_usd.sum() + p.renewal_usd.sum() for p in bought.values())
    )


def test_without_anything_built_there_is_nothing():
    works = built(overlay(line(), {"openings.lchh.is_built": False}))

    assert (works.deliveries, works.spent_usd, works.vehicles_usd) == ({}, {}, {})
    assert (works.passengers, works.lender_share_left) == ({}, 1.0)
    assert works.opening == math.inf


def test_only_projects_with_a_forecast_have_passengers():
    works = built(package())

    assert list(works.passengers) == ["lchh"]
    assert works.passengers["lchh"].trips[:7].sum() == 0.0


def test_the_lender_is_asked_only_where_crowding_is():
    crowded = overlay(package(), {"budget.is_crowding": True})

    assert built(package()).lender_share_left == 1.0
    assert 0.3 < built(crowded).lender_share_left < 0.9


def test_traffic_with_a_gap_is_refused():
    deliveries = deliver(line(), luck_of(line(), 1, 0))
    short = traffic(2026, sgr_container=service(departures=[1.0]))

    with pytest.raises(ValueError, match="every year"):
        build(line(), deliveries, short)
