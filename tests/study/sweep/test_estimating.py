"""Means, chances and differences against formulas and by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from railsim.study.sweep.comparing import difference, quantiles, two_levels
from railsim.study.sweep.estimating import chance_of, mean_of

NUMBERS = np.random.default_rng(1).normal(5.0, 2.0, 40)


def test_a_mean_has_the_interval_of_student():
    found = mean_of(NUMBERS)
    low, high = stats.t.interval(0.95, 39, NUMBERS.mean(), stats.sem(NUMBERS))

    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)


def test_a_single_number_has_no_interval():
    assert mean_of([3.0]).half_width == math.inf
    assert math.isnan(mean_of([]).mean)


def test_a_chance_has_the_half_width_of_wilson():
    found = chance_of([1.0] * 12 + [0.0] * 28)
    interval = stats.binomtest(12, 40).proportion_ci(method="wilson")

    assert found.mean == 0.3
    assert 2 * found.half_width == pytest.approx(interval.high - interval.low)


def test_paired_draws_are_worth_the_variance_they_save():
    found = difference(NUMBERS + 1.0 + 0.01 * NUMBERS, NUMBERS)

    assert found.estimate.mean == pytest.approx(1.0 + 0.01 * NUMBERS.mean())
    assert found.variance_ratio == pytest.approx((1.01**2 + 1.0) / 0.01**2)


def test_equal_differences_have_no_finite_ratio():
    assert math.isnan(difference(NUMBERS + 1.0, NUMBERS).variance_ratio)


def test_draws_without_a_number_are_left_out_of_pairs():
    found = difference(np.array([1.0, np.nan, 3.0]), np.array([0.0, 0.0, np.nan]))

    assert (found.estimate.n, found.estimate.mean) == (1, 1.0)


def test_quantiles_are_linear_between_order_statistics():
    assert quantiles(np.array([1.0, 2.0, 4.0]), (0.25, 0.5, 0.75)) == [1.5, 2.0, 3.0]


def test_two_levels_are_unbiased_for_the_dear_one():
    chance = np.random.default_rng(2)
    cheap = chance.normal(0.0, 1.0, 20_000)
    dear = cheap[:200] + 0.5 + chance.normal(0.0, 0.1, 200)

    found = two_levels(cheap, dear, cheap[:200])

    assert found.mean == pytest.approx(0.5, abs=2.0 * found.half_width)
    assert found.half_width < 0.5 * mean_of(dear).half_width
    together = math.hypot(found.analytic.half_width, found.correction.half_width)
    assert found.half_width == together
