"""Times as inverse transforms of uniform numbers, on arrays.

Every time of the model is `hours(u)` of something declared here. scipy.special and
numpy's plain arithmetic are used, never numpy's own exp and log, whose last bit depends
on the processor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from railsim.corridor.arrays import Floats
from railsim.scenario.schema.network import Link
from railsim.scenario.schema.timing import (
    Deterministic,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Lognormal,
    Triangular,
    Uniform,
)


@dataclass(frozen=True, slots=True)
class Drive:
    """Length over a triangular speed, breaks of the driver, a fixed addition."""

    length_km: float
    speed_km_per_h: tuple[float, float, float]
    spell_h: float
    break_h: float
    extra_h: float


@dataclass(frozen=True, slots=True)
class SectionRun:
    """A section at its free running time, stretched by a triangular disturbance."""

    free_h: float
    disturbance: tuple[float, float, float]


Timing = Distribution | Drive | SectionRun


def timing_of_link(link: Link) -> Timing:
    """The time a link takes, as its author gave it."""
    if link.time is not None:
        return link.time
    assert link.speed_km_per_h is not None
    return Drive(
        length_km=link.length_km,
        speed_km_per_h=link.speed_km_per_h,
        spell_h=link.rest.spell_h if link.rest else math.inf,
        break_h=link.rest.break_h if link.rest else 0.0,
        extra_h=link.extra_h,
    )


def hours(timing: Timing, u: Floats) -> Floats:  # noqa: C901  one case a kind
    """Inverse cumulative distribution of a time at uniforms u, in hours, any shape."""
    match timing:  # the commonest first
        case SectionRun():
            return timing.free_h * (1.0 + triangular(u, *timing.disturbance))
        case Triangular():
            return triangular(u, timing.low_h, timing.mode_h, timing.high_h)
        case Lognormal():
            return _lognormal(u, timing.mean_h, timing.cv)
        case Drive():
            return _drive(1.0 - u, timing)
        case Deterministic():
            return np.full(u.shape, timing.value_h)
        case Exponential():
            return np.asarray(-timing.mean_h * special.log1p(-u), dtype=np.float64)
        case Erlang():
            return _gamma(u, float(timing.shape), timing.mean_h)
        case Gamma():
            return _gamma(u, timing.cv**-2, timing.mean_h)
        case Uniform():
            return timing.low_h + u * (timing.high_h - timing.low_h)
        case Empirical():
            values = np.sort(np.asarray(timing.values_h))
            return values[
                np.minimum((u * len(values)).astype(np.int64), len(values) - 1)
            ]


def mean_hours(timing: Timing) -> float:
    """Mean of a time; of a drive and of an empirical one by its middle quantiles."""
    match timing:
        case Deterministic():
            return timing.value_h
        case Exponential() | Erlang() | Gamma() | Lognormal():
            return timing.mean_h
        case Triangular():
            return (timing.low_h + timing.mode_h + timing.high_h) / 3.0
        case Uniform():
            return (timing.low_h + timing.high_h) / 2.0
        case Empirical():
            return math.fsum(timing.values_h) / len(timing.values_h)
        case Drive() | SectionRun():
            return float(np.mean(hours(timing, (np.arange(200) + 0.5) / 200)))


def central_hours(timing: Timing) -> float:
    """The declared central value: mode of a triangular time, mean of the others."""
    match timing:
        case Triangular():
            return timing.mode_h
        case Drive():
            likely = timing.speed_km_per_h[1]
            steady = replace(timing, speed_km_per_h=(likely, likely, likely))
            return float(hours(steady, np.array([0.5]))[0])
        case SectionRun():
            return timing.free_h * (1.0 + timing.disturbance[1])
        case _:
            return mean_hours(timing)


def triangular(u: Floats, low: float, mode: float, high: float) -> Floats:
    """Inverse of the triangular distribution; a point when low equals high."""
    width = high - low
    if width == 0.0:
        return np.full(u.shape, low)
    reached = u * width
    times: Floats = high - np.sqrt((1.0 - u) * width * (high - mode))
    left = np.nonzero(reached < mode - low)
    times[left] = low + np.sqrt(reached[left] * (mode - low))
    return times


def _gamma(u: Floats, shape: float, mean: float) -> Floats:
    return np.asarray(special.gammaincinv(shape, u) * (mean / shape), dtype=np.float64)


def _lognormal(u: Floats, mean: float, cv: float) -> Floats:
    variance = math.log1p(cv * cv)
    z = special.ndtri(u)
    exponent = math.log(mean) - variance / 2.0 + math.sqrt(variance) * z
    return np.asarray(special.inv_boxcox(exponent, 0.0), dtype=np.float64)


def _drive(u: Floats, drive: Drive) -> Floats:
    wheel = drive.length_km / triangular(u, *drive.speed_km_per_h)
    if not math.isfinite(drive.spell_h):
        return wheel + drive.extra_h
    breaks = np.maximum(np.ceil(wheel / drive.spell_h) - 1.0, 0.0)
    return wheel + breaks * drive.break_h + drive.extra_h
