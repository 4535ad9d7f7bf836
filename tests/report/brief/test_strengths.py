"""Words are as strong as the numbers: against the textbook, and never the opposite."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from railsim.report.brief.schema import Claim, Number
from railsim.report.brief.strengths import strength_of
from railsim.results.gates.measuring import Measured, measured_of

LUCK = np.random.default_rng(20260101)
CELL = {"table": "summary", "column": "share"}
DRAWN = {"output": "share"}


def strength(claim, found, told=CELL, **others):
    """The strength of a claim on `x`, with other numbers by name."""
    numbers = {name: Number(**told) for name in ("x", *others)}
    told_claim = Claim.model_validate_json(json.dumps({"number": "x", **claim}))
    return strength_of(told_claim, numbers, {"x": found, **others})


@given(st.floats(-3, 3), st.floats(0.01, 2), st.integers(2, 30))
def test_a_mean_is_on_a_side_as_student_says(mean, error, count):
    chance = stats.t(count - 1).cdf(mean / error)

    found = strength({"above": 0.0}, Measured(mean, error, count))

    expected = "cannot be told"
    if chance >= 0.975:
        expected = "is"
    elif chance <= 0.025:
        expected = "is not"
    elif chance >= 0.8:
        expected = "is likely"
    assert found == expected


@given(st.floats(-3, 3), st.floats(0.0, 2), st.integers(2, 30))
def test_above_and_below_are_never_both_so(mean, error, count):
    found = Measured(mean, error, count)

    said = {strength({side: 0.0}, found) for side in ("above", "below")}

    assert said in (
        {"is", "is not"},
        {"is likely", "cannot be told"},
        {"cannot be told"},
    )


def test_without_an_interval_nothing_can_be_told():
    assert strength({"above": 0.0}, Measured(1e9, np.nan, 1)) == "cannot be told"


def test_what_is_the_same_in_all_replications_is():
    assert strength({"above": 1.0}, Measured(1.1, 0.0, 5)) == "is"
    assert strength({"below": 1.0}, Measured(1.1, 0.0, 5)) == "is not"


def test_two_numbers_are_compared_under_the_same_luck():
    luck = LUCK.normal(10.0, 5.0, 5)
    first = measured_of(luck + 0.1 + LUCK.normal(0.0, 0.001, 5))

    assert strength({"above": "y"}, first, y=measured_of(luck)) == "is"
    bare = Measured(float(luck.mean()), float(luck.std(ddof=1) / 5**0.5), 5)
    assert strength({"above": "y"}, first, y=bare) == "cannot be told"


@pytest.mark.parametrize(
    ("hits", "of", "said"),
    [
        (100, 100, "is"),
        (32, 32, "is likely"),
        (97, 100, "is likely"),
        (85, 100, "cannot be told"),
        (50, 100, "cannot be told"),
        (0, 100, "is not"),
        (3, 3, "cannot be told"),
    ],
)
def test_of_a_sweep_the_share_of_futures_counts(hits, of, said):
    draws = np.where(np.arange(of) < hits, 1.0, -1.0)

    assert strength({"above": 0.0}, measured_of(draws), DRAWN) == said


def test_of_a_sweep_two_outputs_are_compared_future_by_future():
    base = LUCK.normal(0.0, 100.0, 200)

    found = strength(
        {"above": "y"}, measured_of(base + 1.0), DRAWN, y=measured_of(base)
    )

    assert found == "is"


def test_the_limit_is_in_the_unit_that_is_shown():
    numbers = {"x": Number(**CELL, factor=100.0)}
    claim = Claim(number="x", above=20.0)

    assert strength_of(claim, numbers, {"x": Measured(0.25, 0.001, 5)}) == "is"
    assert strength_of(claim, numbers, {"x": Measured(0.15, 0.001, 5)}) == "is not"
