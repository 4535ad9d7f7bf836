"""Values laid over a scenario by dotted path, and checked again."""

import random

import pytest

from railsim.scenario import ScenarioError, load_scenario, overlay
from railsim.scenario.checks.checking import check_tables
from railsim.scenario.overlays import lay_over
from railsim.scenario.paths import join_path, walk
from tests.runs import SMALL

from .conftest import MINIMAL


@pytest.fixture(scope="module")
def scenario():
    return load_scenario(MINIMAL)


def test_a_value_is_laid_over_and_the_rest_stays(scenario):
    changed = overlay(scenario, {"stations.gate.servers": 7})

    assert changed.stations["gate"].servers == 7
    assert changed.model_copy(update={"stations": scenario.stations}) == scenario


def test_the_scenario_below_is_untouched(scenario):
    before = str(scenario)

    overlay(scenario, {"routes.R1.steps.0.share": 0.5, "lot_sizes.one.teu": [3, 4]})

    assert str(scenario) == before


def test_an_overlay_of_nothing_gives_an_equal_scenario(scenario):
    assert overlay(scenario, {}) == scenario


def test_numbers_in_a_path_are_positions_of_lists_or_keys_of_tables(scenario):
    values = {"routes.R1.steps.1.share": 1.0, "growth": {"g": {"rate_by_year": {}}}}
    values["growth"]["g"]["rate_by_year"]["2026"] = 0.05
    changed = overlay(scenario, values)

    again = overlay(changed, {"growth.g.rate_by_year.2026": 0.06})

    assert again.routes["R1"].steps[1].share == 1.0
    assert again.growth["g"].rate_by_year == {"2026": 0.06}


def test_a_table_merges_with_the_table_it_meets(scenario):
    changed = overlay(scenario, {"stations.gate": {"servers": 3}})

    assert changed.stations["gate"].place == "hekou"


def test_a_time_of_another_kind_replaces_the_old_one(scenario):
    time = {"dist": "deterministic", "value_h": 1.0}

    assert overlay(scenario, {"stations.gate.time": time}).stations["gate"].time.value_h


def test_an_optional_field_may_be_added_and_taken_away(scenario):
    limited = overlay(scenario, {"stations.gate.room": 5})

    assert limited.stations["gate"].room == 5
    assert overlay(limited, {"stations.gate.room": None}) == scenario


def test_a_new_id_needs_a_table(scenario):
    place = {"name": "X", "country": "VN", "latitude": 1, "longitude": 2}

    assert "x" in overlay(scenario, {"places.x": place}).places
    with pytest.raises(ScenarioError, match="a new id needs a table"):
        overlay(scenario, {"commodities.fruit.chances.red": 0.5})


def test_an_unknown_path_is_refused_with_the_nearest(scenario):
    with pytest.raises(ScenarioError) as caught:
        overlay(scenario, {"stations.gate.server": 7})

    assert str(caught.value) == (
        "overlay stations.gate.server: error[E112] stations.gate.server: "
        "no such path in the scenario\n"
        "  help: did you mean 'stations.gate.servers'?\n"
        "1 error"
    )


def test_all_problems_of_an_overlay_are_told_at_once(scenario):
    values = {"stations.gate.servers": -1, "flows.fruit_south.origin": "hekuo"}

    with pytest.raises(ScenarioError) as caught:
        overlay(scenario, values)

    assert [problem.code for problem in caught.value.problems] == ["E105", "E103"]


def test_amounts_with_units_are_converted(scenario):
    changed = overlay(scenario, {"stations.gate.time.mean_h": "90 min"})

    assert changed.stations["gate"].time.mean_h == 1.5


def test_an_overlay_that_breaks_a_chain_is_refused(scenario):
    with pytest.raises(ScenarioError, match="the route ends at 'hai_phong'"):
        overlay(scenario, {"flows.fruit_south.destination": "hekou"})


def test_every_alternative_can_be_laid_over(scenario):
    worlds = {
        name: overlay(scenario, alternative.overlay)
        for name, alternative in scenario.alternatives.items()
    }

    assert worlds["base"] == scenario
    assert worlds["slow"].stations["gate"].time.mean_h == 1.0


def test_an_alternative_may_be_written_as_nested_tables(write_child):
    child = write_child("[alternatives.slow.overlay.stations.gate]\nservers = 1\n")

    scenario = load_scenario(child)

    overlaid = overlay(scenario, scenario.alternatives["slow"].overlay)
    assert overlaid.stations["gate"].servers == 1


def leaves_of(tables):
    """Dotted path -> value of every leaf, entries of open tables too."""
    return {
        path: value
        for path, value in walk(tables)
        if path and not isinstance(value, dict | list | tuple)
    }


def mistakes(chance, tables):
    """Values laid over one or two random paths, most of them wrong somehow."""
    leaves = leaves_of(tables)
    values = {}
    for path in chance.sample(sorted(leaves, key=str), chance.randint(1, 2)):
        wrong = [leaves[path], "nobody", -1, 0.5, 10**6, True, None, {}, []]
        values[join_path(path)] = chance.choice(wrong)
    if chance.random() < 0.2:
        table = chance.choice(["stations", "places", "openings", "lot_sizes"])
        values[f"{table}.new"] = chance.choice([{}, {"servers": 1}, None, 3])
    return values


@pytest.mark.parametrize("seed", range(8))
def test_what_is_wrong_with_laid_values_is_wrong_with_the_whole_too(seed):
    chance = random.Random(seed)
    scenario = load_scenario(SMALL)
    tables = scenario.model_dump(exclude_unset=True)
    judged = set()
    for _ in range(40):
        values = mistakes(chance, tables)
        checked, problems = lay_over(scenario, tables, values)
        if checked is None:
            continue  # a path that leads nowhere
        whole = check_tables(checked.tables)
        assert {(p.code, p.path) for p in problems} == {
            (f.code, join_path(f.path)) for f in whole.findings
        }
        assert checked.scenario == whole.scenario
        judged.add(checked.scenario is None)

    assert True in judged
