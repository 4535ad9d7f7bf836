"""Quantiles, precision and decisions, against scipy.stats, brute force and algebra."""

import math
from itertools import pairwise
from operator import mul

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from railsim.formulas.decisions import cvar, delay_option, evpi, regret
from railsim.formulas.statistics import (
    mser,
    pert_ppf,
    quantile_ci_ranks,
    relative_precision_runs,
    stream_uniforms,
    triangular_ppf,
)

PAYOFF = [[1.6, -0.3, -2.2], [1.35, -0.1, -1.4], [0, 0, 0]]
PROB = [0.3, 0.4, 0.3]
CORNERS = [(0, 1, 4), (0, 0, 4), (-2, 4, 4)]
STREAM = {"seed": 7, "name": "customs.laocai", "replication": 0, "n": 5}


@pytest.mark.parametrize(("low", "mode", "high"), CORNERS)
@given(u=st.floats(0, 1))
@settings(max_examples=25)
def test_triangular_quantiles_agree_with_scipy(low, mode, high, u):
    width = high - low
    law = stats.triang((mode - low) / width, loc=low, scale=width)

    found = triangular_ppf(u=u, low=low, mode=mode, high=high)

    assert found == pytest.approx(law.ppf(u), abs=1e-7)  # scipy subtracts near 1
    assert law.cdf(found) == pytest.approx(u, abs=1e-12)


@pytest.mark.parametrize(("low", "mode", "high"), CORNERS)
@given(u=st.floats(1e-9, 1))
@settings(max_examples=25)
def test_pert_quantiles_agree_with_scipy(low, mode, high, u):
    found = pert_ppf(u=u, low=low, mode=mode, high=high)

    law = stats.beta(found["alpha"], found["beta"], loc=low, scale=high - low)
    assert found["ppf"] == pytest.approx(law.ppf(u), abs=1e-9)
    assert found["mean"] == pytest.approx(law.mean())
    assert found["alpha"] + found["beta"] == pytest.approx(6)


@pytest.mark.parametrize("u", [0, 0.3, 1])
def test_corners_in_one_point_give_that_point(u):
    assert triangular_ppf(u=u, low=2, mode=2, high=2) == 2
    assert pert_ppf(u=u, low=2, mode=2, high=2)["ppf"] == 2


def test_a_list_of_uniforms_gives_a_list_of_quantiles():
    corners = {"low": 0, "mode": 1, "high": 4}

    assert triangular_ppf(u=[0, 0.25, 1], **corners) == pytest.approx([0, 1, 4])
    assert pert_ppf(u=[0, 1], **corners)["ppf"] == pytest.approx([0, 4])


@pytest.mark.parametrize("n", [1, 5, 30, 200])
@pytest.mark.parametrize("p", [0.05, 0.5, 0.9])
def test_ranks_enclose_a_quantile_by_counting(n, p):
    law = stats.binom(n, p)
    lower = max(k for k in range(n + 1) if law.cdf(k - 1) <= 0.025)
    upper = min(k for k in range(1, n + 2) if law.cdf(k - 1) >= 0.975)

    found = quantile_ci_ranks(n=n, p=p, conf=0.95)

    assert (found["lower"], found["upper"]) == (lower, upper)
    assert found["coverage"] == pytest.approx(law.cdf(upper - 1) - law.cdf(lower - 1))


@pytest.mark.parametrize(
    ("sd", "gamma"), [(3, 0.05), (0.1, 0.05), (20, 0.1), (5, 0.01)]
)
def test_runs_are_the_fewest_that_are_precise_enough(sd, gamma):
    n = relative_precision_runs(mean=-10, sd=sd, n0=10, gamma=gamma, conf=0.95)

    widths = [stats.t.ppf(0.975, k - 1) * sd / math.sqrt(k) for k in (n - 1, n)]
    target = 10 * gamma / (1 + gamma)
    assert widths[1] <= target
    assert n == 10 or widths[0] > target


