"""Rank correlations reach their targets, and only what is tied together moves."""

import numpy as np
import pytest
from scipy import stats

from railsim import formulas
from railsim.errors import InputError
from railsim.study.uncertainty.correlation import (
    correlate,
    lower_triangle,
    nearest_correlation,
    remarks_on,
    targets_of,
)
from railsim.study.uncertainty.together import Pair

NAMES = ["cost", "delay", "growth", "fuel"]
TIED = [
    Pair(one="cost", other="delay", rank_correlation=0.6),
    Pair(one="delay", other="growth", rank_correlation=-0.3),
]
TORN = [("cost", "fuel", 0.9), ("fuel", "delay", 0.9), ("cost", "delay", -0.9)]
OPPOSED = [
    Pair(one=one, other=other, rank_correlation=-0.6)
    for one, other in (("cost", "delay"), ("delay", "growth"), ("cost", "growth"))
]


def uniforms(count, seed=3):
    return np.random.Generator(np.random.PCG64(seed)).random((count, 4))


def test_a_copula_reaches_its_rank_correlations():
    found = correlate(uniforms(100_000), NAMES, TIED, "copula")

    ranks = stats.spearmanr(found).statistic
    wanted = np.eye(4)
    wanted[0, 1] = wanted[1, 0] = 0.6
    wanted[1, 2] = wanted[2, 1] = -0.3
    assert np.abs(ranks - wanted).max() < 0.01


def test_iman_and_conover_reach_theirs_with_few_draws():
    found = correlate(uniforms(500), NAMES, TIED, "iman_conover")

    ranks = stats.spearmanr(found).statistic
    assert ranks[0, 1] == pytest.approx(0.6, abs=0.01)
    assert ranks[1, 2] == pytest.approx(-0.3, abs=0.01)


@pytest.mark.parametrize("method", ["copula", "iman_conover"])
def test_columns_stay_as_uniform_as_before(method):
    found = correlate(uniforms(20_000), NAMES, TIED, method)

    assert all(stats.kstest(column, "uniform").pvalue > 0.001 for column in found.T)


def test_iman_and_conover_keep_the_values_of_each_column():
    u = uniforms(300)

    found = correlate(u, NAMES, TIED, "iman_conover")

    assert np.array_equal(np.sort(found, axis=0), np.sort(u, axis=0))


def test_a_factor_tied_to_nobody_keeps_its_numbers():
    u = uniforms(200)

    found = correlate(u, NAMES, TIED, "copula")

    assert np.array_equal(found[:, [0, 3]], u[:, [0, 3]])
    assert not np.any(found[:, 1] == u[:, 1])


def test_two_tied_numbers_are_the_pair_of_the_catalogue():
    rank = 0.482583739531
    pair = Pair(one="cost", other="delay", rank_correlation=rank)

    found = correlate(np.array([[0.9, 0.4]]), ["cost", "delay"], [pair], "copula")

    known = formulas.copula_pair(u1=0.9, u2=0.4, rho=0.5)
    assert found[0] == pytest.approx([known["v1"], known["v2"]], rel=1e-9)


def test_impossible_correlations_are_repaired_to_the_nearest_and_told():
    targets = targets_of(NAMES, OPPOSED)

    possible = targets[0].possible
    assert np.linalg.eigvalsh(possible).min() > -1e-9
    assert possible[0, 1] == pytest.approx(-0.5, abs=1e-6)
    assert "impossible together" in remarks_on(targets)[0]


def test_the_nearest_correlations_are_those_of_higham():
    matrix = np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]])

    found = nearest_correlation(matrix)

    # Higham 2002, section 4
    assert found[0, 1] == pytest.approx(0.7607, abs=5e-5)
    assert found[0, 2] == pytest.approx(0.1573, abs=5e-5)


def test_a_triangle_times_itself_is_the_matrix_again():
    matrix = np.array([[1.0, 0.5, 0.5], [0.5, 1.0, 1.0], [0.5, 1.0, 1.0]])

    lower = lower_triangle(matrix)

    assert lower @ lower.T == pytest.approx(matrix)


def test_full_correlation_makes_two_columns_one():
    pair = Pair(one="cost", other="fuel", rank_correlation=1.0)

    found = correlate(uniforms(100), NAMES, [pair], "copula")

    assert found[:, 3] == pytest.approx(found[:, 0])


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("cost", "benzine", 0.5)], "benzine: it is not an uncertain path"),
        ([("cost", "cost", 0.5)], "with itself"),
        ([("cost", "fuel", 0.5), ("fuel", "cost", 0.4)], "two correlations"),
        (TORN, "contradict each other"),
    ],
)
def test_wrong_pairs_are_refused_in_one_line(pairs, message):
    read = [Pair(one=a, other=b, rank_correlation=r) for a, b, r in pairs]

    with pytest.raises(InputError, match=message):
        correlate(uniforms(10), NAMES, read, "copula")


def test_reordering_needs_more_draws_than_factors():
    with pytest.raises(InputError, match="needs more than 3 draws"):
        correlate(uniforms(3), NAMES, TIED, "iman_conover")
