"""Sobol indices, against integrals, the additive case and each other."""

import itertools
import math

import numpy as np
import pytest
from scipy.stats import qmc

from railsim.formulas.sensitivity import (
    gfunction_indices,
    ishigami_indices,
    jansen_indices,
    shapley_values,
    sobol_jansen,
)


def test_the_estimator_finds_the_indices_of_ishigami():
    points = qmc.Sobol(6, seed=1).random_base2(12)
    matrices = (2 * points - 1) * math.pi

    found = sobol_jansen(
        A=matrices[:, :3].tolist(), B=matrices[:, 3:].tolist(), function="ishigami"
    )

    exact = ishigami_indices(a=7, b=0.1)
    assert found["variance"] == pytest.approx(exact["V"], rel=0.02)
    assert found["S"] == pytest.approx([exact[f"S{i}"] for i in "123"], abs=0.02)
    assert found["ST"] == pytest.approx([exact[f"ST{i}"] for i in "123"], abs=0.02)


def test_swapping_every_input_of_a_sum_explains_all_of_it():
    points = qmc.Sobol(6, seed=2).random_base2(10)

    found = sobol_jansen(
        A=points[:, :3].tolist(), B=points[:, 3:].tolist(), function="linear"
    )

    assert found["S"] == pytest.approx(np.array([1, 4, 9]) / 14, abs=0.02)
    assert found["ST"] == pytest.approx(np.array([1, 4, 9]) / 14, abs=0.02)


def test_ishigami_shares_add_up_to_the_whole():
    found = ishigami_indices(a=5, b=0.3)

    interaction = found["ST1"] - found["S1"]
    assert interaction == pytest.approx(found["ST3"])
    assert found["S1"] + found["S2"] + interaction == pytest.approx(1)


def test_the_variance_of_ishigami_is_its_integral():
    x = (2 * (np.arange(200) + 0.5) / 200 - 1) * math.pi
    grid = np.meshgrid(x, x, x, indexing="ij")
    values = np.sin(grid[0]) * (1 + 0.1 * grid[2] ** 4) + 7 * np.sin(grid[1]) ** 2

    assert ishigami_indices(a=7, b=0.1)["V"] == pytest.approx(np.var(values), rel=1e-3)


def test_the_estimator_finds_the_indices_of_the_g_function():
    a = np.array([0, 1, 4.5])
    points = qmc.Sobol(6, seed=3).random_base2(13)

    def g(x):
        return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)

    first, second = points[:, :3], points[:, 3:]
    mixed = [np.where(np.arange(3) == i, second, first) for i in range(3)]
    found = jansen_indices(g(first), g(second), [g(x) for x in mixed])

    exact = gfunction_indices(a=list(a))
    assert found["S"] == pytest.approx(exact["S"], abs=0.02)
    assert found["ST"] == pytest.approx(exact["ST"], abs=0.02)


def test_a_single_input_explains_everything():
    found = gfunction_indices(a=[2])

    assert found["V"] == pytest.approx(1 / 27)
    assert (found["S"], found["ST"]) == (pytest.approx([1]), pytest.approx([1]))


ROWS = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"function": "cubic"}, "function"),
        ({"A": [[0.1, 0.2]]}, "A"),
        ({"B": ROWS[:1]}, "B"),
        ({"A": ROWS[:1] * 2, "B": ROWS[:1] * 2}, "A and B"),
        ({"A": [], "B": []}, "A"),
    ],
)
def test_a_wrong_argument_is_named(changes, name):
    arguments = {"A": ROWS, "B": ROWS[::-1], "function": "linear"} | changes

    with pytest.raises(ValueError, match=rf"^{name} must"):
        sobol_jansen(**arguments)


@pytest.mark.parametrize("a", [[], [-1]])
def test_a_wrong_g_function_is_refused(a):
    with pytest.raises(ValueError, match=r"^a must"):
        gfunction_indices(a=a)


def by_all_orders(worths, players):
    """What each player adds, averaged over all orders of joining."""
    shares = np.zeros(players)
    orders = list(itertools.permutations(range(players)))
    for order in orders:
        present = 0
        for player in order:
            shares[player] += worths[present | 1 << player] - worths[present]
            present |= 1 << player
    return shares / len(orders)


@pytest.mark.parametrize("players", [1, 2, 3, 5])
def test_shapley_values_are_the_mean_over_all_orders(players):
    worths = np.random.default_rng(players).normal(size=1 << players)

    found = shapley_values(worths)

    assert found == pytest.approx(by_all_orders(worths, players), abs=1e-12)
    assert math.fsum(found) == pytest.approx(worths[-1] - worths[0], abs=1e-12)


def test_the_airport_game_divides_each_stretch_among_those_who_need_it():
    # Littlechild & Owen 1973: costs 8, 11, 13, 18 of runways.
    costs = [8.0, 11.0, 13.0, 18.0]
    worths = np.array(
        [
            max((c for k, c in enumerate(costs) if m >> k & 1), default=0.0)
            for m in range(16)
        ]
    )

    assert shapley_values(worths) == pytest.approx([2.0, 3.0, 4.0, 9.0], rel=1e-14)


def test_shapley_values_of_many_outputs_are_those_of_each():
    worths = np.random.default_rng(7).normal(size=(8, 3, 2))

    found = shapley_values(worths)

    assert found.shape == (3, 3, 2)
    assert found[:, 1, 0] == pytest.approx(shapley_values(worths[:, 1, 0]), rel=1e-13)


def test_nobody_shares_nothing_and_a_broken_table_is_refused():
    assert shapley_values(np.ones((1, 4))).shape == (0, 4)
    for rows in (0, 3, 6):
        with pytest.raises(ValueError, match="2\\^n rows"):
            shapley_values(np.ones(rows))
