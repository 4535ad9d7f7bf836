"""Who chooses among what: pieces of the year and knowledge of new routes."""

import math

import numpy as np
import pytest

from railsim import formulas
from railsim.corridor.choosing.menus import menus_of_first_day, menus_of_year
from railsim.corridor.choosing.weighing import composite_costs
from tests.engine.networks import plan_of

OPENS, RAMP = 2026.25, 1.5
WORLD = f"""
    [choice]
    model = "mnl"
    [links.old]
    time = {{ dist = "deterministic", value_h = 1.0 }}
    [links.new]
    time = {{ dist = "deterministic", value_h = 1.0 }}
    [openings.line]
    name = "line"
    is_built = true
    opens_year = {OPENS}
    running_in_days = 0
    running_in_speed_factor = 1
    running_in_train_share = 1
    ramp_up_years = {RAMP}
    cost_constant = 0
    [routes.old]
    steps = [{{ link = "old" }}]
    [routes.new]
    steps = [{{ link = "new" }}]
    opening = "line"
    [flows.jobs]
    base_share = {{ old = 1.0, new = 0.0 }}
"""


@pytest.mark.parametrize("year", [2026, 2027, 2031])
def test_the_weight_of_a_new_route_is_the_annual_inclusion(year):
    plan = plan_of(WORLD, year=year)
    expected = formulas.annual_inclusion(year=year, opening=OPENS, tau_r=RAMP)

    assert weight_of_both(menus_of_year(plan)) == pytest.approx(
        expected["weight"], rel=1e-9
    )


def test_all_weights_of_a_flow_sum_to_one():
    plan = plan_of(WORLD)

    assert menus_of_year(plan).weight.sum() == pytest.approx(1.0)


def test_who_decides_on_the_first_day_knows_the_new_route_by_its_age_that_day():
    plan = plan_of(WORLD, year=2031)

    menus = menus_of_first_day(plan)

    assert weight_of_both(menus) == pytest.approx(
        -math.expm1(-(2031 - OPENS) / RAMP), rel=1e-3
    )
    assert menus.weight.sum() == pytest.approx(1.0)


def test_before_it_opens_nobody_has_a_new_route():
    plan = plan_of(WORLD)

    assert menus_of_first_day(plan).member.tolist() == [0]
    assert menus_of_year(plan).member.tolist()[0] == 0
    assert weight_of_both(menus_of_year(plan)) < 0.75


def test_a_second_route_of_equal_cost_is_worth_ln_two_over_theta():
    plan = plan_of(WORLD, year=2031)
    menus = menus_of_year(plan)

    (worth,) = composite_costs(plan, menus, np.array([500.0, 500.0]))

    gain = weight_of_both(menus) * 0.6931471805599453 / 0.003
    assert 500.0 - worth == pytest.approx(gain)


def weight_of_both(menus):
    return menus.weight[np.diff(menus.begin) == 2].sum()
