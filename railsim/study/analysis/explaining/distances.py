"""How far knowing an input moves the whole distribution of an answer.

PAWN: the median over slices of an input of the distance of Kolmogorov and Smirnov
between the answers of the slice and all answers. delta: half the area between their
densities, on average over slices, from counts in equally full classes. Both are above
zero even for an input without influence, so each is compared with shuffled inputs.

Source: Pianosi & Wagener 2015, 2018; Borgonovo 2007; Plischke, Borgonovo & Smith 2013.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.formulas.statistics import named_stream
from railsim.study.analysis.indices import Index
from railsim.study.analysis.inputs import Inputs, slices_of
from railsim.study.analysis.resampling import (
    CONFIDENCE,
    Estimate,
    even_weights,
    reflected_estimate,
    resample_weights,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Measure = Callable[[Ints, Floats], float]  # slices of an input, weights of draws
PAWN_SLICES = 10
FEWEST_CLASSES, MOST_CLASSES = 10, 48
LEAST_DRAWS = 50
ROUNDS = 200


def pawn(inputs: Inputs, answer: Floats, *, seed: int) -> tuple[Index, ...]:
    """PAWN of every input; an index that shuffled inputs reach is marked as noise.

    `answer` finite, as long as the inputs; the noise level is the 95 % quantile of
    shuffled inputs. Raises InputError if there are too few draws or no variation.
    """
    _check(answer)
    order = np.argsort(answer, kind="stable")
    is_last = np.append(np.diff(answer[order]) > 0, True)

    def measure(slices: Ints, weights: Floats) -> float:
        return _median_distance(slices[order], weights[order], is_last)

    return tuple(
        _index("pawn", name, slices_of(x, PAWN_SLICES), measure, seed)
        for name, x in zip(inputs.names, inputs.x.T, strict=True)
    )


def delta(inputs: Inputs, answer: Floats, *, seed: int) -> tuple[Index, ...]:
    """Borgonovo's delta of every input, freed of its bias by the bootstrap.

    The noise level is what chance adds to the mean of shuffled inputs, at 95 %. Raises
    InputError if there are too few draws or no variation.
    """
    _check(answer)
    count = len(answer)
    slices = delta_slices(count)
    classes = slices_of(answer, max(slices, FEWEST_CLASSES))

    def measure(parts: Ints, weights: Floats) -> float:
        return _area_between(parts, classes, weights)

    return tuple(
        _index("delta", name, slices_of(x, slices), measure, seed, is_biased=True)
        for name, x in zip(inputs.names, inputs.x.T, strict=True)
    )


def delta_slices(count: int) -> int:
    """How many slices suit so many draws (Plischke, Borgonovo & Smith 2013)."""
    power = 2.0 / (7.0 + math.tanh((1500.0 - count) / 500.0))
    return min(math.ceil(math.pow(count, power)), MOST_CLASSES)


def _check(answer: Floats) -> None:
    if len(answer) < LEAST_DRAWS:
        raise InputError(
            f"at least {LEAST_DRAWS} draws are needed, found {len(answer)}"
        )
    if np.ptp(answer) == 0:
        raise InputError("an answer that does not vary has no indices")


def _median_distance(
    slices: Ints, weights: Floats, is_last: NDArray[np.bool_]
) -> float:
    everything = np.cumsum(weights)[is_last]
    is_inside = slices == np.arange(slices.max() + 1)[:, None]
    inside = np.cumsum(is_inside * weights, axis=1)[:, is_last]
    full = inside[inside[:, -1] > 0]
    gaps = full / full[:, -1:] - everything / everything[-1]
    return float(np.median(np.max(np.abs(gaps), axis=1)))


def _area_between(slices: Ints, classes: Ints, weights: Floats) -> float:
    width = classes.max() + 1
    cells = np.bincount(slices * width + classes, weights, (slices.max() + 1) * width)
    table = cells.reshape(-1, width)
    apart = table - np.outer(table.sum(axis=1), table.sum(axis=0))
    return float(np.abs(apart).sum() / 2.0)


def _index(
    method: str,
    name: str,
    slices: Ints,
    measure: Measure,
    seed: int,
    *,
    is_biased: bool = False,
) -> Index:
    even = even_weights(len(slices))[0]
    raw = measure(slices, even)
    weights = resample_weights(len(slices), seed, method, ROUNDS)
    again = np.array([measure(slices, row) for row in weights])
    nulls = np.array([measure(s, even) for s in _shuffled(slices, seed, name)])
    reached = float(np.quantile(nulls, CONFIDENCE))
    found = reflected_estimate(raw, again)
    level = reached
    if is_biased:
        value = max(2.0 * raw - float(again.mean()), 0.0)
        found = Estimate(value, max(found.ci_lo, 0.0), max(found.ci_hi, value))
        level = reached - float(nulls.mean())
    return Index(method, name, found, level, raw <= reached)


def _shuffled(slices: Ints, seed: int, name: str) -> list[Ints]:
    stream = named_stream(seed, f"shuffle.{name}", 0)
    count = len(slices)
    return [slices[np.argsort(stream.random(count))] for _ in range(ROUNDS)]
