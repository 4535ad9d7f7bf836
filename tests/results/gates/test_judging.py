"""Outcomes of checks: against scipy, by hand, and by how often they are wrong."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from railsim.results.gates.judging import Change, change_of, holm, judge
from railsim.results.gates.measuring import Measured, measured_of
from railsim.results.gates.schema import Checks

LUCK = np.random.default_rng(31)
NOW, BEFORE = LUCK.normal(10.4, 1.0, 12), LUCK.normal(10.0, 2.0, 9)
PAIRS = 200
LEVEL = 0.01
SURE = Measured(3.0, 0.5, 5)
ALONE = Measured(3.0, math.nan, 1)


def checks_of(**told):
    """A file of checks of one metric `x`, unless it says otherwise."""
    metrics = {"x": {"output": "x"}, "y": {"output": "y"}}
    whole = {"undecided": "fail", "metrics": metrics, **told}
    return Checks.model_validate_json(json.dumps(whole))


def outcomes(told, now, before=None, *, is_paired=False):
    """What comes of checks."""
    return list(judge(told, now, before, is_paired=is_paired))


def result_of(told, now, before=None, *, is_paired=False):
    """The result of the only check."""
    (outcome,) = outcomes(told, now, before, is_paired=is_paired)
    return outcome.result


def test_an_unpaired_change_is_welchs():
    change = change_of(measured_of(NOW), measured_of(BEFORE), is_paired=True)

    test = stats.ttest_ind(NOW, BEFORE, equal_var=False)
    assert not change.is_paired
    assert change.difference == pytest.approx(NOW.mean() - BEFORE.mean(), rel=1e-14)
    assert change.freedom == pytest.approx(test.df, rel=1e-12)
    assert change.chance(0.0) == pytest.approx(test.pvalue, rel=1e-10)


def test_a_paired_change_is_students_of_the_differences():
    other = NOW + LUCK.normal(0.1, 0.05, len(NOW))

    change = change_of(measured_of(other), measured_of(NOW), is_paired=True)

    test = stats.ttest_rel(other, NOW)
    assert change.is_paired
    assert change.chance(0.0) == pytest.approx(test.pvalue, rel=1e-10)


def test_draws_of_which_either_failed_do_not_pair_off():
    first, second = NOW.copy(), NOW + 1.0
    first[2], second[5] = np.nan, np.inf
    both = np.delete(np.arange(len(NOW)), [2, 5])
    second[both[0]] += 0.3

    change = change_of(measured_of(second), measured_of(first), is_paired=True)

    test = stats.ttest_rel(second[both], first[both])
    assert change.freedom == len(both) - 1
    assert change.chance(0.0) == pytest.approx(test.pvalue, rel=1e-10)


def test_only_a_mean_with_its_error_is_enough_for_welch():
    now, before = (measured_of(each) for each in (NOW, BEFORE))
    bare = Measured(before.mean, before.error, before.count)

    assert change_of(now, bare, is_paired=True) == change_of(
        now, before, is_paired=False
    )


@given(st.floats(0.0, 3.0), st.floats(0.01, 5.0))
def test_the_chance_at_the_allowed_change_is_that_of_the_bound(allowed, difference):
    change = Change(difference, 1.0, 7.0, is_paired=False)
    t = stats.t(7.0)

    expected = t.sf(difference - allowed) + t.sf(difference + allowed)
    if difference <= allowed:
        expected = 1.0

    assert change.chance(allowed) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("change", "chance"),
    [
        (Change(0.0, math.nan, 0.0, is_paired=False), 1.0),
        (Change(0.1, math.nan, 0.0, is_paired=False), math.nan),
        (Change(0.1, 0.0, 4.0, is_paired=True), 0.0),
        (Change(0.0, 0.0, 4.0, is_paired=True), 1.0),
    ],
)
def test_without_noise_any_change_is_one(change, chance):
    assert change.chance(0.0) == pytest.approx(chance, nan_ok=True)


def test_holm_goes_on_until_one_is_likely_enough():
    chances = {"a": 0.012, "b": 0.005, "c": 0.04, "d": 0.03, "e": math.nan}

    assert holm(chances, 0.05) == {"a", "b"}  # 0.05/4, 0.05/3, then 0.03 > 0.05/2
    assert holm(chances, 0.004 * 4) == set()
    assert holm({}, 0.05) == set()


@given(st.dictionaries(st.text(), st.floats(0, 1), max_size=8), st.floats(0.001, 0.5))
def test_holm_is_between_bonferroni_and_each_alone(chances, level):
    found = holm(chances, level)

    assert {n for n, p in chances.items() if p <= level / len(chances)} <= found
    assert found <= {n for n, p in chances.items() if p <= level}


@pytest.mark.parametrize(
    ("limits", "result"),
    [
        ({"at_least": 1.5}, "passed"),
        ({"at_least": 4.5}, "failed"),
        ({"at_most": 4.5}, "passed"),
        ({"at_most": 1.5}, "failed"),
        ({"at_least": 2.5}, "undecided"),
        ({"at_least": 1.5, "at_most": 3.5}, "undecided"),
        ({"half_width": 1.4}, "passed"),
        ({"half_width": 1.3}, "undecided"),
        ({"at_least": 4.5, "half_width": 1.3}, "undecided"),
    ],
)
def test_a_mean_of_three_give_or_take_one_point_four(limits, result):
    told = checks_of(thresholds=[{"metric": "x", **limits}])

    assert result_of(told, {"x": SURE}) == result


@pytest.mark.parametrize("limits", [{"at_least": 1.0}, {"half_width": 9.0}])
def test_one_replication_decides_nothing(limits):
    told = checks_of(thresholds=[{"metric": "x", **limits}])

    assert result_of(told, {"x": ALONE}) == "undecided"


def test_quantiles_and_shares_are_those_of_the_draws():
    draws = np.arange(1.0, 1001.0)
    draws = np.append(draws, np.nan)
    told = checks_of(
        thresholds=[
            {"metric": "x", "statistic": "p90", "at_least": 850, "at_most": 950},
            {"metric": "x", "statistic": "p50", "at_most": 400},
            {
                "metric": "x",
                "statistic": "share_above",
                "level": 900,
                "at_least": 0.08,
                "at_most": 0.13,
            },
            {"metric": "x", "statistic": "p05", "half_width": 1},
        ]
    )

    found = outcomes(told, {"x": measured_of(draws)})

    assert [o.result for o in found] == ["passed", "failed", "passed", "undecided"]
    wilson = stats.binomtest(100, 1000).proportion_ci(0.95, "wilson")
    assert f"0.1 ({wilson.low:.5g} to {wilson.high:.5g})" in found[2].detail


def test_a_quantile_of_what_has_no_draws_is_undecided():
    told = checks_of(
        thresholds=[{"metric": "x", "statistic": "p90", "at_least": -1e300}]
    )

    assert result_of(told, {"x": SURE}) == "undecided"


@pytest.mark.parametrize(
    ("x", "y", "result"),
    [
        (NOW, NOW + 0.01, "passed"),  # noisy, but alike in every draw
        (NOW + 0.01, NOW, "failed"),
        (NOW, NOW, "failed"),  # neither is less
        (NOW, NOW + np.resize([1.0, -1.0], len(NOW)), "undecided"),
    ],
)
def test_a_verdict_is_of_pairs(x, y, result):
    told = checks_of(verdicts=[{"says": "x < y", "ranking": ["x", "y"]}])

    assert result_of(told, {"x": measured_of(x), "y": measured_of(y)}) == result


def test_the_worst_step_of_a_ranking_is_its_result():
    told = checks_of(verdicts=[{"says": "!", "ranking": ["x", "y", "x"]}])

    found = {"x": measured_of(NOW), "y": measured_of(NOW + 5.0)}

    assert result_of(told, found) == "failed"


def test_what_the_baseline_does_not_know_is_undecided():
    told = checks_of(baseline={})

    found = outcomes(told, {"x": SURE, "y": SURE}, {"x": SURE})

    assert [o.result for o in found] == ["passed", "undecided"]


def test_without_noise_a_baseline_decides_only_what_did_not_move():
    told = checks_of(baseline={"metrics": ["x"], "relative": 0.1})

    near, far = (Measured(3.0 * f, math.nan, 1) for f in (1.09, 1.11))

    assert result_of(told, {"x": near}, {"x": ALONE}) == "passed"
    assert result_of(told, {"x": far}, {"x": ALONE}) == "undecided"


def alarms(shift, *, is_paired, relative=0.0, count=PAIRS, metrics=("x",)):
    """How many of `count` pairs of seeds raise an alarm: 16 skewed draws a metric.

    The noise of a draw is 20 % of the mean; of a pair's difference, 3 %.
    """
    luck = np.random.default_rng(99)
    told = checks_of(
        baseline={"level": LEVEL, "relative": relative},
        metrics={name: {"output": name} for name in metrics},
    )
    found = 0
    for _ in range(count):
        now, before = {}, {}
        for name in metrics:
            common = luck.gamma(25.0, 4.0, 16)
            other = common if is_paired else luck.gamma(25.0, 4.0, 16)
            noise = luck.normal(0.0, 3.0, 16)
            before[name] = measured_of(common)
            now[name] = measured_of((other + noise) * (1.0 + shift))
        found += any(
            o.result == "failed"
            for o in outcomes(told, now, before, is_paired=is_paired)
        )
    return found


@pytest.mark.parametrize("is_paired", [True, False])
@pytest.mark.parametrize("metrics", ["x", "xyzvw"])
def test_where_nothing_changed_alarms_are_as_rare_as_stated(is_paired, metrics):
    found = alarms(0.0, is_paired=is_paired, metrics=tuple(metrics))

    assert found <= stats.binom.ppf(0.999, PAIRS, LEVEL)


def test_a_change_at_the_bound_of_what_is_allowed_raises_no_more_alarms():
    found = alarms(0.05, is_paired=True, relative=0.05)

    assert found <= stats.binom.ppf(0.999, PAIRS, LEVEL)


@pytest.mark.parametrize("shift", [0.02, 0.05, 0.10])
@pytest.mark.parametrize("is_paired", [True, False])
def test_planted_changes_are_found_with_the_power_of_the_textbook(shift, is_paired):
    """Noncentral t; the pair's noise, or that of both, over the root of 16."""
    noise = 3.0 if is_paired else math.hypot(20.0, math.hypot(20.0, 3.0))
    freedom = 15.0 if is_paired else 30.0
    bound = stats.t.isf(LEVEL / 2.0, freedom)
    away = 100.0 * shift / (noise / 4.0)
    power = stats.nct.sf(bound, freedom, away) + stats.nct.cdf(-bound, freedom, away)

    found = alarms(shift, is_paired=is_paired)

    low, high = stats.binom.interval(0.999, PAIRS, power)
    assert low - 6 <= found <= high + 6  # draws are skewed, and a share has a spread
