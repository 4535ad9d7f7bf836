"""How much is shipped, and on which days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from railsim.corridor.demand import day_weights, lots_per_day, tonnes_of_year
from railsim.corridor.time.clock import (
    day_of_date,
    months_of_days,
    span_of,
    weekdays_of_days,
    years_of_days,
)
from railsim.corridor.time.hours import new_year_day
from railsim.scenario import Scenario, load_scenario, overlay

SMALL = Path(__file__).parents[1] / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


def test_tonnes_grow_with_income_to_the_power_of_its_elasticity(
    scenario: Scenario,
) -> None:
    tonnes = tonnes_of_year(scenario, scenario.flows["ore_north"], 2028, cost_ratio=1.0)

    assert tonnes == pytest.approx(60000 * 1.05 ** (3 * 0.6))


def test_dearer_transport_reduces_tonnes_by_its_elasticity(scenario: Scenario) -> None:
    flow = scenario.flows["fruit_south"]

    ratio = tonnes_of_year(scenario, flow, 2026, cost_ratio=1.1) / tonnes_of_year(
        scenario, flow, 2026, cost_ratio=1.0
    )

    assert ratio == pytest.approx(1.1**-0.6)


def test_a_shock_touches_its_year_only(scenario: Scenario) -> None:
    shocked = overlay(scenario, {"growth.steady.shocks": {"2027": 0.6}})
    flow = shocked.flows["ore_north"]

    tonnes = [
        tonnes_of_year(s, flow, year, cost_ratio=1.0)
        for s in (scenario, shocked)
        for year in (2026, 2027, 2028)
    ]

    assert tonnes[3] == tonnes[0]
    assert tonnes[4] == pytest.approx(0.6 * tonnes[1])
    assert tonnes[5] == tonnes[2]


@pytest.mark.parametrize("year", [2026, 2028])
def test_the_days_of_a_year_hold_the_year_exactly(
    scenario: Scenario, year: int
) -> None:
    span = span_of(year, warmup_days=14.0, drain_days=21.0)
    flow = scenario.flows["fruit_south"]

    lots = lots_per_day(scenario, flow, span, 120_000.0)

    assert len(lots) == 14 + (366 if year == 2028 else 365)
    assert lots[14:].sum() == pytest.approx(120_000 / 12 / 2.8, rel=1e-12)


def test_the_trough_lies_where_the_moon_puts_new_year(scenario: Scenario) -> None:
    days = [date(2027, 2, d) for d in range(1, 15)]
    numbers = np.array([day_of_date(day) for day in days])

    weights = day_weights(scenario.seasons["harvest"], numbers)

    assert new_year_day(2027, 7.0) == date(2027, 2, 6)
    low = [day for day, weight in zip(days, weights, strict=True) if weight < 0.2]
    assert low == [date(2027, 2, d) for d in range(3, 12)]


def test_without_a_season_all_days_are_alike() -> None:
    assert np.array_equal(day_weights(None, np.array([0, 185])), [1.0, 1.0])


def test_numbered_days_know_their_year_month_and_weekday() -> None:
    days = np.arange(-800, 16_000, 5)
    dates = [date.fromordinal(date(2026, 1, 1).toordinal() + d) for d in days.tolist()]

    assert years_of_days(days).tolist() == [day.year for day in dates]
    assert months_of_days(days).tolist() == [day.month for day in dates]
    assert weekdays_of_days(days).tolist() == [day.weekday() for day in dates]
