"""Rows of a sweep's tables: empty where there is nothing to say, never NaN."""

from dataclasses import astuple

import numpy as np
import pytest

from railsim.rows import columns_of
from railsim.study.analysis.indices import Index, SensitivityRow, sensitivity_rows
from railsim.study.analysis.resampling import Estimate
from railsim.study.analysis.tables import DecisionRow, SweepGridRow, sweep_grid_row
from railsim.study.uncertainty.sampling import InputRow

CELL = {"start": "2026.75", "package": "f2"}


@pytest.mark.parametrize("row", [SensitivityRow, DecisionRow, SweepGridRow, InputRow])
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


def test_an_index_that_noise_explains_is_left_empty():
    sure = Index("pawn", "a", Estimate(0.5, 0.4, np.nan), 0.1, is_noise=False)
    vague = Index("pawn", "b", Estimate(0.1, 0.0, 0.2), 0.1, is_noise=True)

    first, second = sensitivity_rows("eirr", [sure, vague])

    assert (first.value, first.ci_lo, first.ci_hi) == (0.5, 0.4, None)
    assert (second.value, second.ci_lo, second.noise_level) == (None, None, 0.1)
