"""Spells, anchors and the years between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.horizon.years import anchored_alike, horizon_of, spells
from railsim.scenario import Scenario, load_scenario, overlay

SMALL = Path(__file__).parents[1] / "small_corridor.toml"
LONG = {"run.last_year": 2040, "run.simulate_years": "anchors"}


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return overlay(load_scenario(SMALL), LONG)


def opened(scenario: Scenario, year: float, running_in_days: float) -> Scenario:
    change = {
        "openings.new_line.opens_year": year,
        "openings.new_line.running_in_days": running_in_days,
    }
    return overlay(scenario, change)


@pytest.mark.parametrize(
    ("opens_year", "running_in_days", "expected"),
    [
        (2030.5, 30.0, [(2026, 2029), (2030, 2030), (2031, 2040)]),
        (2030.9, 90.0, [(2026, 2029), (2030, 2030), (2031, 2031), (2032, 2040)]),
        (2030.0, 0.0, [(2026, 2029), (2030, 2040)]),
        (2030.0, 30.0, [(2026, 2029), (2030, 2030), (2031, 2040)]),
        (2026.5, 0.0, [(2026, 2026), (2027, 2040)]),
        (2055.0, 30.0, [(2026, 2040)]),
        (2020.0, 30.0, [(2026, 2040)]),
    ],
)
def test_a_spell_ends_where_the_network_changes(
    scenario: Scenario,
    opens_year: float,
    running_in_days: float,
    expected: list[tuple[int, int]],
) -> None:
    found = spells(opened(scenario, opens_year, running_in_days))

    assert [(s[0], s[-1]) for s in found] == expected


def test_a_second_track_begins_a_spell_and_more_servers_do_not(
    scenario: Scenario,
) -> None:
    wider = overlay(
        scenario,
        {
            "openings.new_line.is_built": False,
            "lines.track.tracks_by_year": {"2035": 2},
            "stations.gate.servers_by_year": {"2033": 9},
        },
    )

    assert [(s[0], s[-1]) for s in spells(wider)] == [(2026, 2034), (2035, 2040)]


def test_a_year_of_shock_or_closure_by_date_stands_alone(scenario: Scenario) -> None:
    shocked = overlay(
        scenario,
        {"growth.steady.shocks": {"2034": 0.6}, "openings.new_line.is_built": False},
    )

    assert [(s[0], s[-1]) for s in spells(shocked)] == [
        (2026, 2033),
        (2034, 2034),
        (2035, 2040),
    ]


def test_anchors_are_the_ends_of_spells_the_listed_years_and_the_lags(
    scenario: Scenario,
) -> None:
    world = overlay(
        opened(scenario, 2030.5, 30.0),
        {"run.anchor_years": [2036, 2044], "run.anchor_lags_years": [3]},
    )

    horizon = horizon_of(world)

    assert horizon.simulated == (2026, 2029, 2030, 2031, 2033, 2036, 2040)
    assert horizon.between[2027] == (2026, 2029)
    assert horizon.between[2035] == (2033, 2036)
    assert dict(horizon.beside) == {2033: (2031, 2036), 2036: (2033, 2040)}


def test_a_world_without_the_line_has_no_anchors_for_it(scenario: Scenario) -> None:
    built = overlay(scenario, {"run.anchor_lags_years": [3]})
    unbuilt = overlay(built, {"openings.new_line.is_built": False})

    assert horizon_of(unbuilt).simulated == (2026, 2040)


@given(
    opens_year=st.floats(2020.0, 2050.0),
    running_in_days=st.floats(0.0, 1500.0),
    anchors=st.lists(st.integers(2020, 2045), max_size=4),
    lags=st.lists(st.integers(0, 9), max_size=3),
)
def test_every_year_is_simulated_once_or_lies_between_two_that_are(
    scenario: Scenario,
    opens_year: float,
    running_in_days: float,
    anchors: list[int],
    lags: list[int],
) -> None:
    world = overlay(
        opened(scenario, opens_year, running_in_days),
        {"run.anchor_years": anchors, "run.anchor_lags_years": lags},
    )

    horizon = horizon_of(world)

    assert horizon.reported == tuple(range(2026, 2041))
    for year, (before, after) in (*horizon.between.items(), *horizon.beside.items()):
        assert before < year < after
        assert {before, after} <= set(horizon.simulated)
        assert not before < opens_year < after


def test_years_before_the_openings_of_two_worlds_are_made_alike(
    scenario: Scenario,
) -> None:
    worlds = [
        overlay(scenario, {"openings.new_line.is_built": False}),
        opened(scenario, 2032.5, 30.0),
        opened(scenario, 2034.5, 30.0),
    ]

    never, early, late = (horizon_of(world) for world in anchored_alike(worlds))

    for one, other, last in ((never, early, 2031), (never, late, 2033)):
        before = range(2026, last + 1)
        assert [y for y in one.simulated if y in before] == [
            y for y in other.simulated if y in before
        ]
        assert [one.between.get(y) for y in before] == [
            other.between.get(y) for y in before
        ]


def test_closed_forms_are_interpolated_only_if_that_is_asked_for(
    scenario: Scenario,
) -> None:
    analytic = overlay(scenario, {"run.fidelity": "analytic"})
    asked = overlay(analytic, {"run.simulate_years": "interpolated"})

    assert horizon_of(analytic).between == {}
    assert horizon_of(asked) == horizon_of(scenario)
    assert horizon_of(asked).between != {}


def test_a_study_that_interpolates_gives_each_world_its_own_anchors(
    scenario: Scenario,
) -> None:
    asked = overlay(scenario, {"run.simulate_years": "interpolated"})
    worlds = [opened(asked, 2032.5, 30.0), opened(asked, 2034.5, 30.0)]

    assert anchored_alike(worlds) == worlds
