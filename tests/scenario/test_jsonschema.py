"""The JSON Schema that editors use."""

import jsonschema
import pytest

from railsim.scenario import resolve
from railsim.scenario.jsonschema import child_schema, scenario_schema

from .conftest import MINIMAL


@pytest.fixture(scope="module")
def tables():
    return resolve(MINIMAL).tables


def test_both_schemas_are_schemas():
    jsonschema.Draft202012Validator.check_schema(scenario_schema())
    jsonschema.Draft202012Validator.check_schema(child_schema())


def test_a_complete_scenario_fits_both(tables):
    jsonschema.validate(tables, scenario_schema())
    jsonschema.validate(tables, child_schema())


def test_a_child_fits_only_the_schema_of_children():
    child = {
        "extends": ["base.toml"],
        "stations": {"gate": {"time": {"mean_h": "6 min"}}},
    }

    jsonschema.validate(child, child_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(child, scenario_schema())


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
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(child, child_schema())


def test_descriptions_carry_the_unit_and_the_usual_range():
    fields = scenario_schema()["$defs"]["Economy"]["properties"]

    text = fields["cny_per_usd"]["description"]

    assert text == "exchange rate [CNY/USD], usually 5 to 9"
