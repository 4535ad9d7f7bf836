"""Indices from any draws: regression, PAWN and delta, and what chance alone reaches."""

import numpy as np
import pytest
from SALib.analyze import delta as their_delta
from SALib.analyze import pawn as their_pawn
from scipy.stats import norm

from railsim.errors import InputError
from railsim.study.analysis.explaining.distances import delta, pawn
from railsim.study.analysis.explaining.regression import regress
from railsim.study.analysis.inputs import as_inputs, ranks_of, slices_of
from tests.study.analysis.models import NAMES, ishigami, lay

PROBLEM = {"num_vars": 3, "names": list(NAMES), "bounds": [[0, 1]] * 3}


def drawn(count=2048, seed=3):
    u = lay("lhs", NAMES, count, seed, within="random").u
    return as_inputs(dict(zip(NAMES, u.T, strict=True))), u


def values(found):
    return [index.estimate.value for index in found]


def test_a_straight_answer_is_explained_by_its_slopes():
    inputs, u = drawn()

    plain, ranked = regress(inputs, u @ [3.0, -4.0, 0.0], seed=1)

    assert plain.r2 == pytest.approx(1.0)
    assert values(plain.indices)[:2] == pytest.approx([0.6, -0.8], abs=0.02)
    assert [i.is_noise for i in plain.indices][:2] == [False, False]
    assert ranked.r2 > 0.95


def test_slopes_times_correlations_sum_to_what_the_line_explains():
    inputs, u = drawn()
    y = u @ [3.0, -4.0, 1.0] + 0.3 * norm.ppf(drawn(seed=9)[1][:, 0])

    plain, _ = regress(inputs, y, seed=1)

    ties = [np.corrcoef(column, y)[0, 1] for column in u.T]
    assert values(plain.indices) @ np.array(ties) == pytest.approx(plain.r2)


def test_a_curve_is_straight_on_ranks():
    inputs, u = drawn()

    plain, ranked = regress(inputs, np.exp(12 * u[:, 0]), seed=1)

    assert plain.indices == ()
    assert ranked.r2 == pytest.approx(1.0)
    assert values(ranked.indices)[0] == pytest.approx(1.0)


def test_a_line_that_explains_little_gives_no_coefficients():
    inputs, u = drawn()

    assert [r.indices for r in regress(inputs, ishigami(u), seed=1)] == [(), ()]


def test_words_and_constants_have_no_slope():
    inputs = as_inputs(
        {"a": np.linspace(0, 1, 50), "word": ["x", "y"] * 25, "same": [4.0] * 50}
    )

    plain, _ = regress(inputs, np.linspace(0, 2, 50), seed=1)

    assert plain.left_out == ("word", "same")


def test_another_library_finds_the_same_distances_of_distributions():
    inputs, u = drawn(4000)
    y = ishigami(u)

    ours = values(pawn(inputs, y, seed=1))

    known = their_pawn.analyze(PROBLEM, u, y, S=10)["median"]
    assert ours == pytest.approx(known, abs=0.01)


def test_another_library_finds_like_areas_between_densities():
    inputs, u = drawn(1024)
    y = ishigami(u)

    ours = values(delta(inputs, y, seed=1))

    # its kernel smooths: with so many draws it lies 0.03 to 0.07 below the integral
    known = their_delta.analyze(PROBLEM, u, y, 4, method="delta", seed=1)
    found = np.array(known["delta_balanced"], dtype=float)
    assert ours == pytest.approx(found, abs=0.08)
    assert np.argmax(ours) == np.argmax(found) == 1


@pytest.mark.parametrize("correlation", [0.5, 0.9])
def test_delta_is_the_area_between_two_bells(correlation):
    inputs, u = drawn(8192)
    one, other = norm.ppf(u[:, 0]), norm.ppf(u[:, 1])
    y = correlation * one + np.sqrt(1 - correlation**2) * other

    found = delta(inputs, y, seed=1)[0].estimate

    assert found.value == pytest.approx(area_between_bells(correlation), abs=0.02)


def area_between_bells(correlation):
    """Half the mean distance between a bell and the bell once x is known."""
    y = np.linspace(-6, 6, 4001)
    spread = np.sqrt(1 - correlation**2)
    x = norm.ppf((np.arange(2000) + 0.5) / 2000)
    apart = [np.abs(norm.pdf(y) - norm.pdf(y, correlation * k, spread)) for k in x]
    return np.mean(apart) * (y[-1] - y[0]) / 2


@pytest.mark.parametrize("measure", [pawn, delta])
def test_inputs_without_influence_are_seldom_shown(measure):
    shown = []
    for seed in range(10):
        inputs, _ = drawn(300, seed)
        y = drawn(300, 100 + seed)[1][:, 0]
        shown += [not index.is_noise for index in measure(inputs, y, seed=seed)]

    assert np.mean(shown) < 0.2  # 5 % are expected of 30


@pytest.mark.parametrize("measure", [pawn, delta])
def test_words_count_as_groups(measure):
    inputs = as_inputs({"word": ["x", "y"] * 200, "number": drawn(400)[1][:, 0]})
    y = np.where(inputs.column("word") == 1, 1.0, 0.0) + 0.1 * drawn(400, 5)[1][:, 0]

    word, number = measure(inputs, y, seed=1)

    assert not word.is_noise
    assert number.is_noise


@pytest.mark.parametrize("measure", [pawn, delta])
def test_too_few_draws_and_flat_answers_are_refused(measure):
    inputs, _ = drawn(100)

    with pytest.raises(InputError, match="does not vary"):
        measure(inputs, np.ones(100), seed=1)
    with pytest.raises(InputError, match="50 draws are needed"):
        measure(inputs, np.arange(10.0), seed=1)


def test_a_regression_of_nothing_is_refused():
    with pytest.raises(InputError, match="that vary"):
        regress(drawn(100)[0], np.ones(100), seed=1)
    with pytest.raises(InputError, match="more draws"):
        regress(drawn(5)[0], np.arange(5.0), seed=1)


def test_ties_share_their_mean_rank():
    assert ranks_of(np.array([[5.0], [1.0], [5.0]]))[:, 0].tolist() == [2.5, 1.0, 2.5]


def test_slices_are_equally_full_and_keep_ties_together():
    spread = slices_of(np.linspace(0, 1, 100), 10)
    tied = slices_of(np.repeat([3.0, 1.0, 2.0], [50, 30, 20]), 10)

    assert np.bincount(spread).tolist() == [10] * 10
    assert np.bincount(tied).tolist() == [30, 20, 50]
