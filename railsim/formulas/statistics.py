"""Chance in numbers: uniforms, the quantiles they become, precision of the answers.

Every variate comes from a uniform by inversion, so that alternatives which share
their uniforms share their luck (Law 2015).
"""

import math
from collections.abc import Callable, Sequence
from typing import TypedDict, overload
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv, stdtrit

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)

Array = NDArray[np.float64]
TIE = 1e-9  # relative; a rank on the very edge of its tail counts as inside


class Pert(TypedDict):
    """Shape and mean of a beta-PERT, and its quantile at u, or at each u."""

    alpha: float
    beta: float
    mean: float
    ppf: float | list[float]


@overload
def triangular_ppf(*, u: float, low: float, mode: float, high: float) -> float: ...


@overload
def triangular_ppf(
    *, u: Sequence[float], low: float, mode: float, high: float
) -> list[float]: ...


def triangular_ppf(
    *, u: float | Sequence[float], low: float, mode: float, high: float
) -> float | list[float]:
    """Return the quantile of a triangular distribution, in the unit of its corners.

    low + sqrt(u (high - low)(mode - low)) up to the mode, high - sqrt((1 - u)
    (high - low)(high - mode)) beyond; low = high gives that value. A list of u
    gives a list.
    Raises ValueError if u leaves 0 to 1 or the corners are not in order.
    Source: Vose 2008, Risk Analysis.
    """
    check_corners(low, mode, high)
    return map_chances(
        u, lambda chances: triangular_quantiles(chances, low, mode, high)
    )


def triangular_quantiles(u: Array, low: float, mode: float, high: float) -> Array:
    """Return the quantiles of a triangle at each u; see ``triangular_ppf``."""
    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1.0 - u) * width * (high - mode))
    reach = np.where(u * width <= mode - low, rising, falling)
    return np.asarray(np.clip(reach, low, high), dtype=np.float64)


def map_chances(
    u: float | Sequence[float], quantiles: Callable[[Array], Array]
) -> float | list[float]:
    """Return the quantile at u, or at each u of a sequence."""
    if not isinstance(u, Sequence | np.ndarray):
        require_share("u", u)
        return float(quantiles(np.array([u], dtype=np.float64))[0])
    for chance in u:
        require_share("u", chance)
    return [float(x) for x in quantiles(np.asarray(u, dtype=np.float64))]


def check_corners(low: float, mode: float, high: float) -> None:
    """Demand finite corners with low <= mode <= high."""
    for name, value in (("low", low), ("mode", mode), ("high", high)):
        require_finite(name, value)
    if high < low:
        raise ValueError(f"high must be at least low {low}, found {high}")
    if not low <= mode <= high:
        raise ValueError(f"mode must be from {low} to {high}, found {mode}")


def pert_ppf(
    *, u: float | Sequence[float], low: float, mode: float, high: float
) -> Pert:
    """Give the beta-PERT through three points and its quantile at u.

    alpha = 1 + 4 (mode - low) / (high - low), beta = 1 + 4 (high - mode) / (high -
    low), mean = (low + 4 mode + high) / 6, ppf = low + (high - low) * I^-1(u);
    low = high gives that value, with alpha = beta = 3. A list of u gives a list.
    Raises ValueError if u leaves 0 to 1 or the corners are not in order.
    Source: Malcolm et al. 1959; Vose 2008, Risk Analysis.
    """
    check_corners(low, mode, high)
    width = high - low
    alpha, beta = pert_shapes(low, mode, high)

    return {
        "alpha": alpha,
        "beta": beta,
        "mean": low + (4.0 * (mode - low) + width) / 6.0,
        "ppf": map_chances(u, lambda x: beta_quantiles(x, alpha, beta, low, high)),
    }


def pert_shapes(low: float, mode: float, high: float) -> tuple[float, float]:
    """Return both shapes of the beta distribution through three points."""
    width = high - low
    if width == 0:
        return 3.0, 3.0
    return 1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width


def beta_quantiles(
    u: Array, alpha: float, beta: float, low: float, high: float
) -> Array:
    """Return the quantiles at each u of a beta distribution from low to high."""
    share = np.asarray(betaincinv(alpha, beta, u), dtype=np.float64)
    return low + (high - low) * share


