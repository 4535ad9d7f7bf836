"""Capacities that change on 1 January of a year."""

from __future__ import annotations

from pathlib import Path

import pytest

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.time.years import in_year
from railsim.scenario import Scenario, load_scenario, overlay
from tests.corridor.fingerprints import fingerprint

SMALL = Path(__file__).parents[1] / "small_corridor.toml"
# by year, and the same said as the one number of the years from 2028 to 2029
CHANGES = [
    ("stations.gate.servers_by_year", {"2028": 7, "2030": 9}, "stations.gate.servers"),
    ("lines.track.tracks_by_year", {"2028": 2, "2030": 1}, "lines.track.tracks"),
    (
        "fleets.rakes.tokens_by_year.town",
        {"2028": 8, "2030": 11},
        "fleets.rakes.tokens.town",
    ),
    (
        "services.train.capacity_teu_by_year",
        {"2028": 90, "2030": 120},
        "services.train.capacity_teu",
    ),
    (
        "services.train.capacity_t_by_year",
        {"2028": 1500.5, "2030": 1800.0},
        "services.train.capacity_t",
    ),
]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


def mark(scenario: Scenario, year: int) -> str:
    """What the plan of a year is known by."""
    return fingerprint(make_plan(scenario, planned_state(scenario), year, Memory()))


def test_each_step_holds_from_its_year_until_the_next() -> None:
    by_year = {"2045": 12, "2035": 8}

    found = [in_year(5, by_year, y) for y in (2026, 2034, 2035, 2044, 2045, 2065)]

    assert found == [5, 5, 8, 8, 12, 12]


def test_capacity_may_fall_too() -> None:
    assert in_year(5, {"2030": 0}, 2031) == 0


@pytest.mark.parametrize(("path", "by_year", "plain"), CHANGES)
def test_a_change_in_a_year_is_the_other_number_in_those_years(
    scenario: Scenario, path: str, by_year: dict[str, float], plain: str
) -> None:
    changed = overlay(scenario, {path: by_year})
    wider = overlay(scenario, {plain: by_year["2028"]})

    assert mark(changed, 2028) == mark(wider, 2028) != mark(scenario, 2028)
    assert mark(changed, 2029) == mark(wider, 2029)


@pytest.mark.parametrize(("path", "by_year"), [change[:2] for change in CHANGES])
def test_years_before_a_change_know_nothing_of_it(
    scenario: Scenario, path: str, by_year: dict[str, float]
) -> None:
    changed = overlay(scenario, {path: by_year})

    assert mark(changed, 2027) == mark(scenario, 2027)


@pytest.mark.parametrize(("path", "by_year", "plain"), CHANGES)
def test_the_last_step_holds_ever_after(
    scenario: Scenario, path: str, by_year: dict[str, float], plain: str
) -> None:
    changed = overlay(scenario, {path: by_year})
    last = overlay(scenario, {plain: by_year["2030"]})

    assert mark(changed, 2044) == mark(last, 2044)
