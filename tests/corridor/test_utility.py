"""Generalised cost and shares of the engine against the catalogue's formulas."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from railsim.corridor.choosing.learning import calibrate
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.choosing.menus import Menus
from railsim.corridor.choosing.utility import generalised_cost, route_shares, time_costs
from railsim.corridor.choosing.weighing import (
    ChainTimeCosts,
    choose,
    costs_at,
    remembered_costs,
    weigh_times,
)
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.formulas import generalised_cost as textbook_cost
from railsim.formulas import nested_logit_shares
from railsim.scenario import Scenario, load_scenario

SMALL = Path(__file__).parents[1] / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


@pytest.fixture(scope="module")
def plan(scenario: Scenario) -> Plan:
    return make_plan(scenario, planned_state(scenario), 2026, Memory())


@pytest.mark.parametrize(("mean_h", "sd_h"), [(20.0, 5.0), (0.0, 0.0), (700.0, 90.0)])
def test_time_costs_are_those_of_the_catalogue(
    plan: Plan, mean_h: float, sd_h: float
) -> None:
    choices = plan.choices

    ours = time_costs(choices, 0, 0, mean_h, sd_h)

    textbook = textbook_cost(
        legs_usd=[0.0],
        handling_usd=0.0,
        border_usd=0.0,
        dwell_usd=0.0,
        value=18000.0,
        insurance_rate=0.0,
        inventory_rate=0.12,
        decay_per_day=0.01,
        t_days=mean_h / 24.0,
        t_sd=sd_h / 24.0,
        headway_days=0.0,
        sched_usd_per_day=0.0,
        hold_rate=0.2,
        z=1.645,
        demand_per_day=2.0,
        demand_sd=1.0,
    )
    assert ours.inventory == pytest.approx(textbook["inventory"], rel=1e-12)
    assert ours.decay == pytest.approx(textbook["decay"], rel=1e-12)
    assert ours.safety == pytest.approx(textbook["safety"], rel=1e-12)


def test_a_daily_train_costs_half_a_day_of_schedule_delay(plan: Plan) -> None:
    assert time_costs(plan.choices, 0, 0, 30.0, 5.0).schedule == pytest.approx(2.5)


def test_shares_are_the_nested_logit_of_the_catalogue(plan: Plan) -> None:
    costs = [300.0, 450.0, 900.0, 280.0]

    ours = route_shares(plan.choices, 0, [0, 1, 2, 3], costs)

    textbook = nested_logit_shares(
        gc=costs,
        asc=[0.0] * 4,
        theta=0.003,
        nests={"rail": [0, 3], "road": [1], "sea": [2]},
        scale={"rail": 0.6, "road": 1.0, "sea": 1.0},
    )
    assert ours.shares == pytest.approx(textbook["shares"], rel=1e-12)
    assert ours.logsum == pytest.approx(textbook["logsum"], rel=1e-12)


def test_calibrated_constants_reproduce_the_base_year_shares(
    scenario: Scenario, plan: Plan
) -> None:
    memory = calibrate(scenario, plan, Memory())
    taught = make_plan(scenario, planned_state(scenario), 2026, memory)

    costs = remembered_costs(taught)[:3].tolist()
    shares = route_shares(taught.choices, 0, [0, 1, 2], costs).shares

    assert shares == pytest.approx([0.3, 0.6, 0.1], abs=1e-9)


def test_a_new_route_inherits_the_constant_of_its_nest_and_its_opening(
    scenario: Scenario, plan: Plan
) -> None:
    memory = calibrate(scenario, plan, Memory())

    difference = (
        memory.asc["fruit_south", "new_rail"] - memory.asc["fruit_south", "rail"]
    )

    assert difference == pytest.approx(0.2)


def test_a_slower_route_never_costs_less(plan: Plan) -> None:
    costs = [generalised_cost(plan.choices, 0, 1, h, 4.0) for h in (5, 10, 50, 500)]

    assert costs == sorted(costs)
    assert all(math.isfinite(cost) for cost in costs)


def test_all_chains_at_once_cost_what_each_costs_alone(plan: Plan) -> None:
    count = len(plan.choices.offers.asc)
    rng = np.random.default_rng(3)
    mean, sd = rng.uniform(0.0, 900.0, count), rng.uniform(0.0, 90.0, count)
    mean[1] = np.nan

    parts, costs = weigh_times(plan, mean, sd), costs_at(plan, mean, sd)

    for c in range(count):
        f = int(plan.chains.flow[c])
        alone = time_costs(plan.choices, f, c, mean[c], sd[c])
        for name in (field.name for field in fields(ChainTimeCosts)):
            if c != 1:
                assert getattr(parts, name)[c] == getattr(alone, name)
        whole = generalised_cost(plan.choices, f, c, mean[c], sd[c])
        assert costs[c] == pytest.approx(whole, rel=1e-15, nan_ok=True)
    assert np.isnan(parts.schedule[1])


@pytest.mark.parametrize("model", ["nested", "mnl", "aon"])
def test_menus_at_once_are_shared_as_each_is_alone(plan: Plan, model: str) -> None:
    offers = plan.choices.offers
    rng = np.random.default_rng(5)
    asc = rng.normal(0.0, 3.0, len(offers.asc))
    choices = replace(plan.choices, model=model, offers=replace(offers, asc=asc))
    chains = [[0, 1, 2, 3], [0, 2], [1], [3, 1]]
    menus = Menus(
        flow=np.zeros(4, dtype=np.int64),
        weight=np.full(4, 0.25),
        begin=np.array([0, 4, 6, 7, 9]),
        member=np.array([c for menu in chains for c in menu]),
    )
    cost = rng.uniform(0.0, 5000.0, len(asc))
    cost[2] = cost[0]

    chosen = choose(choices, menus, cost)

    alone = [route_shares(choices, 0, m, cost[m].tolist()) for m in chains]
    expected = [share for menu in alone for share in menu.shares]
    assert chosen.shares == pytest.approx(expected, rel=1e-12)
    assert chosen.worth == pytest.approx([menu.logsum for menu in alone], rel=1e-12)
