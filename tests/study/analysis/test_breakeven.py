"""Verdicts turn where algebra says, and their intervals hold that place."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from railsim.errors import InputError
from railsim.study.analysis.deciding.breakeven import (
    Verdict,
    breakeven_on_grid,
    find_breakeven,
)

POSITIVE = Verdict(metric="enpv", of="mean", level=0.0)
SEARCH = {"low": 0.0, "high": 10.0, "scans": 5, "tolerance": 0.01, "seed": 1}


def noise(count=400, seed=3):
    return np.random.Generator(np.random.PCG64(seed)).normal(size=count)


def falling(x):
    """A payoff that falls with a tariff and turns at 4, apart from luck."""
    return 8.0 - 2.0 * x + noise()


def test_a_mean_turns_where_its_line_crosses_the_level():
    found = find_breakeven(falling, POSITIVE, **SEARCH)

    truth = 4.0 + noise().mean() / 2
    assert found.turn == "once"
    assert found.estimate.value == pytest.approx(truth, abs=1e-9)


def test_the_interval_is_that_of_the_mean_over_the_slope():
    found = find_breakeven(falling, POSITIVE, **SEARCH)

    half = 1.96 * noise().std() / math.sqrt(400) / 2
    width = found.estimate.ci_hi - found.estimate.ci_lo
    assert width == pytest.approx(2 * half, rel=0.1)
    assert found.estimate.ci_lo < 4.0 < found.estimate.ci_hi


def test_a_share_turns_where_enough_draws_reach_the_level():
    often = Verdict(metric="eirr", of="share", level=0.09, least_share=0.8)

    found = find_breakeven(lambda x: 0.01 * (x + noise(2000)), often, **SEARCH)

    truth = 9.0 - np.quantile(noise(2000), 0.2)
    assert found.estimate.value == pytest.approx(truth, abs=0.02)
    assert found.estimate.ci_lo < truth < found.estimate.ci_hi


@pytest.mark.parametrize(("shift", "turn"), [(100.0, "always"), (-100.0, "never")])
def test_a_verdict_that_does_not_turn_says_so(shift, turn):
    found = find_breakeven(lambda x: shift + x + noise(), POSITIVE, **SEARCH)

    assert found.turn == turn
    assert math.isnan(found.estimate.value)


def test_a_verdict_that_turns_several_times_lists_them():
    found = find_breakeven(
        lambda x: (x - 3.0) * (x - 7.0) + 0 * noise(), POSITIVE, **SEARCH
    )

    assert found.turn == "several"
    assert len(found.crossings) == 2


def test_an_interval_beyond_the_range_is_open():
    found = find_breakeven(
        lambda x: 0.1 - 0.011 * x + noise(100) - noise(100).mean(), POSITIVE, **SEARCH
    )

    assert found.estimate.value == pytest.approx(0.1 / 0.011)
    assert (found.estimate.ci_lo, found.estimate.ci_hi) == (-math.inf, math.inf)


@pytest.mark.parametrize(("slope", "end"), [(-0.11, math.inf), (0.11, math.inf)])
def test_an_interval_is_open_only_towards_the_end_it_may_pass(slope, end):
    luck = noise(100) - noise(100).mean()

    found = find_breakeven(lambda x: slope * (x - 9.0) + luck, POSITIVE, **SEARCH)

    assert found.estimate.value == pytest.approx(9.0)
    assert 6.0 < found.estimate.ci_lo < 9.0
    assert found.estimate.ci_hi == end


def test_a_draw_that_fails_once_is_left_out_everywhere():
    def ask(x):
        answers = falling(x)
        answers[0] = np.nan if x > 5 else 1e6
        return answers

    found = find_breakeven(ask, POSITIVE, **SEARCH)

    assert found.estimate.value == pytest.approx(4.0 + noise()[1:].mean() / 2)


def test_the_same_is_read_from_a_grid_that_was_run():
    grid = np.linspace(0, 10, 11)

    found = breakeven_on_grid(
        grid, np.stack([falling(x) for x in grid]), POSITIVE, seed=1
    )

    assert found.estimate.value == pytest.approx(4.0 + noise().mean() / 2)


def test_the_model_is_asked_few_times():
    asked = []

    find_breakeven(lambda x: (asked.append(x), falling(x))[1], POSITIVE, **SEARCH)

    assert len(asked) == len(set(asked)) <= 5 + 8 + 2


def test_an_empty_range_or_no_draw_is_refused():
    with pytest.raises(InputError, match="low < high"):
        find_breakeven(falling, POSITIVE, **(SEARCH | {"high": 0.0}))
    with pytest.raises(InputError, match="no draw succeeded"):
        find_breakeven(lambda _: np.full(3, np.nan), POSITIVE, **SEARCH)


@pytest.mark.parametrize(
    "written", [{"of": "share"}, {"of": "mean", "least_share": 0.5}]
)
def test_half_a_verdict_is_refused(written):
    with pytest.raises(ValidationError, match="least_share"):
        Verdict(metric="enpv", level=0.0, **written)


@pytest.mark.slow
def test_the_interval_of_a_breakeven_covers_it():
    grid, inside = np.linspace(0, 10, 5), 0
    chance = np.random.Generator(np.random.PCG64(11))
    for seed in range(1000):
        luck = chance.normal(size=200)
        answers = np.stack([8.0 - 2.0 * x + luck for x in grid])
        found = breakeven_on_grid(grid, answers, POSITIVE, seed=seed).estimate
        inside += found.ci_lo <= 4.0 <= found.ci_hi

    assert 935 <= inside <= 965
