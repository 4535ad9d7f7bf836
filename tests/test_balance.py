"""Checks that are always on, as rows."""

import math

import pytest

from railsim.balance import Check, CheckRow, check_rows


@pytest.mark.parametrize(
    ("residual", "is_met"), [(-0.5, True), (-0.6, False), (math.nan, False)]
)
def test_a_check_allows_what_rounding_may_leave(residual, is_met):
    (row,) = check_rows("with", [Check("cash closes", "owner", residual, 0.5)])

    assert row.is_met is is_met


def test_every_check_is_a_row():
    row = CheckRow("with", "cash closes", "owner", 0.0, 1.0, is_met=True)

    assert list(check_rows("with", [Check("cash closes", "owner", 0.0, 1.0)])) == [row]
