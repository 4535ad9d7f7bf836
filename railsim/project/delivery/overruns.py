"""What a reference class says a cost comes to, over the approved total."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from railsim.formulas.delivery import (
    lognormal_from_mean_quantile,
    lognormal_from_mean_sd,
    lognormal_from_two_quantiles,
    spliced_overrun,
)
from railsim.scenario.schema.worth.overruns import (
    ListedClass,
    LognormalClass,
    MeanQuantileClass,
    MomentsClass,
    ReferenceClass,
    SplicedClass,
    TwoQuantilesClass,
)
from railsim.traffic import Floats


def overruns(like: ReferenceClass, u: Floats, limit: float | None = None) -> Floats:
    """Outturn over budget at quantiles `u` inside 0 to 1, greater ones cut to `limit`.

    Reference classes are measured against the budget of the decision to build, so the
    factor falls on the approved total with its contingency.
    """
    found = _quantiles(like, u)
    return found if limit is None else np.minimum(found, limit)


def _quantiles(like: ReferenceClass, u: Floats) -> Floats:
    match like:
        case SplicedClass():
            return _spliced(like, u)
        case ListedClass():
            ordered = np.sort(like.values)
            place = np.minimum((u * len(ordered)).astype(int), len(ordered) - 1)
            return np.asarray(ordered[place])
        case _:
            mu, sigma = _lognormal(like)
            return np.asarray(np.exp(mu + sigma * ndtri(u)))


def _spliced(like: SplicedClass, u: Floats) -> Floats:
    splice = spliced_overrun(
        mean=like.mean,
        threshold=like.threshold,
        p_tail=like.tail_share,
        tail_mean=like.tail_mean,
        low=like.low,
        u=u.tolist(),
    )
    return np.array(splice["ppf"])


def _lognormal(
    like: LognormalClass | TwoQuantilesClass | MomentsClass | MeanQuantileClass,
) -> tuple[float, float]:
    """Mean and deviation of the log."""
    match like:
        case LognormalClass():
            return math.log(like.median), like.sigma
        case TwoQuantilesClass():
            fit = lognormal_from_two_quantiles(
                q1=like.low,
                p1=like.low_probability,
                q2=like.high,
                p2=like.high_probability,
            )
        case MomentsClass():
            fit = lognormal_from_mean_sd(mean=like.mean, sd=like.sd)
        case MeanQuantileClass():
            fit = lognormal_from_mean_quantile(
                mean=like.mean, q=like.value, p=like.probability
            )
    return fit["mu"], fit["sigma"]
