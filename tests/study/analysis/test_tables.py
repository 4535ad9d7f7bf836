"""Rows of a sweep's tables: empty where there is nothing to say, never NaN."""

import numpy as np
import pytest

from railsim.rows import columns_of
from railsim.study.analysis.deciding.breakeven import breakeven_on_grid
from railsim.study.analysis.explaining.boxes import Box, Side
from railsim.study.analysis.goals import Verdict
from railsim.study.analysis.indices import Index, SensitivityRow, sensitivity_rows
from railsim.study.analysis.resampling import Estimate
from railsim.study.analysis.tables import (
    BoxRow,
    DecisionRow,
    box_rows,
    breakeven_row,
)
from railsim.study.uncertainty.sampling import InputRow


@pytest.mark.parametrize("row", [SensitivityRow, DecisionRow, BoxRow, InputRow])
def test_every_column_has_a_unit_and_a_meaning(row):
    assert all(unit and meaning for unit, meaning in columns_of(row).values())


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
