import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.charts import tcd_points

AMOUNTS = st.floats(0, 1e4)
STEPS = st.lists(
    st.tuples(st.just("Hekou"), st.just("rail"), AMOUNTS, AMOUNTS, AMOUNTS)
)


@given(STEPS)
@settings(deadline=None)
def test_the_last_point_holds_the_totals(rows):
    points = tcd_points(rows=[list(row) for row in rows])

    totals = [math.fsum(row[field] for row in rows) for field in (2, 3, 4)]
    assert len(points) == len(rows)
    assert not rows or points[-1][2:] == pytest.approx(totals)


@given(STEPS)
@settings(deadline=None)
def test_a_journey_never_runs_backwards(rows):
    points = tcd_points(rows=rows)

    for field in (2, 3, 4):
        values = [point[field] for point in points]
        assert values == sorted(values)


def test_each_column_has_its_own_sum():
    points = tcd_points(rows=[["A", "load", 0, 2, 30], ["B", "rail", 50, 1, -5]])

    assert points == [["A", "load", 0, 2, 30], ["B", "rail", 50, 3, 25]]


def test_the_rows_given_are_left_alone():
    rows = [["A", "load", 0, 2, 30], ["B", "rail", 50, 1, 5]]

    tcd_points(rows=rows)

    assert rows == [["A", "load", 0, 2, 30], ["B", "rail", 50, 1, 5]]


@pytest.mark.parametrize(
    "row",
    [
        ["A", "load", 0, 2],
        ["A", "load", -1, 2, 3],
        ["A", "load", 1, -2, 3],
        ["A", "load", 1, 2, math.nan],
        ["A", "load", "1", 2, 3],
        "A",
    ],
)
def test_an_impossible_row_is_refused(row):
    with pytest.raises(ValueError, match="rows"):
        tcd_points(rows=[row])
