"""PRIM finds a box that was put there, and says how sure it is of each side."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from railsim.errors import InputError
from railsim.study.analysis.explaining.boxes import Bounds
from railsim.study.analysis.explaining.discovery import find_boxes, paste, peeling
from railsim.study.analysis.inputs import as_inputs
from tests.study.analysis.models import lay

NAMES = ("fuel", "growth", "cost", "speed")


def drawn(count=2000, seed=5):
    u = lay("monte_carlo", NAMES, count, seed).u
    return as_inputs(dict(zip(NAMES, u.T, strict=True))), u


def sides(box):
    return {side.param: side for side in box.sides}


def test_a_known_box_is_found_with_its_edges():
    inputs, u = drawn()
    is_case = (u[:, 0] > 0.6) & (u[:, 2] < 0.5)

    (box,) = find_boxes(inputs, is_case, most=1)

    found = sides(box)
    assert found["fuel"].low == pytest.approx(0.6, abs=0.03)
    assert found["cost"].high == pytest.approx(0.5, abs=0.03)
    assert box.coverage > 0.9
    assert box.density > 0.9


def test_sides_that_do_nothing_are_told_by_their_quasi_p_value():
    inputs, u = drawn()
    blurred = lay("monte_carlo", ("z",), len(u), 9).u[:, 0] < 0.8
    is_case = (u[:, 0] > 0.6) & (u[:, 2] < 0.5) & blurred

    (box,) = find_boxes(inputs, is_case, most=1)

    found = sides(box)
    assert found["fuel"].quasi_p_value < 1e-6
    assert found["cost"].quasi_p_value < 1e-6
    others = [s.quasi_p_value for n, s in found.items() if n not in ("fuel", "cost")]
    assert all(p > 1e-4 for p in others)


def test_the_quasi_p_value_is_a_tail_of_the_binomial():
    inputs = as_inputs({"x": np.arange(100.0)})
    is_case = np.arange(100) >= 90

    (box,) = find_boxes(inputs, is_case, most=1)

    inside = round(box.mass * 100)
    cases = round(box.coverage * 10)
    expected = binom.sf(cases - 1, inside, 0.1)
    assert box.sides[0].quasi_p_value == pytest.approx(expected)


def test_a_second_box_covers_what_the_first_left():
    inputs, u = drawn(4000)
    corner = (u[:, 0] > 0.5) & (u[:, 1] > 0.5)
    other = (u[:, 2] < 0.2) & (u[:, 3] < 0.4)

    boxes = find_boxes(inputs, corner | other, most=3)

    assert sum(box.coverage for box in boxes[:2]) > 0.85
    assert boxes[0].density > 0.85


def test_words_are_kept_or_left_out():
    inputs = as_inputs({"package": ["f1", "f2", "f3"] * 200, "u": drawn(600)[1][:, 0]})
    is_case = np.array([word == "f2" for word in ["f1", "f2", "f3"] * 200])

    (box,) = find_boxes(inputs, is_case, most=1)

    assert box.sides[0].kept == ("f2",)
    assert (box.coverage, box.density) == (1.0, 1.0)


def test_no_side_is_kept_that_costs_cases_for_nothing():
    for seed in range(6):
        inputs, u = drawn(600, seed)
        is_case = (u[:, 0] > 0.5) & (u[:, 1] > 0.3) & (u[:, 2] < 0.9)
        (box,) = find_boxes(inputs, is_case, most=1)

        inside = [
            (inputs.column(s.param) >= s.low) & (inputs.column(s.param) <= s.high)
            for s in box.sides
        ]
        for k in range(len(inside)):
            without = np.all(inside[:k] + inside[k + 1 :], axis=0)
            assert np.mean(is_case[without]) < box.density


def test_pasting_widens_a_box_to_where_the_cases_end():
    inputs, u = drawn(1000)
    free = np.full(4, np.inf)
    narrow = Bounds(np.array([0.7, 0.2, -np.inf, -np.inf]), free, frozenset())

    wide = paste(inputs, u[:, 0] > 0.5, np.ones(1000, dtype=bool), narrow)

    assert wide.low[0] == pytest.approx(0.5, abs=0.01)
    assert wide.low[1] == -np.inf


def test_boxes_shrink_and_thicken_on_the_way():
    inputs, u = drawn(500)

    way = peeling(inputs, u[:, 0] + u[:, 1] > 1.2)

    masses = [box.mass for box in way]
    assert masses == sorted(masses, reverse=True)
    assert way[0].mass == way[0].coverage == 1.0
    assert way[-1].density > 0.95


@given(st.integers(0, 200), st.integers(20, 60))
@settings(max_examples=20, deadline=None)
def test_coverage_density_and_mass_agree(seed, percent):
    inputs, u = drawn(200, seed)
    is_case = u[:, 0] * u[:, 1] < percent / 100

    for box in find_boxes(inputs, is_case, most=2):
        cases = np.count_nonzero(is_case)
        assert box.coverage * cases == pytest.approx(box.density * box.mass * 200)
        assert box.mass >= 0.05


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_cases_everywhere_or_nowhere_make_no_box(share):
    inputs, _ = drawn(100)

    with pytest.raises(InputError, match="where it does not"):
        find_boxes(inputs, np.full(100, share > 0), most=1)
