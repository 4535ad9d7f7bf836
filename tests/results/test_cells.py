"""CSV cells: no formulas, no NaN, nothing lost."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.results.cells import read_csv, write_cell, write_csv


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_looks_like_a_formula_is_quoted(sign):
    assert write_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1402.0, "1402"),
        (-5.25, "-5.25"),
        (1.0 / 3.0, "0.3333333333"),
        (math.nan, ""),
        (math.inf, ""),
        (2026, "2026"),
        (None, ""),
    ],
)
def test_numbers_are_short_and_missing_is_empty(number, written):
    assert write_cell(number) == written


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
def test_text_comes_back_as_it_was(rows):
    content = write_csv(["昆明", "b"], rows)

    header, found = read_csv(content)

    assert header == ["昆明", "b"]
    assert found == rows


@pytest.mark.parametrize("content", [b"", b"a,b\n1\n", b"\xff", b'a\n"x\n'])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(ValueError, match=r"."):
        read_csv(content)
