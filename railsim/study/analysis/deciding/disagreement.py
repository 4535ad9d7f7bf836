"""Whom do you believe: how much of the spread is disagreement between sources.

A study draws by part whose number holds (`mixture` with `drawn = "by_part"`), and the
law of total variance splits the spread into that between sources and that within them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.study.analysis.precision import mean_estimate
from railsim.study.analysis.resampling import (
    RESAMPLES,
    Estimate,
    even_weights,
    reflected_estimate,
    resample_weights,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Share of an answer's variance that lies between sources.

    Freed of what chance adds to the spread of means, so it may be just below zero;
    `is_noise` if it cannot be told from none. `believed` the mean if one source is
    right, by source.
    """

    share: Estimate
    is_noise: bool
    believed: dict[str, Estimate]


def disagreement(
    answer: Floats, whose: Ints, sources: Sequence[str], *, seed: int
) -> Disagreement:
    """Split the variance of an answer by the source that each draw believed.

    `whose` number of the source by draw. Raises InputError if a source has fewer than
    two draws or the answer does not vary.
    """
    counts = np.bincount(whose, minlength=len(sources))
    if counts.min() < 2:
        scarce = sources[int(np.argmin(counts))]
        raise InputError(f"fewer than two draws believe {scarce}")
    if np.ptp(answer) == 0:
        raise InputError("an answer that does not vary has nothing to split")
    belongs = (whose[:, None] == np.arange(len(sources))).astype(np.float64)
    centred = answer - answer.mean()
    weights = resample_weights(len(answer), seed, "disagreement", RESAMPLES)
    found = _between_share(centred, belongs, even_weights(len(answer)))
    again = _between_share(centred, belongs, weights)
    share = reflected_estimate(float(found[0]), again)
    believed = {
        source: mean_estimate(answer[whose == k]) for k, source in enumerate(sources)
    }
    return Disagreement(share, not share.is_above(0.0), believed)


def _between_share(answer: Floats, belongs: Floats, weights: Floats) -> Floats:
    count = len(answer)
    mass = np.maximum(weights @ belongs, 1.0 / count)
    mean = weights @ (belongs * answer[:, None]) / mass
    square = weights @ (belongs * answer[:, None] ** 2) / mass
    within = np.maximum(square - mean**2, 0.0)
    within *= mass * count / np.maximum(mass * count - 1.0, 1.0)
    whole = np.sum(mass * mean, axis=1, keepdims=True)
    between = np.sum(mass * (mean - whole) ** 2, axis=1)
    between -= np.sum((1.0 - mass) * within, axis=1) / count
    return np.asarray(between / (between + np.sum(mass * within, axis=1)))
