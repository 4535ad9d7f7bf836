"""How far an answer would move with other draws: the bootstrap.

Every resample is a row of weights that sum to one, so that an answer which is made of
weighted means is computed for all of them at once. Source: Efron & Tibshirani 1993.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.statistics import named_stream

Floats = NDArray[np.float64]
CONFIDENCE = 0.95
RESAMPLES = 1000
TAIL = (1.0 - CONFIDENCE) / 2.0
MOST_CELLS = 16_000_000  # weights held at once
FEWEST_ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; not a number where there is none."""

    value: float
    ci_lo: float
    ci_hi: float

    def is_above(self, level: float) -> bool:
        """Whether the whole interval lies above a level."""
        return bool(self.ci_lo > level)


def resample_weights(count: int, seed: int, purpose: str, rounds: int) -> Floats:
    """Rounds x count: how often each draw comes in a resample, over `count`.

    Very many draws get fewer rounds, to hold the weights in memory.
    """
    rounds = min(rounds, max(FEWEST_ROUNDS, MOST_CELLS // count))
    stream = named_stream(seed, f"bootstrap.{purpose}", 0)
    weights = np.empty((rounds, count))
    for row in weights:
        drawn = np.minimum((stream.random(count) * count).astype(np.int64), count - 1)
        row[:] = np.bincount(drawn, minlength=count)
    return weights / count


def even_weights(count: int) -> Floats:
    """One row: the sample as it is."""
    return np.full((1, count), 1.0 / count)


def percentile_estimate(value: float, resampled: Floats) -> Estimate:
    """An estimate with the percentile interval of its resamples."""
    low, high = _bounds(resampled)
    return Estimate(value, low, high)


def reflected_estimate(value: float, resampled: Floats) -> Estimate:
    """An estimate whose resamples are biased upwards: their interval, reflected."""
    low, high = _bounds(resampled)
    return Estimate(value, 2.0 * value - high, 2.0 * value - low)


def _bounds(resampled: Floats) -> tuple[float, float]:
    known = resampled[np.isfinite(resampled)]
    if len(known) == 0:
        return np.nan, np.nan
    low, high = np.quantile(known, [TAIL, 1.0 - TAIL])
    return float(low), float(high)
