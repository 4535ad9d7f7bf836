"""The grid of half-years."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.project.halves import Halves

FOUR = Halves.of_years(2030, 2031)


def test_halves_begin_and_end_in_june_and_december():
    assert FOUR.begins.tolist() == [2030.0, 2030.5, 2031.0, 2031.5]
    assert FOUR.ends.tolist() == [2030.5, 2031.0, 2031.5, 2032.0]
    assert FOUR.mids.tolist() == [2030.25, 2030.75, 2031.25, 2031.75]
    assert FOUR.years.tolist() == [2030, 2030, 2031, 2031]


def test_a_half_is_open_for_the_part_after_the_opening():
    assert FOUR.open_share(2030.75).tolist() == [0.0, 0.5, 1.0, 1.0]


def test_amounts_of_a_year_fall_on_what_is_open_of_it():
    found = FOUR.spread(np.array([9.0, 4.0]), 2030.25)

    assert found.tolist() == pytest.approx([3.0, 6.0, 2.0, 2.0])


@given(st.lists(st.floats(0, 1e9), min_size=3, max_size=3), st.floats(2029, 2034))
def test_spreading_loses_nothing_whenever_the_line_opens(yearly, opening):
    halves = Halves.of_years(2030, 2032)

    spread = halves.spread(np.array(yearly), opening)

    assert halves.yearly(spread) == pytest.approx(yearly)
