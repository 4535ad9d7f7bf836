"""Values of a distribution into probabilities: its cumulative distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammainc, ndtr

from railsim.errors import InputError
from railsim.formulas.statistics import pert_shapes
from railsim.study.uncertainty import distributions as kinds
from railsim.study.uncertainty.distributions import Distribution

Floats = NDArray[np.float64]
Column = NDArray[Any]


def cdf(distribution: Distribution, x: Floats) -> Floats:
    """Probability of at most `x`, for distributions of numbers."""
    match distribution:
        case kinds.Constant(value=value):
            return (x >= float(value)).astype(np.float64)
        case kinds.Discrete(values=values, probabilities=weights):
            return _stairs(values, weights, x)
        case kinds.Empirical(values=values, between="step"):
            return _stairs(values, (1.0 / len(values),) * len(values), x)
        case kinds.Empirical(values=values):
            known = np.sort(np.array(values, dtype=np.float64))
            below = np.interp(x, known, np.linspace(0.0, 1.0, len(known)))
            return np.where(x >= known[-1], 1.0, np.where(x < known[0], 0.0, below))
        case kinds.Mixture(parts=parts):
            shares = [part.weight * cdf(part.of, x) for part in parts]
            return np.asarray(np.minimum(np.add.reduce(shares), 1.0))
        case kinds.Truncated(of=of, low=low, high=high):
            return _cut_cdf(of, low, high, x)
        case kinds.Normal(low=low, high=high) if (low, high) != (None, None):
            bell = distribution.whole()
            return _cut_cdf(bell, low, high, x)
        case _:
            return np.asarray(_smooth_cdf(distribution, x), dtype=np.float64)


def _smooth_cdf(distribution: Distribution, x: Floats) -> Column:
    match distribution:
        case kinds.Uniform(low=low, high=high):
            return _share(x, low, high)
        case kinds.Triangular(low=low, mode=mode, high=high):
            return _triangle(x, low, mode, high)
        case kinds.Pert(low=low, mode=mode, high=high):
            return betainc(*pert_shapes(low, mode, high), _share(x, low, high))
        case kinds.Beta(alpha=alpha, beta=beta, low=low, high=high):
            return betainc(alpha, beta, _share(x, low, high))
        case kinds.Normal(mean=mean, sd=sd):
            return ndtr((x - mean) / sd)
        case kinds.Lognormal():
            mu, sigma = distribution.log_moments()
            logs = each_of(lambda v: math.log(v) if v > 0 else -math.inf, x)
            return ndtr((logs - mu) / sigma) if sigma > 0 else 1.0 * (logs >= mu)
        case _:
            return _positive_cdf(distribution, x)


def _positive_cdf(distribution: Distribution, x: Floats) -> Column:
    match distribution:
        case kinds.Spliced(low=low, threshold=threshold, p_tail=p_tail):
            mode, alpha = distribution.shape()
            body = (1.0 - p_tail) * _triangle(x, low, mode, threshold)
            above = np.maximum(x / threshold, 1.0)
            tail = p_tail * each_of(lambda v: math.pow(v, -alpha), above)
            return np.where(x > threshold, 1.0 - tail, body)
        case kinds.Gamma(shape=shape, scale=scale, low=low):
            return gammainc(shape, np.maximum(x - low, 0.0) / scale)
        case kinds.Exponential(low=low, mean_above=mean_above):
            return -each_of(math.expm1, -np.maximum(x - low, 0.0) / mean_above)
        case kinds.Weibull(shape=shape, scale=scale, low=low):
            reach = np.maximum(x - low, 0.0) / scale
            return -each_of(lambda v: math.expm1(-math.pow(v, shape)), reach)
    raise AssertionError(f"no cumulative distribution for {distribution}")


def kept(
    of: Distribution, low: float | None, high: float | None
) -> tuple[float, float]:
    """Probabilities between which values from `low` to `high` lie.

    Raises InputError if none do.
    """
    begin = (
        0.0
        if low is None
        else float(cdf(of, np.array([np.nextafter(low, -math.inf)]))[0])
    )
    end = 1.0 if high is None else float(cdf(of, np.array([high]))[0])
    if not end > begin:
        raise InputError("nothing of the distribution lies between low and high")
    return begin, end


def each_of(function: Callable[[float], float], x: Floats) -> Floats:
    """A function of every number, by the same library on every processor."""
    return np.array(list(map(function, x.tolist())), dtype=np.float64)


def _stairs(values: tuple[Any, ...], weights: tuple[float, ...], x: Floats) -> Floats:
    order = np.argsort(np.array(values, dtype=np.float64), kind="stable")
    known = np.array(values, dtype=np.float64)[order]
    heights = np.append(0.0, np.cumsum(np.array(weights)[order]))
    reached = heights[np.searchsorted(known, x, side="right")]
    return np.asarray(np.minimum(reached, 1.0), dtype=np.float64)


def _cut_cdf(
    of: Distribution, low: float | None, high: float | None, x: Floats
) -> Floats:
    begin, end = kept(of, low, high)
    inside = (cdf(of, x) - begin) / (end - begin)
    return np.clip(inside, 0.0, 1.0)


def _share(x: Floats, low: float, high: float) -> Floats:
    if low == high:
        return (x >= low).astype(np.float64)
    return np.clip((x - low) / (high - low), 0.0, 1.0)


def _triangle(x: Floats, low: float, mode: float, high: float) -> Floats:
    if low == high:
        return (x >= low).astype(np.float64)
    inside = np.clip(x, low, high)
    rising = (inside - low) ** 2 / ((high - low) * max(mode - low, 1e-300))
    falling = 1.0 - (high - inside) ** 2 / ((high - low) * max(high - mode, 1e-300))
    return np.where(inside <= mode, np.where(mode > low, rising, 0.0), falling)
