"""A tree splits where impurity falls most; its leaves hold every draw once."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.errors import InputError
from railsim.study.analysis.explaining.tree import grow_tree
from railsim.study.analysis.inputs import as_inputs
from tests.study.analysis.models import lay

NAMES = ("fuel", "growth", "cost", "speed")


def drawn(count=2000, seed=5):
    """Inputs, and their uniforms."""
    u = lay("monte_carlo", NAMES, count, seed).u
    return as_inputs(dict(zip(NAMES, u.T, strict=True))), u


def test_a_known_box_is_a_leaf():
    inputs, u = drawn()
    is_case = (u[:, 0] > 0.6) & (u[:, 2] < 0.5)

    first = grow_tree(inputs, is_case)[0]

    found = {side.param: side for side in first.sides}
    assert found.keys() == {"fuel", "cost"}
    assert found["fuel"].low == pytest.approx(0.6, abs=0.01)
    assert found["cost"].high == pytest.approx(0.5, abs=0.01)
    assert (first.coverage, first.density) == (1.0, 1.0)


def test_both_ends_of_an_input_are_seen():
    inputs, u = drawn()
    is_case = (u[:, 1] < 0.25) | (u[:, 1] > 0.75)

    leaves = grow_tree(inputs, is_case)

    dense = [leaf for leaf in leaves if leaf.density == 1.0]
    assert math.fsum(leaf.coverage for leaf in dense) == pytest.approx(1.0)
    assert {leaf.sides[0].param for leaf in dense} == {"growth"}


def test_words_are_cut_between_those_that_are_seldom_and_often_cases():
    package = ["f1", "f2", "f3", "f4"] * 200
    inputs = as_inputs({"package": package, "u": drawn(800)[1][:, 0]})
    is_case = np.array([word in {"f1", "f3"} for word in package])

    first, last = grow_tree(inputs, is_case)

    assert (first.sides[0].kept, first.density) == (("f1", "f3"), 1.0)
    assert (last.sides[0].kept, last.density) == (("f2", "f4"), 0.0)


def gini(cases):
    """Impurity times draws, by its definition."""
    p = np.mean(cases)
    return len(cases) * (1 - p**2 - (1 - p) ** 2)


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=60))
@settings(max_examples=200, deadline=None)
def test_the_first_split_is_the_best_of_all(pairs):
    x = np.array([float(value) for value, _ in pairs])
    is_case = np.array([case for _, case in pairs])
    if is_case.all() or not is_case.any():
        return

    leaves = grow_tree(as_inputs({"x": x}), is_case, depth=1)

    least = max(1, math.ceil(0.05 * len(x)))
    options = [
        gini(is_case[x <= cut]) + gini(is_case[x > cut])
        for cut in np.unique(x)[:-1]
        if min((x <= cut).sum(), (x > cut).sum()) >= least
    ]
    found = math.fsum(
        2 * len(x) * leaf.mass * leaf.density * (1 - leaf.density) for leaf in leaves
    )
    assert found == pytest.approx(min([gini(is_case), *options]), abs=1e-9)


@given(st.integers(0, 1000), st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_leaves_hold_every_draw_and_every_case_once(seed, depth):
    inputs, u = drawn(200, seed)
    is_case = u.sum(axis=1) > 2.2

    leaves = grow_tree(inputs, is_case, depth=depth)

    assert len(leaves) <= 2**depth
    assert math.fsum(leaf.mass for leaf in leaves) == pytest.approx(1.0)
    assert math.fsum(leaf.coverage for leaf in leaves) == pytest.approx(1.0)
    assert all(leaf.mass >= 0.05 for leaf in leaves)


def test_a_tree_needs_cases_and_others():
    inputs, _ = drawn(50)

    with pytest.raises(InputError, match="boxes need draws"):
        grow_tree(inputs, np.zeros(50, dtype=bool))
