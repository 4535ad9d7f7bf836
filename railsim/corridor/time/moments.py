"""Mean and variance of times, for those who do not draw them.

Closed forms where there are any; of drives those of many quantiles.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.corridor.time.timing import Drive, SectionRun, Timing, central_hours, hours
from railsim.scenario.schema.timing import (
    Deterministic,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
)

MIDDLES: Floats = (np.arange(5000, dtype=np.float64) + 0.5) / 5000.0

Moments = tuple[float, float]  # mean in hours, variance in hours squared


@lru_cache(maxsize=8192)
def moments(timing: Timing, *, is_deterministic: bool) -> Moments:  # noqa: C901
    """Mean and variance of a time; of a world without chance its central value."""
    if is_deterministic:
        return central_hours(timing), 0.0
    match timing:
        case Deterministic():
            return timing.value_h, 0.0
        case Exponential():
            return timing.mean_h, timing.mean_h**2
        case Erlang():
            return timing.mean_h, timing.mean_h**2 / timing.shape
        case Gamma() | Lognormal():
            return timing.mean_h, (timing.cv * timing.mean_h) ** 2
        case Triangular():
            return triangular_moments(timing.low_h, timing.mode_h, timing.high_h)
        case Uniform():
            width = timing.high_h - timing.low_h
            return (timing.low_h + timing.high_h) / 2.0, width * width / 12.0
        case SectionRun():
            mean, variance = triangular_moments(*timing.disturbance)
            return timing.free_h * (1.0 + mean), timing.free_h**2 * variance
        case Empirical():
            return float(np.mean(timing.values_h)), float(np.var(timing.values_h))
        case Drive():
            times = hours(timing, MIDDLES)
            return float(np.mean(times)), float(np.var(times))


def triangular_moments(low: float, mode: float, high: float) -> Moments:
    """Mean and variance of a triangular quantity."""
    square = low * low + mode * mode + high * high
    mixed = low * mode + low * high + mode * high
    return (low + mode + high) / 3.0, (square - mixed) / 18.0


def powers_of_triangular(low: float, mode: float, high: float) -> tuple[float, ...]:
    """E[d], E[d^2] and E[d^3] of a triangular quantity: complete symmetric means."""
    mean = (low + mode + high) / 3.0
    square = low * low + mode * mode + high * high
    mixed = low * mode + low * high + mode * high
    cubes = low**3 + mode**3 + high**3
    crossed = (
        low * low * (mode + high)
        + mode * mode * (low + high)
        + high * high * (low + mode)
    )
    third = (cubes + crossed + low * mode * high) / 10.0
    return mean, (square + mixed) / 6.0, third
