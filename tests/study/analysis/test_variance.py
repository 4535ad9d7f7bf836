"""Sobol' indices against integrals and SALib, with the noise of luck told apart."""

import numpy as np
import pytest
from SALib.analyze import sobol as theirs

from railsim.errors import InputError
from railsim.formulas import gfunction_indices, ishigami_indices
from railsim.study.analysis.explaining.variance import noise_share, variance_shares
from railsim.study.analysis.indices import sensitivity_rows
from railsim.study.uncertainty.points import LUCK
from tests.study.analysis.models import (
    NAMES,
    g_function,
    ishigami,
    lay,
    luck_of,
)


def values(found, method):
    return [i.estimate.value for i in found.indices if i.method == method][:-1]


def test_the_indices_of_ishigami_are_found_within_two_hundredths():
    found_at = lay("saltelli", NAMES, 2**13)

    found = variance_shares(found_at, ishigami(found_at.u), seed=1)

    exact = ishigami_indices(a=7, b=0.1)
    first, total = ([exact[f"{s}{i}"] for i in "123"] for s in ("S", "ST"))
    assert values(found, "sobol_first") == pytest.approx(first, abs=0.02)
    assert values(found, "sobol_total") == pytest.approx(total, abs=0.02)


def test_the_indices_of_the_g_function_are_found_within_two_hundredths():
    found_at = lay("saltelli", ("a", "b", "c", "d"), 2**13)

    found = variance_shares(found_at, g_function(found_at.u), seed=1)

    exact = gfunction_indices(a=[0.0, 1.0, 4.5, 9.0])
    assert values(found, "sobol_first") == pytest.approx(exact["S"], abs=0.02)
    assert values(found, "sobol_total") == pytest.approx(exact["ST"], abs=0.02)


def test_another_library_finds_the_same_at_the_same_points():
    found_at = lay("saltelli", NAMES, 2**11)
    y = ishigami(found_at.u)
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0, 1]] * 3}
    rows = y.reshape(-1, 6)
    as_salib = rows[:, [0, 2, 3, 4, 1]].ravel()  # A, A with one of B, B

    ours = variance_shares(found_at, y, seed=1)
    known = theirs.analyze(problem, as_salib, calc_second_order=False, seed=1)

    assert values(ours, "sobol_total") == pytest.approx(known["ST"], abs=0.003)
    assert values(ours, "sobol_first") == pytest.approx(known["S1"], abs=0.03)


def test_the_share_of_luck_is_split_off():
    found_at = lay("saltelli", NAMES, 2**12)
    noise = 2.0 * luck_of(found_at.luck)
    y = found_at.u @ np.array([6.0, 3.0, 0.0]) + noise

    found = variance_shares(found_at, y, seed=1)

    variance = (36 + 9) / 12 + 4
    assert found.luck_first.value == pytest.approx(4 / variance, abs=0.03)
    assert found.luck_total.value == pytest.approx(4 / variance, abs=0.03)
    assert values(found, "sobol_total")[0] == pytest.approx(3 / variance, abs=0.03)


def test_without_chance_luck_explains_nothing():
    found_at = lay("saltelli", NAMES, 256)

    found = variance_shares(found_at, ishigami(found_at.u), seed=1)

    assert found.luck_total.value == 0.0


def test_an_input_that_does_nothing_is_not_shown():
    found_at = lay("saltelli", NAMES, 512)
    y = found_at.u[:, 0] + luck_of(found_at.luck)

    found = variance_shares(found_at, y, seed=1)

    shown = {r.param: r.value for r in sensitivity_rows("eirr", found.indices)}
    assert shown["x2"] is None
    assert shown["x1"] is not None
    assert shown["luck"] is not None


def test_a_failed_run_takes_its_whole_base_point_with_it():
    found_at = lay("saltelli", NAMES, 512)
    y = ishigami(found_at.u)
    without = variance_shares(lay("saltelli", NAMES, 512), y, seed=1)
    y[6 * 17 + 2] = np.nan

    found = variance_shares(found_at, y, seed=1)

    assert (without.dropped, found.dropped) == (0, 1)
    assert np.isfinite(found.variance)


def test_rows_under_the_luck_of_b_are_no_factor():
    found_at = lay("saltelli", NAMES, 4)

    assert np.sum(found_at.moved == LUCK) == 4


def test_an_answer_that_never_varies_is_refused():
    found_at = lay("saltelli", NAMES, 8)

    with pytest.raises(InputError, match="does not vary"):
        variance_shares(found_at, np.ones(len(found_at.u)), seed=1)


@pytest.mark.parametrize("replications", [2, 5])
def test_repeated_runs_show_the_share_of_luck(replications):
    chance = np.random.Generator(np.random.PCG64(4))
    truth = 2.0 * chance.standard_normal((4000, 1))

    found = noise_share(truth + chance.standard_normal((4000, replications)))

    assert found.value == pytest.approx(0.2, abs=0.02)
    assert found.ci_lo < 0.2 < found.ci_hi


def test_runs_that_agree_hold_no_luck():
    assert noise_share(np.array([[1.0, 1.0], [2.0, 2.0]])).value == 0.0


@pytest.mark.slow
def test_the_interval_of_the_share_of_luck_covers_it():
    chance = np.random.Generator(np.random.PCG64(8))
    inside = 0
    for _ in range(1000):
        truth = 1.5 * chance.standard_normal((60, 1))
        found = noise_share(truth + chance.standard_normal((60, 2)))
        inside += found.ci_lo <= 1 / 3.25 <= found.ci_hi

    assert 935 <= inside <= 965
