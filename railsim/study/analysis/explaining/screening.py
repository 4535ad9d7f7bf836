"""What happens when one input moves: elementary effects and the tornado.

Source: Morris 1991; Campolongo, Cariboni & Saltelli 2007.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from railsim.errors import InputError
from railsim.study.analysis.indices import Index
from railsim.study.analysis.resampling import (
    RESAMPLES,
    TAIL,
    Estimate,
    percentile_estimate,
    resample_weights,
)
from railsim.study.uncertainty.designs import Morris
from railsim.study.uncertainty.points import Points

Floats = NDArray[np.float64]


def elementary_effects(points: Points, design: Morris, answer: Floats) -> Floats:
    """Effects, trajectories x factors, for a whole range of a factor's levels.

    Change of the answer over the step, as a share of the range of the levels; NaN
    where a run failed. Both runs of an effect share their luck.
    """
    count = len(points.names)
    paths = points.u.reshape(-1, count + 1, count)
    values = answer.reshape(-1, count + 1)
    moved = points.moved.reshape(-1, count + 1)[:, 1:]
    steps = np.take_along_axis(np.diff(paths, axis=1), moved[:, :, None], axis=2)
    reach = steps[:, :, 0] / (1.0 - 2.0 * design.margin_share)
    effects = np.empty(moved.shape)
    np.put_along_axis(effects, moved, np.diff(values, axis=1) / reach, axis=1)
    return effects


def screen(
    points: Points, design: Morris, answer: Floats, *, seed: int
) -> tuple[Index, ...]:
    """Morris' mu, mu* and sigma of every factor, with bootstrap intervals.

    mu the mean effect, mu* that of its size, sigma the spread between trajectories
    (with one degree of freedom less). In the unit of the answer. Raises InputError if
    fewer than two trajectories are whole.
    """
    effects = elementary_effects(points, design, answer)
    whole = effects[np.all(np.isfinite(effects), axis=1)]
    count = len(whole)
    if count < 2:
        raise InputError("elementary effects need at least two whole trajectories")
    weights = resample_weights(count, seed, "morris", RESAMPLES)
    mean, size = weights @ whole, weights @ np.abs(whole)
    spread = np.sqrt(np.maximum(weights @ whole**2 - mean**2, 0) * count / (count - 1))
    found = (
        ("morris_mu", whole.mean(axis=0), mean),
        ("morris_mu_star", np.abs(whole).mean(axis=0), size),
        ("morris_sigma", whole.std(axis=0, ddof=1), spread),
    )
    return tuple(
        _effect(method, name, percentile_estimate(float(values[k]), again[:, k]))
        for method, values, again in found
        for k, name in enumerate(points.names)
    )


def _effect(method: str, name: str, estimate: Estimate) -> Index:
    is_noise = not (estimate.ci_lo > 0.0 or estimate.ci_hi < 0.0)
    return Index(method, name, estimate, 0.0, is_noise)


@dataclass(frozen=True, slots=True)
class Swing:
    """What one input does to an answer from its low to its high value.

    `at_low`, `at_high` means over the repetitions; `swing` high minus low, paired under
    the same luck, without an interval if there is only one repetition.
    """

    param: str
    base: float
    at_low: float
    at_high: float
    swing: Estimate
    is_noise: bool


def tornado(points: Points, answer: Floats) -> list[Swing]:
    """Swings of every input at the points of a one_at_a_time design, largest first.

    A repetition in which any run failed is left out. Raises InputError if none is left.
    """
    count = len(points.names)
    runs = answer.reshape(-1, 2 * count + 1)
    runs = runs[np.all(np.isfinite(runs), axis=1)]
    if len(runs) == 0:
        raise InputError("a run failed in every repetition")
    swings = [
        _swing(name, runs[:, 0], runs[:, 1 + 2 * k], runs[:, 2 + 2 * k])
        for k, name in enumerate(points.names)
    ]
    return sorted(swings, key=lambda s: -abs(s.swing.value))


def _swing(name: str, base: Floats, low: Floats, high: Floats) -> Swing:
    change = high - low
    value = float(np.mean(change))
    half = np.nan
    if len(change) > 1:
        error = float(np.std(change, ddof=1)) / np.sqrt(len(change))
        half = float(stdtrit(len(change) - 1, 1.0 - TAIL)) * error
    is_noise = value == 0.0 or abs(value) <= half
    return Swing(
        name,
        float(np.mean(base)),
        float(np.mean(low)),
        float(np.mean(high)),
        Estimate(value, value - half, value + half),
        bool(is_noise),
    )
