import math

import numpy as np
import pytest

from railsim.formulas import checks

NOT_NUMBERS = [math.nan, math.inf, -math.inf, True, False, "1", None, [1], 1j, 10**400]
GUARDS = {
    "finite": checks.require_finite,
    "positive": checks.require_positive,
    "nonnegative": checks.require_nonnegative,
    "share": checks.require_share,
    "at least": lambda name, value: checks.require_at_least(name, value, -5),
    "count": lambda name, value: checks.require_count(name, value, 0),
}


@pytest.mark.parametrize("value", [*NOT_NUMBERS, np.bool_(True), np.float64("nan")])
@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())
def test_what_is_no_finite_number_is_refused_by_name(guard, value):
    with pytest.raises(ValueError, match="toll"):
        guard("toll", value)


@pytest.mark.parametrize("value", [1, 1.0, np.float64(1), np.int64(1)])
@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS.keys())
def test_one_passes_every_guard(guard, value):
    assert guard("toll", value) is None


@pytest.mark.parametrize(
    ("guard", "value"),
    [
        ("positive", 0),
        ("nonnegative", -1e-9),
        ("share", 1.0000001),
        ("share", -0.1),
        ("at least", -5.1),
        ("count", 1.5),
        ("count", -1),
    ],
)
def test_a_value_out_of_range_is_refused_with_what_was_found(guard, value):
    with pytest.raises(ValueError, match=rf"toll must .*found {value}"):
        GUARDS[guard]("toll", value)


def test_lists_of_one_length_pass():
    checks.require_same_length(gc=[1, 2], asc=(3, 4))


def test_lists_of_unequal_length_are_named():
    with pytest.raises(ValueError, match="gc and asc must be equally long"):
        checks.require_same_length(gc=[1, 2], asc=[3])


@pytest.mark.parametrize("value", ["text", 3, {"a": 1}, None])
def test_what_is_no_list_is_refused(value):
    with pytest.raises(ValueError, match="lots must be a list"):
        checks.require_sequence("lots", value)


@pytest.mark.parametrize("value", [[], (1, 2), np.array([1.0])])
def test_lists_tuples_and_arrays_are_lists(value):
    checks.require_sequence("lots", value)


def test_only_true_and_false_are_booleans():
    checks.require_boolean("overtake", True)
    checks.require_boolean("overtake", np.bool_(False))
    with pytest.raises(ValueError, match="overtake"):
        checks.require_boolean("overtake", 1)
