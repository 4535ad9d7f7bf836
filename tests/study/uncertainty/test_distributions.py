"""Quantiles of every distribution, against scipy's and against chance itself."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from scipy import stats

from railsim.study.uncertainty.distributions import Distribution
from railsim.study.uncertainty.probabilities import cdf
from railsim.study.uncertainty.quantiles import part_of, ppf, split_shares
from railsim.study.uncertainty.together import Split

READER = TypeAdapter(Distribution)
SIGNIFICANCE = 0.001

# What we write, and the same in scipy's words.
SMOOTH = {
    "uniform": ({"low": 2.0, "high": 5.0}, stats.uniform(2, 3)),
    "triangular": ({"low": 1.0, "mode": 2.0, "high": 6.0}, stats.triang(0.2, 1, 5)),
    "pert": ({"low": 1.0, "mode": 2.0, "high": 6.0}, stats.beta(1.8, 4.2, 1, 5)),
    "normal": ({"mean": 3.0, "sd": 2.0}, stats.norm(3, 2)),
    "lognormal": ({"median": 2.0, "sigma": 0.5}, stats.lognorm(0.5, scale=2)),
    "beta": (
        {"alpha": 2.0, "beta": 0.5, "low": -1.0, "high": 3.0},
        stats.beta(2, 0.5, -1, 4),
    ),
    "gamma": ({"shape": 1.5, "scale": 2.0, "low": 1.0}, stats.gamma(1.5, 1, 2)),
    "exponential": ({"low": 1.0, "mean_above": 3.0}, stats.expon(1, 3)),
    "weibull": (
        {"shape": 1.7, "scale": 2.0, "low": 0.5},
        stats.weibull_min(1.7, 0.5, 2),
    ),
}
SPLICED = {
    "dist": "spliced",
    "mean": 1.39,
    "threshold": 1.5,
    "p_tail": 0.28,
    "tail_mean": 2.16,
    "low": 0.8,
}
BELL = {"dist": "normal", "mean": 0.0, "sd": 1.0}
OTHER_KINDS = [
    SPLICED,
    BELL | {"low": -0.5, "high": 2.0},
    {"dist": "truncated", "of": SPLICED, "high": 5.0},
    {
        "dist": "mixture",
        "drawn": "pooled",
        "parts": (
            {"weight": 0.3, "of": BELL},
            {"weight": 0.7, "of": {"dist": "uniform", "low": 1.0, "high": 4.0}},
        ),
    },
    {"dist": "empirical", "values": (3.0, 1.0, 2.0, 7.0), "between": "linear"},
]
THREE = {"dist": "discrete", "values": (1, 2, 3), "probabilities": (0.2, 0.3, 0.5)}
TRAFFIC = ("growth", "bust", 3.0)


def read(**written):
    return READER.validate_python(written)


def uniforms(count, seed=11):
    return np.random.Generator(np.random.PCG64(seed)).random(count)


@pytest.mark.parametrize("dist", SMOOTH)
def test_quantiles_agree_with_another_library(dist):
    written, theirs = SMOOTH[dist]
    ours = read(dist=dist, **written)
    u = np.linspace(0.001, 0.999, 333)

    assert ppf(ours, u) == pytest.approx(theirs.ppf(u), rel=1e-9)
    assert cdf(ours, theirs.ppf(u)) == pytest.approx(u, rel=1e-9)


@pytest.mark.parametrize("dist", SMOOTH)
def test_draws_pass_the_test_of_kolmogorov_and_smirnov(dist):
    written, theirs = SMOOTH[dist]

    draws = ppf(read(dist=dist, **written), uniforms(100_000))

    assert stats.kstest(draws, theirs.cdf).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("written", OTHER_KINDS, ids=lambda w: w["dist"])
def test_probabilities_undo_their_quantiles(written):
    distribution = read(**written)
    u = np.linspace(0.001, 0.999, 500)

    assert cdf(distribution, ppf(distribution, u)) == pytest.approx(u, abs=1e-12)


@pytest.mark.parametrize("written", OTHER_KINDS, ids=lambda w: w["dist"])
def test_draws_of_the_other_kinds_spread_as_they_should(written):
    distribution = read(**written)

    draws = ppf(distribution, uniforms(100_000))

    found = stats.kstest(draws, lambda x: cdf(distribution, np.asarray(x)))
    assert found.pvalue > SIGNIFICANCE


def test_values_of_a_discrete_distribution_come_as_often_as_they_should():
    weights = (0.5, 0.2, 0.3)
    ours = read(dist="discrete", values=TRAFFIC, probabilities=weights)

    draws = ppf(ours, uniforms(100_000)).tolist()

    counts = [draws.count(value) for value in TRAFFIC]
    expected = [100_000 * weight for weight in weights]
    assert stats.chisquare(counts, expected).pvalue > SIGNIFICANCE


def test_steps_through_observations_show_each_as_often():
    ours = read(dist="empirical", values=(4.0, 1.0, 9.0), between="step")

    draws = ppf(ours, uniforms(90_000))

    counts = [np.sum(draws == value) for value in (1.0, 4.0, 9.0)]
    assert stats.chisquare(counts).pvalue > SIGNIFICANCE


def test_lines_between_observations_are_quantiles_of_type_seven():
    values = (3.0, 1.0, 2.0, 7.0)
    ours = read(dist="empirical", values=values, between="linear")

    assert ppf(ours, np.array([0.1, 0.5, 0.85])) == pytest.approx(
        np.quantile(values, [0.1, 0.5, 0.85])
    )


def test_true_comes_with_its_probability():
    draws = ppf(read(dist="bernoulli", p=0.3), uniforms(100_000))

    assert set(draws.tolist()) == {True, False}
    assert np.mean(draws.astype(float)) == pytest.approx(0.3, abs=0.005)


@pytest.mark.parametrize(
    "written",
    [
        {"mean": 1.447, "sd": 0.384},
        {"mean": 1.39, "q": 1.57, "p": 0.8},
        {"q1": 1.4, "p1": 0.5, "q2": 1.57, "p2": 0.8},
    ],
)
def test_a_lognormal_has_the_moments_that_it_was_given(written):
    ours = read(dist="lognormal", **written)
    draws = ppf(ours, (np.arange(200_000) + 0.5) / 200_000)

    if "mean" in written:
        assert np.mean(draws) == pytest.approx(written["mean"], rel=1e-3)
    if "sd" in written:
        assert np.std(draws) == pytest.approx(written["sd"], rel=1e-2)
    for q, p in (("q", "p"), ("q1", "p1"), ("q2", "p2")):
        if q in written:
            assert cdf(ours, np.array([written[q]])) == pytest.approx(written[p])


@pytest.mark.parametrize(
    ("of", "low", "high", "kept"),
    [
        (THREE, 2, 3, {2: 0.375, 3: 0.625}),
        ({"dist": "const", "value": 4}, 1, 4, {4: 1.0}),
    ],
)
def test_what_lies_on_the_cut_is_kept(of, low, high, kept):
    ours = read(dist="truncated", of=of, low=float(low), high=float(high))

    draws = ppf(ours, (np.arange(8000) + 0.5) / 8000)

    assert {x: np.mean(draws == x) for x in kept} == pytest.approx(kept, abs=1e-3)
    assert set(draws) == set(kept)


def test_a_mixture_drawn_by_part_tells_whose_value_it_is():
    part = {"dist": "uniform", "low": 10.0, "high": 11.0}
    parts = ({"weight": 0.25, "of": BELL}, {"weight": 0.75, "of": part})
    ours = read(dist="mixture", drawn="by_part", parts=parts)
    u = uniforms(50_000)

    draws, whose = ppf(ours, u), part_of(ours, u)

    assert np.mean(whose) == pytest.approx(0.75, abs=0.01)
    assert stats.kstest(draws[whose == 0], "norm").pvalue > SIGNIFICANCE
    assert np.all((draws > 9) == (whose == 1))


def test_shares_of_a_split_sum_to_one_and_average_to_their_means():
    split = Split(means={"a": 0.5, "b": 0.3, "c": 0.2}, concentration=8.0)
    u = uniforms(150_000).reshape(-1, 3)

    shares = split_shares(split, u)

    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert shares.mean(axis=0) == pytest.approx([0.5, 0.3, 0.2], abs=0.005)
    assert stats.kstest(shares[:, 0], stats.beta(4, 4).cdf).pvalue > SIGNIFICANCE


@given(st.floats(1e-9, 1 - 1e-9), st.floats(0, 1e-6))
def test_quantiles_never_fall_as_chance_rises(u, more):
    pair = np.array([u, min(u + more, 1 - 1e-10)])

    for written in OTHER_KINDS:
        low, high = ppf(read(**written), np.sort(pair))
        assert low <= high


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"dist": "uniform", "low": 2.0, "high": 1.0}, "low <= high"),
        ({"dist": "pert", "low": 2.0, "mode": 1.0, "high": 3.0}, "mode"),
        ({"dist": "lognormal", "median": 2.0}, "one of these sets"),
        ({"dist": "lognormal", "mean": 1.0, "q": 50.0, "p": 0.6}, "q must suit"),
        (SPLICED | {"mean": 3.0}, "peak inside"),
        ({"dist": "discrete", "values": (1,), "probabilities": (0.5,)}, "sum to 1"),
        ({"dist": "truncated", "of": {"dist": "bernoulli", "p": 0.5}}, "of numbers"),
        ({"dist": "gaussian"}, "gaussian"),
        ({"dist": "empirical", "values": (), "between": "step"}, "at least one number"),
        ({"dist": "discrete", "values": (1,), "probabilities": ()}, "each of 1"),
        ({"dist": "uniform", "low": 0.0, "high": math.inf}, "finite"),
    ],
)
def test_an_impossible_distribution_is_refused(written, message):
    with pytest.raises(ValidationError, match=message):
        read(**written)


@pytest.mark.parametrize(
    ("means", "concentration", "message"),
    [
        ({"a": 0.5, "b": 0.3}, 8.0, "sum to 1"),
        ({"a": 1.5, "b": -0.5}, 8.0, "at least 0"),
        ({"a": 1.0}, 8.0, "two paths"),
        ({"a": 0.99, "b": 0.01}, 1.0, "times concentration"),
    ],
)
def test_shares_that_cannot_be_are_refused(means, concentration, message):
    with pytest.raises(ValidationError, match=message):
        Split(means=means, concentration=concentration)


@pytest.mark.parametrize("dist", ["uniform", "triangular", "pert"])
def test_a_range_of_one_point_gives_that_point(dist):
    point = {"low": 2.0, "high": 2.0} | ({} if dist == "uniform" else {"mode": 2.0})
    ours = read(dist=dist, **point)

    assert ppf(ours, np.array([0.1, 0.9])).tolist() == [2.0, 2.0]
    assert cdf(ours, np.array([1.9, 2.0, 2.1])).tolist() == [0.0, 1.0, 1.0]


def test_observations_can_be_cut():
    of = {"dist": "empirical", "values": (1.0, 2.0, 3.0, 4.0), "between": "step"}
    ours = read(dist="truncated", of=of, low=2.0, high=3.0)

    draws = ppf(ours, (np.arange(100) + 0.5) / 100)

    assert [np.mean(draws == x) for x in (2.0, 3.0)] == [0.5, 0.5]


def test_numbers_of_a_discrete_distribution_come_as_floats():
    ours = read(dist="discrete", values=(0.5, 1.5), probabilities=(0.4, 0.6))

    assert ppf(ours, np.array([0.4, 0.41])).tolist() == [0.5, 1.5]
