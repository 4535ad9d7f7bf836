"""How sure an estimate is: means, shares, quantiles, differences, two fidelities.

All intervals hold 95 %. Source: Law 2015; Wilson 1927 for shares; David & Nagaraja 2003
for quantiles; Giles 2015 for two fidelities.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from railsim.formulas.statistics import quantile_ci_ranks
from railsim.study.analysis.resampling import CONFIDENCE, TAIL, Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """A difference between two alternatives under the same draws and luck.

    `variance_ratio` how much more variance two separate samples would have: (Var(Y1) +
    Var(Y0)) / Var(Y1 - Y0), infinite if every draw agrees.
    """

    difference: Estimate
    variance_ratio: float


@dataclass(frozen=True, slots=True)
class TwoLevelMean:
    """A mean of event answers, mostly from analytic ones.

    `analytic` the mean of those over all draws, `correction` event minus analytic over
    the first draws, `mean` both together. `cost_ratio` how many times more event runs
    alone would need for the same interval.
    """

    mean: Estimate
    analytic: Estimate
    correction: Estimate
    cost_ratio: float


def mean_estimate(values: Floats) -> Estimate:
    """Mean with Student's interval; no interval for a single value."""
    count = len(values)
    if count < 2:
        return Estimate(float(np.mean(values)), math.nan, math.nan)
    error = float(np.std(values, ddof=1)) / math.sqrt(count)
    return _around(float(np.mean(values)), error, count - 1)


def share_estimate(is_hit: Flags) -> Estimate:
    """Share of draws for which something holds, with Wilson's interval."""
    count, share = len(is_hit), float(np.mean(is_hit))
    z = float(ndtri(1.0 - TAIL))
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    scale = 1 + z * z / count
    low, high = (middle - half) / scale, (middle + half) / scale
    return Estimate(share, max(low, 0.0), min(high, 1.0))


def quantile_estimate(values: Floats, p: float) -> Estimate:
    """A quantile with its distribution-free interval between order statistics.

    A sample too small to enclose the quantile leaves that side infinite.
    """
    ranks = quantile_ci_ranks(n=len(values), p=p, conf=CONFIDENCE)
    fenced = np.concatenate([[-math.inf], np.sort(values), [math.inf]])
    low, high = fenced[int(ranks["lower"])], fenced[int(ranks["upper"])]
    return Estimate(float(np.quantile(values, p)), float(low), float(high))


def paired_difference(values: Floats, reference: Floats) -> PairedDifference:
    """Mean of values minus reference, draw by draw; a NaN on either side leaves both.

    Raises ValueError if lengths differ.
    """
    whole = np.isfinite(values) & np.isfinite(reference)
    change = values[whole] - reference[whole]
    apart = float(np.var(values[whole])) + float(np.var(reference[whole]))
    together = float(np.var(change))
    ratio = apart / together if together > 0 else math.inf
    return PairedDifference(mean_estimate(change), ratio)


def two_level_mean(analytic: Floats, event: Floats) -> TwoLevelMean:
    """Mean of the event model from N analytic and, of the first draws, n event answers.

    Mean of all analytic answers plus the mean of event minus analytic over the first n,
    n at least 2, no NaN. Variance s_a^2 / N + s_d^2 / n + 2 cov(a, d) / N, as the first
    draws are in both terms.
    """
    few, many = len(event), len(analytic)
    gap = event - analytic[:few]
    base, correction = mean_estimate(analytic), mean_estimate(gap)
    shared = float(np.cov(analytic[:few], gap)[0, 1])
    var_gap, var_all = float(np.var(gap, ddof=1)), float(np.var(analytic, ddof=1))
    variance = max(var_all / many + var_gap / few + 2.0 * shared / many, 0.0)
    mean = _around(base.value + correction.value, math.sqrt(variance), few - 1)
    alone = float(np.var(event, ddof=1)) / few
    return TwoLevelMean(
        mean, base, correction, alone / variance if variance > 0 else math.inf
    )


def half_width(estimate: Estimate) -> float:
    """Half the width of an interval."""
    return (estimate.ci_hi - estimate.ci_lo) / 2.0


def _around(value: float, error: float, freedom: int) -> Estimate:
    half = float(stdtrit(freedom, 1.0 - TAIL)) * error
    return Estimate(value, value - half, value + half)
