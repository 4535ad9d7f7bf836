"""Rows of a sweep's tables: empty where there is nothing to say, never NaN."""

from dataclasses import astuple

import numpy as np
import pytest

from railsim.rows import columns_of
from railsim.study.analysis.deciding.breakeven import breakeven_on_grid
from railsim.study.analysis.explaining.discovery import Box, Side
from railsim.study.analysis.goals import Verdict
from railsim.study.analysis.indices import Index, SensitivityRow, sensitivity_rows
from railsim.study.analysis.resampling import Estimate
from railsim.study.analysis.tables import (
    BoxRow,
    DecisionRow,
    SweepGridRow,
    box_rows,
    breakeven_row,
    sweep_grid_row,
)
from railsim.study.uncertainty.sampling import InputRow

CELL = {"start": "2026.75", "package": "f2"}


@pytest.mark.parametrize(
    "row", [SensitivityRow, DecisionRow, SweepGridRow, BoxRow, InputRow]
)
def test_every_column_has_a_unit_and_a_meaning(row):
    assert all(unit and meaning for unit, meaning in columns_of(row).values())


def test_a_cell_is_told_by_its_quantiles_and_its_distance_to_the_reference():
    reference = np.random.Generator(np.random.PCG64(1)).normal(size=101)

    row = sweep_grid_row(CELL, "eirr", reference + 2.0, reference)

    assert (row.scope, row.start, row.package) == ("", "2026.75", "f2")
    assert row.p50 == pytest.approx(np.median(reference) + 2)
    assert row.diff_vs_ref_mean == pytest.approx(2.0)
    assert row.n == 101


def test_the_reference_differs_from_itself_by_nothing():
    values = np.array([1.0, 2.0, 4.0])

    row = sweep_grid_row(CELL, "eirr", values, values)

    assert (row.diff_vs_ref_mean, row.diff_ci_lo, row.diff_ci_hi) == (0.0, 0.0, 0.0)
    assert row.variance_ratio is None


@pytest.mark.parametrize("values", [[np.nan, np.nan], [np.nan, 1.0]])
def test_failed_draws_leave_cells_empty_instead_of_nan(values):
    row = sweep_grid_row(CELL, "eirr", np.array(values), np.array([1.0, np.nan]))

    assert all(cell is None or cell == cell for cell in astuple(row))
    assert row.n == np.count_nonzero(np.isfinite(values))


def test_boxes_tell_every_demand_with_open_ends_empty():
    side = Side("fuel", -np.inf, 0.4, (), 1e-6)
    word = Side("package", -np.inf, np.inf, ("f1", "f3"), 0.02)

    first, second = box_rows("eirr < 0.09", [Box((side, word), 0.8, 0.9, 0.2)])

    assert (first.box, first.low, first.high, first.kept) == (1, None, 0.4, "")
    assert (second.high, second.kept, second.coverage) == (None, "f1;f3", 0.8)


def test_a_breakeven_row_says_whether_the_verdict_turns():
    verdict = Verdict(metric="enpv", of="mean", level=0.0)
    values = np.array([0.0, 1.0])

    once = breakeven_on_grid(values, np.array([[-1.0] * 3, [1.0] * 3]), verdict, seed=1)
    never = breakeven_on_grid(values, np.full((2, 3), -1.0), verdict, seed=1)

    assert breakeven_row("tariff", once).value == 0.5
    assert breakeven_row("tariff", never).metric == "breakeven_never"
    assert breakeven_row("tariff", never).value is None


def test_an_index_that_noise_explains_is_left_empty():
    sure = Index("pawn", "a", Estimate(0.5, 0.4, np.nan), 0.1, is_noise=False)
    vague = Index("pawn", "b", Estimate(0.1, 0.0, 0.2), 0.1, is_noise=True)

    first, second = sensitivity_rows("eirr", [sure, vague])

    assert (first.value, first.ci_lo, first.ci_hi) == (0.5, 0.4, None)
    assert (second.value, second.ci_lo, second.noise_level) == (None, None, 0.1)
