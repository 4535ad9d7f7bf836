"""The smooth form of what a service leaves behind, against Spitzer's sum."""

from itertools import pairwise

import pytest

from railsim.formulas.gaussian_walk import mean_left_behind_smoothly
from railsim.formulas.spitzer import mean_left_behind


@pytest.mark.parametrize("capacity", [1, 2, 5, 20, 60])
@pytest.mark.parametrize("load", [0.7, 0.8, 0.9, 0.98])
def test_it_is_near_the_sum_where_many_are_left_behind(capacity, load):
    exact = mean_left_behind(load * capacity, capacity)

    found = mean_left_behind_smoothly(load * capacity, float(capacity))

    assert found == pytest.approx(exact, rel=0.05)


@pytest.mark.parametrize("capacity", [1, 3, 12])
def test_at_little_load_it_differs_by_a_tenth_of_nearly_nothing(capacity):
    exact = mean_left_behind(0.3 * capacity, capacity)

    found = mean_left_behind_smoothly(0.3 * capacity, float(capacity))

    assert found == pytest.approx(exact, rel=0.11)


def test_it_does_not_jump_where_the_series_gives_way_to_the_sum():
    # a drift of 1.5 for a capacity of 10 lies at a load near 0.587
    loads = [0.55 + 0.0001 * i for i in range(800)]
    left = [mean_left_behind_smoothly(10.0 * load, 10.0) for load in loads]

    steps = [b / a for a, b in pairwise(left)]

    assert max(steps) < 1.0015
    assert min(steps) > 1.0


def test_nobody_comes_and_nobody_is_left():
    assert mean_left_behind_smoothly(0.0, 5.0) == 0.0
