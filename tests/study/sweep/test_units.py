"""Every number of a study has a unit: of its column, or as the study says."""

import pytest

from railsim.study.files.schema import Output
from railsim.study.sweep.tables import unit_of

RATE = {"table": "cba_summary", "column": "value", "where": {"metric": "eirr"}}


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ({"table": "routes", "column": "tonnes"}, "t"),
        ({"table": "routes", "column": "tonnes", "share_of": {"year": 2030}}, "1"),
        ({**RATE, "unit": "1/y"}, "1/y"),
        (RATE, "as in unit"),
        ({"table": "projects", "column": "value", "unit": "year"}, "year"),
        ({"table": "finance_summary", "column": "value"}, "as in unit"),
    ],
)
def test_an_output_has_the_unit_of_its_column_or_the_one_that_is_said(said, unit):
    assert unit_of(Output(**said)) == unit
