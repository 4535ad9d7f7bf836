"""Uniform numbers into values of a distribution.

Everything goes by inversion of the cumulative distribution, so that studies which
share their uniforms share their draws (Law 2015). Powers and exponentials are
taken number by number: vectorised ones differ in the last digit between processors.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri

from railsim.formulas.delivery import spliced_quantiles
from railsim.formulas.statistics import (
    beta_quantiles,
    pert_shapes,
    triangular_quantiles,
)
from railsim.study.uncertainty import distributions as kinds
from railsim.study.uncertainty.distributions import Distribution, Scalar
from railsim.study.uncertainty.probabilities import cdf, each_of, kept
from railsim.study.uncertainty.together import Split

Floats = NDArray[np.float64]
Column = NDArray[Any]
BISECTIONS = 200  # more than a double has digits, counting its exponent


def ppf(distribution: Distribution, u: Floats) -> Column:
    """Values at the uniforms `u`, each inside 0 to 1, by inverse transform.

    Numbers come as floats; words, truth values and whole numbers as objects of their
    own kind. The result has the shape of `u`, one-dimensional.
    """
    match distribution:
        case kinds.Constant(value=value):
            return _pick((value,), np.zeros(len(u), dtype=np.int64))
        case kinds.Discrete(values=values, probabilities=probabilities):
            return _pick(values, _steps(probabilities, u))
        case kinds.Bernoulli(p=p):
            return _pick((False, True), (u > 1.0 - p).astype(np.int64))
        case kinds.Mixture(drawn="by_part"):
            return _by_part(distribution, u)
        case kinds.Mixture():
            return _pooled(distribution, u)
        case kinds.Truncated(of=of, low=low, high=high):
            return _cut(of, low, high, u)
        case _:
            return _smooth(distribution, u)


def _smooth(distribution: Distribution, u: Floats) -> Floats:
    match distribution:
        case kinds.Uniform(low=low, high=high):
            return low + (high - low) * u
        case kinds.Triangular(low=low, mode=mode, high=high):
            return triangular_quantiles(u, low, mode, high)
        case kinds.Pert(low=low, mode=mode, high=high):
            return beta_quantiles(u, *pert_shapes(low, mode, high), low, high)
        case kinds.Beta(alpha=alpha, beta=beta, low=low, high=high):
            return beta_quantiles(u, alpha, beta, low, high)
        case kinds.Normal(low=low, high=high):
            bell = distribution.whole()
            if low is not None or high is not None:
                return _cut(bell, low, high, u)
            return distribution.mean + distribution.sd * scores_of(u)
        case kinds.Lognormal():
            mu, sigma = distribution.log_moments()
            return each_of(math.exp, mu + sigma * scores_of(u))
        case _:
            return _positive(distribution, u)


def _positive(distribution: Distribution, u: Floats) -> Floats:
    match distribution:
        case kinds.Spliced(low=low, threshold=threshold, p_tail=p_tail):
            mode, alpha = distribution.shape()
            return spliced_quantiles(u, low, mode, threshold, p_tail, alpha)
        case kinds.Gamma(shape=shape, scale=scale, low=low):
            return low + scale * np.asarray(gammaincinv(shape, u), dtype=np.float64)
        case kinds.Exponential(low=low, mean_above=mean_above):
            return low - mean_above * each_of(math.log1p, -u)
        case kinds.Weibull(shape=shape, scale=scale, low=low):
            hazard = -each_of(math.log1p, -u)
            return low + scale * each_of(lambda x: math.pow(x, 1.0 / shape), hazard)
        case kinds.Empirical(values=values, between=between):
            return _observed(np.sort(np.array(values, dtype=np.float64)), between, u)
    raise AssertionError(f"no quantiles for {distribution}")


def part_of(mixture: kinds.Mixture, u: Floats) -> NDArray[np.int64]:
    """Which part each uniform falls on, for a mixture that is drawn by part."""
    return _steps(tuple(part.weight for part in mixture.parts), u)


def split_shares(split: Split, u: Floats) -> Floats:
    """Dirichlet shares, draws x paths in the order of `means`, from as many uniforms.

    Each path's gamma variate over their sum; rows sum to one.
    """
    shapes = [split.concentration * mean for mean in split.means.values()]
    columns = [gammaincinv(shape, u[:, k]) for k, shape in enumerate(shapes)]
    amounts = np.column_stack(columns)
    total = amounts.sum(axis=1, keepdims=True)
    even = np.broadcast_to(list(split.means.values()), amounts.shape)
    return np.where(total > 0, amounts / np.where(total > 0, total, 1.0), even)


def scores_of(u: Floats) -> Floats:
    """Standard normal quantiles."""
    return np.asarray(ndtri(u), dtype=np.float64)


def _pick(values: tuple[Scalar, ...], index: NDArray[np.int64]) -> Column:
    if all(isinstance(value, float) for value in values):
        return np.array(values, dtype=np.float64)[index]
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column[index]


def _steps(weights: tuple[float, ...], u: Floats) -> NDArray[np.int64]:
    edges = np.cumsum(np.array(weights, dtype=np.float64))
    last = int(np.flatnonzero(np.array(weights) > 0)[-1])
    return np.minimum(np.searchsorted(edges, u, side="left"), last)


def _observed(known: Floats, between: str, u: Floats) -> Floats:
    if between == "linear":
        return np.interp(u, np.linspace(0.0, 1.0, len(known)), known)
    step = np.ceil(u * len(known)).astype(np.int64) - 1
    return np.asarray(known[np.maximum(step, 0)], dtype=np.float64)


def _by_part(mixture: kinds.Mixture, u: Floats) -> Column:
    weights = np.array([part.weight for part in mixture.parts], dtype=np.float64)
    chosen = part_of(mixture, u)
    begin = np.append(0.0, np.cumsum(weights))[chosen]
    inner = (u - begin) / weights[chosen]
    columns = [ppf(part.of, inner[chosen == k]) for k, part in enumerate(mixture.parts)]
    is_float = all(column.dtype == np.float64 for column in columns)
    found = np.empty(len(u), dtype=np.float64 if is_float else object)
    for k, column in enumerate(columns):
        found[chosen == k] = column
    return found


def _pooled(mixture: kinds.Mixture, u: Floats) -> Floats:
    columns = [ppf(p.of, u).astype(np.float64) for p in mixture.parts if p.weight > 0]
    low, high = np.min(columns, axis=0), np.max(columns, axis=0)
    for _ in range(BISECTIONS):
        middle = low + (high - low) / 2.0
        if np.all((middle == low) | (middle == high)):
            break
        is_enough = cdf(mixture, middle) >= u
        low = np.where(is_enough, low, middle)
        high = np.where(is_enough, middle, high)
    return np.asarray(np.where(cdf(mixture, low) >= u, low, high), dtype=np.float64)


def _cut(of: Distribution, low: float | None, high: float | None, u: Floats) -> Floats:
    begin, end = kept(of, low, high)
    values = ppf(of, begin + u * (end - begin)).astype(np.float64)
    return np.asarray(np.clip(values, low, high), dtype=np.float64)
