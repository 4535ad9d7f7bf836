"""Inputs that differ, and scenarios between two."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.results.comparing.inputs import changes_of, laid_over
from railsim.scenario import load_scenario, scenario_of
from tests.runs import SMALL

KEYS = st.sampled_from(["a", "b", "c", "kind"])
LEAVES = st.one_of(
    st.booleans(), st.integers(0, 3), st.sampled_from(["x", "y"]), st.floats(0, 1)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=8,
)
TABLES = st.dictionaries(st.sampled_from(["x", "y"]), VALUES)


def changes(before, after):
    """What differs between two tables."""
    return list(changes_of(before, after, ()))


@given(TABLES, TABLES)
def test_all_changes_laid_over_the_first_give_the_second(before, after):
    kept = copy.deepcopy(before)

    found = changes(before, after)

    assert laid_over(before, found) == after
    assert before == kept
    assert changes(laid_over(before, found), after) == []


@given(TABLES)
def test_equal_tables_do_not_differ(tables):
    assert changes(tables, copy.deepcopy(tables)) == []


@given(TABLES, TABLES)
def test_turned_round_the_same_paths_differ(before, after):
    there = [c.path for c in changes(before, after)]

    assert {tuple(p) for p in there} == {c.path for c in changes(after, before)}


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": True}, [("a",)]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 3, "c": 2}}, [("a", "b")]),
        ({"a": {"b": 1}}, {}, [("a",)]),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 5}]}, [("a", 1, "b")]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, [("a",)]),
        ({"a": [1, 2]}, {"a": [1, 3]}, [("a",)]),
        ({"a": {"kind": "x", "b": 1}}, {"a": {"kind": "y", "b": 1}}, [("a",)]),
    ],
)
def test_a_table_of_another_kind_or_that_one_lacks_is_one_input(before, after, paths):
    assert [change.path for change in changes(before, after)] == paths


def test_a_scenario_of_tables_is_that_of_its_file():
    scenario = load_scenario(SMALL)

    assert scenario_of(scenario.model_dump(exclude_unset=True)) == scenario
