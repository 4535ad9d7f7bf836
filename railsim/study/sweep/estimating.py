"""Means, chances and differences of draws, each with its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over draws; NaN where nothing can be said."""

    n: int
    mean: float
    sd: float
    half_width: float

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half_width


def mean_of(values: Sequence[float] | Floats) -> Estimate:
    """Mean with its Student interval; infinite below two draws."""
    n = len(values)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.inf)
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate(1, mean, math.nan, math.inf)
    sd = math.sqrt(math.fsum((v - mean) ** 2 for v in values) / (n - 1))
    return Estimate(n, mean, sd, student(n - 1) * sd / math.sqrt(n))


def chance_of(hits: Sequence[float]) -> Estimate:
    """Share of hits with the half-width of Wilson's interval."""
    n = len(hits)
    if n == 0:
        return Estimate(0, math.nan, math.nan, math.inf)
    share, z = math.fsum(hits) / n, normal()
    scale = 1.0 + z * z / n
    spread = math.sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n))
    sd = math.sqrt(share * (1.0 - share))
    return Estimate(n, share, sd, z / scale * spread)


def student(degrees: int) -> float:
    """The two-sided quantile of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + CONFIDENCE / 2.0))


def normal() -> float:
    """The two-sided quantile of the normal distribution."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + CONFIDENCE / 2.0))