def quantile_ci_ranks(*, n: int, p: float, conf: float) -> dict[str, float]:
    """Find the order statistics which enclose a quantile with given confidence.

    lower = largest l with Bin(n, p).cdf(l - 1) <= a / 2, upper = smallest u with
    cdf(u - 1) >= 1 - a / 2, a = 1 - conf; 1-based. Samples too small to enclose it
    give lower 0 or upper n + 1: no bound on that side. ``coverage`` = cdf(upper - 1)
    - cdf(lower - 1).
    Raises ValueError if n is below 1 or p or conf not inside 0 to 1.
    Source: David & Nagaraja 2003, Order Statistics.
    """
    require_count("n", n, 1)
    for name, value in (("p", p), ("conf", conf)):
        require_finite(name, value)
        if not 0 < value < 1:
            raise ValueError(f"{name} must be inside 0 to 1, found {value}")
    count = int(n)
    cdf = np.append(0.0, bdtr(np.arange(count + 1), count, p))  # cdf[k] is P(X < k)
    tail = (1.0 - conf) / 2.0 * (1.0 + TIE)
    lower = int(np.searchsorted(cdf, tail, side="right")) - 1
    upper = int(np.searchsorted(cdf, 1.0 - tail, side="left"))
    coverage = float(cdf[upper] - cdf[lower])
    return {"lower": lower, "upper": upper, "coverage": coverage}


def relative_precision_runs(
    *, mean: float, sd: float, n0: int, gamma: float, conf: float
) -> int:
    """Count the runs needed for a mean known to a relative error gamma.

    Least n >= n0 with t(n - 1) sd / sqrt(n) <= gamma / (1 + gamma) |mean|, where t
    is Student's quantile at (1 + conf) / 2 and ``sd`` stays that of the n0 pilots.
    Raises ValueError if n0 is below 2, sd negative, gamma not positive, conf not
    inside 0 to 1, or the mean is 0 while sd is not.
    Source: Law 2015, Simulation Modeling and Analysis.
    """
    require_finite("mean", mean)
    require_nonnegative("sd", sd)
    require_count("n0", n0, 2)
    require_positive("gamma", gamma)
    require_finite("conf", conf)
    if not 0 < conf < 1:
        raise ValueError(f"conf must be inside 0 to 1, found {conf}")
    if mean == 0 and sd > 0:
        raise ValueError("mean must not be 0 where runs differ, found 0")
    target = gamma / (1.0 + gamma) * abs(mean)

    def is_enough(n: int) -> bool:
        t = float(stdtrit(n - 1, (1.0 + conf) / 2.0))
        return t * sd / math.sqrt(n) <= target

    high = int(n0)
    if is_enough(high):
        return high
    while not is_enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def mser(*, batch_means: Sequence[float]) -> dict[str, float]:
    """Find how many first batches to drop as warm-up.

    Drops the d <= n / 2 which minimises sum_{i > d} (x_i - mean_d)^2 / (n - d)^2,
    the least such d; ``statistic`` is that minimum, ``mean`` that of the batches
    kept. One batch is kept as it is. Raises ValueError if there are no batches.
    Source: White 1997; White, Cobb & Spratt 2000 (MSER-5).
    """
    require_sequence("batch_means", batch_means)
    count = len(batch_means)
    if count == 0:
        raise ValueError("batch_means must have at least one batch, found none")
    for value in batch_means:
        require_finite("batch_means", value)
    origin, mean, squares = batch_means[-1], 0.0, 0.0
    best, statistic, best_mean = count, math.inf, 0.0
    for kept in range(1, count + 1):
        step = batch_means[count - kept] - origin - mean
        mean += step / kept
        squares += step * (batch_means[count - kept] - origin - mean)
        if count - kept <= count // 2 and squares / kept**2 <= statistic:
            best, statistic, best_mean = count - kept, squares / kept**2, mean
    return {
        "truncate_batches": best,
        "statistic": statistic,
        "mean": float(origin + best_mean),
    }


def stream_uniforms(*, seed: int, name: str, replication: int, n: int) -> list[float]:
    """Draw the first n uniforms on [0, 1) of a named stream.

    PCG64 seeded by SeedSequence(seed, spawn_key=(replication, crc32(name))).
    Raises ValueError if seed, replication or n is negative or not whole.
    Source: O'Neill 2014 (PCG64); railsim model specification 2026, section 0.4.
    """
    for argument, value in (("seed", seed), ("replication", replication), ("n", n)):
        require_count(argument, value, 0)
    if not isinstance(name, str):
        raise ValueError(f"name must be a text, found {name!r}")
    return [float(u) for u in named_stream(seed, name, replication).random(int(n))]


def named_stream(seed: int, name: str, replication: int) -> np.random.Generator:
    """Open a named stream at its beginning; see ``stream_uniforms``."""
    key = (int(replication), crc32(name.encode("utf-8")))
    sequence = np.random.SeedSequence(entropy=int(seed), spawn_key=key)
    return np.random.Generator(np.random.PCG64(sequence))
