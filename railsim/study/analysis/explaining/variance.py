"""Which share of an answer's variance comes from which input, and which from luck.

Sobol' indices by Jansen's estimator on the points of the design saltelli. The daily
luck is one more input there: A under the luck of B tells what luck does alone (first)
and with all that it changes (total). That is the noise of the simulation; the other
indices compare rows under the same luck and hold none of it.

The bootstrap treats base points as independent. Sobol' points are more even than that,
so the intervals are somewhat too wide. Source: Jansen 1999; Saltelli et al. 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

from railsim.errors import InputError
from railsim.formulas.sensitivity import weighted_jansen
from railsim.study.analysis import indices
from railsim.study.analysis.indices import Index
from railsim.study.analysis.resampling import (
    RESAMPLES,
    Estimate,
    even_weights,
    percentile_estimate,
    resample_weights,
)
from railsim.study.uncertainty.points import Points

Floats = NDArray[np.float64]
NEGLIGIBLE = 1e-9  # a total index that rounding explains
FIRST, TOTAL = "sobol_first", "sobol_total"


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """Sobol' indices of one answer.

    `luck_first`, `luck_total` the noise of the simulation, as shares of the variance;
    `dropped` base points left out because one of their runs failed.
    """

    variance: float
    indices: tuple[Index, ...]
    luck_first: Estimate
    luck_total: Estimate
    dropped: int


def variance_shares(points: Points, answer: Floats, *, seed: int) -> VarianceShares:
    """Sobol' indices of an answer at the points of a saltelli design.

    `answer` one number a point, NaN where the run failed. Raises InputError if the
    answer is the same everywhere or fewer than two base points are whole.
    """
    blocks = answer.reshape(-1, len(points.names) + 3)
    whole = blocks[np.all(np.isfinite(blocks), axis=1)]
    if len(whole) < 2 or np.ptp(whole[:, :2]) == 0:
        raise InputError("an answer that does not vary has no indices")
    f_a, f_b, f_ab = whole[:, 0], whole[:, 1], list(whole[:, 2:].T)
    found = weighted_jansen(f_a, f_b, f_ab, even_weights(len(whole)))
    weights = resample_weights(len(whole), seed, "sobol", RESAMPLES)
    again = weighted_jansen(f_a, f_b, f_ab, weights)
    first = _estimates(found[1], again[1])
    total = _estimates(found[2], again[2])
    return VarianceShares(
        variance=float(found[0][0]),
        indices=tuple(
            index
            for method, estimates in ((FIRST, first), (TOTAL, total))
            for index in _indices(method, points.names, estimates)
        ),
        luck_first=first[-1],
        luck_total=total[-1],
        dropped=len(blocks) - len(whole),
    )


def noise_share(answers: Floats) -> Estimate:
    """Share of variance that is luck, from runs of the same draws under other luck.

    `answers` draws x replications, two or more. The variance within draws over the
    whole variance of a single run; the variance between means of draws is freed of
    what luck left in them. The interval is Searle's, exact for normal answers.
    Source: Searle, Casella & McCulloch 1992, one-way random model.
    """
    draws, replications = answers.shape
    within = float(np.var(answers, axis=1, ddof=1).mean())
    between = float(np.var(answers.mean(axis=1), ddof=1)) * replications
    if within == 0 or between == 0:
        share = 0.0 if within == 0 else 1.0
        return Estimate(share, share, share)
    freedom = (draws - 1, draws * (replications - 1))
    ratio = between / within
    bounds = [ratio / float(fdtri(*freedom, p)) for p in (0.025, 0.975)]
    shares = [_share_of_luck(r, replications) for r in (ratio, *bounds)]
    return Estimate(shares[0], shares[1], shares[2])


def _share_of_luck(ratio: float, replications: int) -> float:
    between = max(ratio - 1.0, 0.0) / replications  # in units of the variance within
    return 1.0 / (1.0 + between)


def _estimates(found: Floats, again: Floats) -> list[Estimate]:
    return [
        percentile_estimate(float(value), column)
        for value, column in zip(found[0], again.T, strict=True)
    ]


def _indices(
    method: str, names: tuple[str, ...], estimates: list[Estimate]
) -> list[Index]:
    level = 0.0 if method == FIRST else NEGLIGIBLE
    return [
        Index(method, name, estimate, level, not estimate.is_above(level))
        for name, estimate in zip((*names, indices.LUCK), estimates, strict=True)
    ]
