"""Who chooses among what: pieces of the year and knowledge of new routes."""

import pytest

from railsim import formulas
from railsim.corridor.choosing.menus import composite_cost, menus_of_year
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

    weight = sum(m.weight for m in menus_of_year(plan) if m.chains == (0, 1))

    assert weight == pytest.approx(expected["weight"], rel=1e-9)


def test_all_weights_of_a_flow_sum_to_one():
    plan = plan_of(WORLD)

    assert sum(m.weight for m in menus_of_year(plan)) == pytest.approx(1.0)


def test_a_second_route_of_equal_cost_is_worth_ln_two_over_theta():
    plan = plan_of(WORLD, year=2031)
    menus = [m for m in menus_of_year(plan) if len(m.chains) == 2]
    share = sum(menu.weight for menu in menus)

    worth = composite_cost(plan, menus_of_year(plan), lambda _: 500.0)

    assert 500.0 - worth == pytest.approx(share * 0.6931471805599453 / 0.003)
