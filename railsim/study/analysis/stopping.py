"""When there are draws enough: goals for the precision of several metrics at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.statistics import relative_precision_runs
from railsim.study.analysis.goals import Goal
from railsim.study.analysis.precision import (
    half_width,
    mean_estimate,
    quantile_estimate,
    share_estimate,
)
from railsim.study.analysis.resampling import CONFIDENCE, Estimate

Floats = NDArray[np.float64]
LEAST_DRAWS = 10


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one goal is: `draws_needed` in all, if the spread stays as it is."""

    metric: str
    estimate: Estimate
    goal_half_width: float
    draws: int
    draws_needed: int
    is_met: bool


def progress_towards(
    goals: Sequence[Goal], values: Mapping[str, Floats]
) -> tuple[Progress, ...]:
    """How far every goal is, from the finished draws of each metric.

    Draws that failed are NaN and do not count. A goal is never met below ten draws.
    """
    return tuple(_progress(goal, values[goal.metric]) for goal in goals)


def is_enough(progress: Sequence[Progress]) -> bool:
    """Whether the study may stop: every goal is met."""
    return all(step.is_met for step in progress)


def _progress(goal: Goal, values: Floats) -> Progress:
    known = values[np.isfinite(values)]
    count = len(known)
    if count < LEAST_DRAWS:
        nothing = Estimate(math.nan, math.nan, math.nan)
        return Progress(goal.metric, nothing, math.nan, count, LEAST_DRAWS, False)
    estimate = _estimate(goal, known)
    wanted = _wanted(goal, estimate)
    found = half_width(estimate)
    is_met = found <= wanted
    needed = count if is_met else _needed(goal, known, found, wanted)
    return Progress(goal.metric, estimate, wanted, count, needed, is_met)


def _estimate(goal: Goal, values: Floats) -> Estimate:
    match goal:
        case Goal(of="share", above=float(above)):
            return share_estimate(values > above)
        case Goal(of="quantile", p=float(p)):
            return quantile_estimate(values, p)
    return mean_estimate(values)


def _wanted(goal: Goal, estimate: Estimate) -> float:
    if goal.half_width is not None:
        return goal.half_width
    assert goal.relative is not None
    return goal.relative / (1.0 + goal.relative) * abs(estimate.value)


def _needed(goal: Goal, values: Floats, found: float, wanted: float) -> int:
    count = len(values)
    if goal.relative is not None and float(np.mean(values)) != 0.0:
        return relative_precision_runs(
            mean=float(np.mean(values)),
            sd=float(np.std(values, ddof=1)),
            n0=count,
            gamma=goal.relative,
            conf=CONFIDENCE,
        )
    if not math.isfinite(found) or wanted == 0.0:
        return 2 * count
    return max(count + 1, math.ceil(count * (found / wanted) ** 2))