def test_runs_which_agree_need_no_more():
    assert relative_precision_runs(mean=0, sd=0, n0=4, gamma=0.1, conf=0.9) == 4


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=20))
@settings(max_examples=50)
def test_the_warm_up_dropped_minimises_the_standard_error(means):
    def statistic(d):
        kept = means[d:]
        mean = math.fsum(kept) / len(kept)
        return math.fsum((x - mean) ** 2 for x in kept) / len(kept) ** 2

    found = mser(batch_means=means)

    d = found["truncate_batches"]
    least = min(statistic(k) for k in range(len(means) // 2 + 1))
    assert d <= len(means) // 2
    assert statistic(d) == pytest.approx(least, rel=1e-9, abs=1e-24)
    assert found["statistic"] == pytest.approx(least, rel=1e-9, abs=1e-24)
    assert found["mean"] == pytest.approx(math.fsum(means[d:]) / (len(means) - d))


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_steady_run_has_no_warm_up(count):
    found = mser(batch_means=[0.1] * count)

    assert found == {"truncate_batches": 0, "statistic": 0, "mean": 0.1}


@pytest.mark.parametrize(
    ("alpha", "tail"), [(0.1, -5), (0.2, -5), (0.3, -11 / 3), (1, 0.9), (0.5, -2.2)]
)
def test_the_tail_takes_a_part_of_the_outcome_at_its_edge(alpha, tail):
    found = cvar(outcomes=[3, -5, -1], probabilities=[0.6, 0.2, 0.2], alpha=alpha)

    expected = {0.5: (-1.0 - 0.2 + 0.3) / 0.5, 1: 1.8 - 1 - 0.2}.get(alpha, tail)
    assert found == pytest.approx(expected)


def test_the_tail_mean_solves_the_program_of_rockafellar_and_uryasev():
    outcomes, probabilities, alpha = [4.0, -3.0, 1.0, 0.5], [0.1, 0.25, 0.4, 0.25], 0.4
    atoms = list(zip(outcomes, probabilities, strict=True))
    program = max(
        level - sum(p * max(0, level - x) for x, p in atoms) / alpha
        for level in outcomes
    )

    found = cvar(outcomes=outcomes, probabilities=probabilities, alpha=alpha)

    assert found == pytest.approx(program)


def test_knowing_is_worth_nothing_where_one_action_is_always_best():
    found = evpi(payoff=[[3, 2], [1, 1]], prob=[0.5, 0.5])

    assert found == {"expected": [2.5, 1], "best": 0, "evpi": 0}


def test_of_equal_actions_the_first_is_taken():
    table = [[1, 0], [0, 1]]

    assert evpi(payoff=table, prob=[0.5, 0.5])["best"] == 0
    assert regret(payoff=table) == {"max_regret": [1, 1], "minimax": 0}


def test_regret_is_measured_from_the_best_action_of_each_state():
    found = regret(payoff=PAYOFF)

    assert found["max_regret"] == pytest.approx([2.2, 1.4, 1.6])
    assert found["minimax"] == 1


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3), st.floats(0, 1))
@settings(max_examples=40)
def test_learning_never_makes_waiting_worse(values, factor):
    found = delay_option(
        enpv_now=values, prob=PROB, enpv_later_factor=factor, learn_cost=0.1
    )

    assert found["information_value"] >= -1e-12
    assert found["now"] == pytest.approx(sum(map(mul, values, PROB)))


def test_streams_begin_alike_whatever_their_length():
    short = stream_uniforms(**STREAM)
    long = stream_uniforms(**(STREAM | {"n": 50}))

    assert long[:5] == short
    assert stream_uniforms(**(STREAM | {"n": 0})) == []


def test_streams_differ_by_seed_name_and_replication():
    firsts = [
        stream_uniforms(**(STREAM | change))[0]
        for change in ({}, {"seed": 8}, {"name": "weather"}, {"replication": 1})
    ]

    assert all(a != b for a, b in pairwise(sorted(firsts)))


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (triangular_ppf, {"u": 1.1, "low": 0, "mode": 1, "high": 2}, "u"),
        (triangular_ppf, {"u": 1, "low": 0, "mode": 3, "high": 2}, "mode"),
        (pert_ppf, {"u": 1, "low": 3, "mode": 3, "high": 2}, "high"),
        (quantile_ci_ranks, {"n": 0, "p": 0.5, "conf": 0.9}, "n"),
        (quantile_ci_ranks, {"n": 9, "p": 1, "conf": 0.9}, "p"),
        (mser, {"batch_means": []}, "batch_means"),
        (cvar, {"outcomes": [1], "probabilities": [0.9], "alpha": 1}, "probabilities"),
        (cvar, {"outcomes": [1], "probabilities": [1], "alpha": 0}, "alpha"),
        (evpi, {"payoff": [], "prob": []}, "payoff"),
        (evpi, {"payoff": PAYOFF, "prob": [0.5, 0.6, -0.1]}, "prob"),
        (regret, {"payoff": [[1, 2], [1]]}, "payoff"),
        (stream_uniforms, STREAM | {"seed": -1}, "seed"),
        (stream_uniforms, STREAM | {"n": True}, "n"),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name} must"):
        function(**arguments)


@pytest.mark.parametrize("name", ["mean", "sd", "n0", "gamma", "conf"])
def test_a_wrong_precision_argument_is_named(name):
    right = {"mean": 1, "sd": 1, "n0": 5, "gamma": 0.1, "conf": 0.9}
    wrong = {"mean": 0, "sd": -1, "n0": 1, "gamma": 0, "conf": 1}

    with pytest.raises(ValueError, match=rf"^{name} must"):
        relative_precision_runs(**(right | {name: wrong[name]}))
