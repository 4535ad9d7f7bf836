"""What draws say of a cell, of a cell against another, and of two fidelities."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.study.sweep.estimating import Estimate, mean_of

Floats = NDArray[np.float64]
ROUNDING = 1e-12  # a spread below this share of the size is rounding, not chance


@dataclass(frozen=True, slots=True)
class Difference:
    """A number less that of a reference, draw by draw on the same draws."""

    estimate: Estimate
    variance_ratio: float


@dataclass(frozen=True, slots=True)
class TwoLevels:
    """Closed forms over many draws, corrected by events over a few (Giles 2015)."""

    analytic: Estimate
    correction: Estimate

    @property
    def mean(self) -> float:
        """Unbiased for the mean of the event model."""
        return self.analytic.mean + self.correction.mean

    @property
    def half_width(self) -> float:
        """Of both together; the draws they share are few among the many."""
        return math.hypot(self.analytic.half_width, self.correction.half_width)


def known(values: Floats) -> Floats:
    """Those that are numbers."""
    return values[np.isfinite(values)]


def quantiles(values: Floats, probabilities: tuple[float, ...]) -> list[float]:
    """Type 7; NaN without values."""
    if not len(values):
        return [math.nan] * len(probabilities)
    return [float(q) for q in np.quantile(values, probabilities)]


def difference(values: Floats, reference: Floats) -> Difference:
    """Mean difference, and what pairing the draws is worth.

    The ratio is infinite where the difference is the same in every draw.
    """
    both = np.isfinite(values) & np.isfinite(reference)
    one, other = values[both], reference[both]
    estimate = mean_of(one - other)
    apart = mean_of(one).sd ** 2 + mean_of(other).sd ** 2
    paired = estimate.sd**2
    size = max(math.fsum(np.abs(one)), math.fsum(np.abs(other)), 0.0)
    is_rounding = paired <= (ROUNDING * size / max(len(one), 1)) ** 2
    return Difference(estimate, math.nan if is_rounding else apart / paired)


def two_levels(analytic: Floats, event: Floats, shared: Floats) -> TwoLevels:
    """`shared` are the analytic numbers of the draws that `event` has, in its order."""
    return TwoLevels(mean_of(known(analytic)), mean_of(known(event - shared)))
