"""The rule by which the base world grows: what is too full gets the least it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from railsim.scenario import Scenario, load_scenario, overlay
from scripts.do_minimum import FULL, enlarged

SMALL = Path(__file__).parent / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


def test_what_is_not_too_full_stays(scenario: Scenario) -> None:
    assert dict(enlarged(scenario, {("stations.gate", 2040): FULL})) == {}


def test_a_station_grows_from_the_step_whose_last_year_is_too_full(
    scenario: Scenario,
) -> None:
    """Three servers 90 % used do the work of 2.7: at 85 % that takes 3.18."""
    found = dict(enlarged(scenario, {("stations.gate", 2045): 0.9}))

    assert found == {"stations.gate.servers_by_year": {"2041": 4}}


def test_nothing_shrinks_when_a_later_year_needs_less(scenario: Scenario) -> None:
    wider = overlay(scenario, {"stations.gate.servers_by_year": {"2036": 9}})
    use = {("stations.gate", 2040): 0.2, ("stations.gate", 2045): 0.9}

    found = dict(enlarged(wider, use))

    assert found == {"stations.gate.servers_by_year": {"2036": 9, "2041": 10}}


def test_a_step_that_needs_no_more_than_the_last_says_nothing(
    scenario: Scenario,
) -> None:
    use = {("stations.gate", 2040): 1.0, ("stations.gate", 2045): 1.0}

    found = dict(enlarged(scenario, use))

    assert found == {"stations.gate.servers_by_year": {"2036": 4}}


def test_tokens_and_loads_grow_in_whole_units(scenario: Scenario) -> None:
    use = {
        ("fleets.rakes@town", 2040): 0.95,
        ("services.train.capacity_t", 2040): 0.9,
    }

    assert dict(enlarged(scenario, use)) == {
        "fleets.rakes.tokens_by_year.town": {"2036": 4},
        "services.train.capacity_t_by_year": {"2036": 1280},
    }
