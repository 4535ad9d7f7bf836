"""Elementary effects and the tornado, on lines whose slopes are known."""

import numpy as np
import pytest
from SALib.analyze import morris as theirs

from railsim.errors import InputError
from railsim.study.analysis.explaining.screening import (
    elementary_effects,
    screen,
    tornado,
)
from railsim.study.uncertainty.designs import Morris
from tests.study.analysis.models import NAMES, ishigami, lay, luck_of

FOUR = {"levels": 4, "margin_share": 0.0}
ONE = {"low_probability": 0.1, "high_probability": 0.9}


def design(**changes):
    return Morris(kind="morris", **(FOUR | changes))


def test_the_effects_of_a_line_are_its_slopes():
    found_at = lay("morris", NAMES, 20, **FOUR)

    effects = elementary_effects(found_at, design(), found_at.u @ [3.0, -2.0, 0.0])

    assert effects == pytest.approx(np.tile([3.0, -2.0, 0.0], (20, 1)))


def test_a_margin_counts_for_the_range_that_is_left():
    found_at = lay("morris", NAMES, 20, levels=4, margin_share=0.1)

    effects = elementary_effects(
        found_at, design(margin_share=0.1), found_at.u @ [1.0, 0.0, 0.0]
    )

    assert effects[:, 0] == pytest.approx(0.8)


def test_another_library_finds_the_same_effects_at_the_same_points():
    found_at = lay("morris", NAMES, 64, **FOUR)
    y = ishigami(found_at.u)
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0, 1]] * 3}

    ours = screen(found_at, design(), y, seed=1)
    known = theirs.analyze(problem, found_at.u, y, num_levels=4, seed=1)

    for method, key in (("mu", "mu"), ("mu_star", "mu_star"), ("sigma", "sigma")):
        found = [i.estimate.value for i in ours if i.method == f"morris_{method}"]
        assert found == pytest.approx(known[key])


def test_an_input_that_does_nothing_is_noise_to_morris():
    found_at = lay("morris", NAMES, 30, **FOUR)

    found = screen(found_at, design(), found_at.u[:, 0] ** 2, seed=1)

    noise = {(i.method, i.param): i.is_noise for i in found}
    assert noise["morris_mu_star", "x1"] is False
    assert noise["morris_mu_star", "x2"] is True


def test_a_failed_run_takes_its_trajectory_with_it():
    found_at = lay("morris", NAMES, 2, **FOUR)
    y = found_at.u[:, 0].copy()
    y[1] = np.nan

    with pytest.raises(InputError, match="two whole trajectories"):
        screen(found_at, design(), y, seed=1)


def test_the_tornado_sorts_swings_by_their_size():
    found_at = lay("one_at_a_time", NAMES, 1, **ONE)
    filled = np.nan_to_num(found_at.u, nan=0.5)

    found = tornado(found_at, filled @ [1.0, -5.0, 2.0])

    assert [s.param for s in found] == ["x2", "x3", "x1"]
    assert found[0].swing.value == pytest.approx(-4.0)
    assert [found[1].at_low, found[1].base] == pytest.approx([-1.8, -1.0])


def test_a_failed_run_takes_its_repetition_with_it():
    found_at = lay("one_at_a_time", NAMES, 2, **ONE)
    y = np.nan_to_num(found_at.u, nan=0.5) @ [1.0, -5.0, 2.0]
    y[3] = np.nan

    assert tornado(found_at, y)[0].swing.value == pytest.approx(-4.0)
    y[10] = np.nan
    with pytest.raises(InputError, match="every repetition"):
        tornado(found_at, y)


def test_repetitions_tell_a_swing_from_luck():
    found_at = lay("one_at_a_time", NAMES, 12, **ONE)
    filled = np.nan_to_num(found_at.u, nan=0.5)
    rough = 0.1 * np.random.Generator(np.random.PCG64(2)).standard_normal(len(filled))
    y = filled @ [1.0, 0.0, 0.0] + 50 * luck_of(found_at.luck) + rough

    found = {s.param: s for s in tornado(found_at, y)}

    assert found["x1"].swing.ci_lo < 0.8 < found["x1"].swing.ci_hi
    assert [found[n].is_noise for n in NAMES] == [False, True, True]
