"""The JSON Schema that editors use."""

import jsonschema
import pytest

from railsim.scenario import resolve
from railsim.scenario.jsonschema import child_schema, scenario_schema

from .conftest import MINIMAL

WHOLE = jsonschema.Draft202012Validator(scenario_schema())
CHILD = jsonschema.Draft202012Validator(child_schema())


@pytest.mark.parametrize("validator", [WHOLE, CHILD])
def test_both_schemas_are_schemas(validator):
    validator.check_schema(validator.schema)


@pytest.mark.parametrize("validator", [WHOLE, CHILD])
def test_a_complete_scenario_fits_both(validator):
    assert validator.is_valid(resolve(MINIMAL).tables)


def test_a_child_fits_only_the_schema_of_children():
    time = {"mean_h": "6 min"}
    child = {"extends": ["base.toml"], "stations": {"gate": {"time": time}}}

    assert CHILD.is_valid(child)
    assert not WHOLE.is_valid(child)


@pytest.mark.parametrize(
    "child",
    [
        {"stations": {"gate": {"servrs": 3}}},
        {"stations": {"gate": {"servers": -3}}},
        {"stations": {"gate": {"servers": "many"}}},
        {"extends": 3},
        {"links": {"road": {"mode": "rode"}}},
    ],
)
def test_mistakes_are_seen_by_the_editor(child):
    assert not CHILD.is_valid(child)


def test_descriptions_carry_the_unit_and_the_usual_range():
    fields = scenario_schema()["$defs"]["Economy"]["properties"]

    text = fields["cny_per_usd"]["description"]

    assert text == "exchange rate [CNY/USD], usually 5 to 9"
