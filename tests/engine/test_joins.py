"""Pairing the rows of a log."""

import numpy as np

from railsim.engine.measuring.joins import granted_at, occurrence, time_of


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_a_grant_answers_the_last_request_before_it():
    asked = granted_at(
        ints(7, 7, 7),
        ints(2, 2, 2),
        ints(10, 20, 50),
        ints(7, 7),
        ints(2, 2),
        ints(30, 60),
    )

    assert asked.tolist() == [-1, 30, 60]


def test_a_grant_at_the_instant_of_the_request_answers_it():
    asked = granted_at(ints(1), ints(0), ints(5), ints(1), ints(0), ints(5))

    assert asked.tolist() == [5]


def test_other_units_and_marks_are_not_confused():
    asked = granted_at(
        ints(1, 1, 2), ints(0, 1, 0), ints(5, 6, 7), ints(2, 1), ints(0, 1), ints(9, 8)
    )

    assert asked.tolist() == [-1, 8, 9]


def test_a_pair_that_is_missing_has_no_time():
    found = time_of(ints(1, 2), ints(3, 3), ints(2), ints(3), ints(11))

    assert found.tolist() == [-1, 11]


def test_occurrences_count_within_a_unit():
    assert occurrence(ints(4, 5, 4, 4, 5)).tolist() == [0, 0, 1, 2, 1]
