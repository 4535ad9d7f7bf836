"""How far knowing an input moves the whole distribution of an answer.

PAWN: the median over slices of an input of the distance of Kolmogorov and Smirnov
between the answers of the slice and all answers. delta: half the area between their
densities, on average over slices, from counts in equally full classes. Both are above
zero even for an input without influence, so each is compared with shuffled inputs.

Source: Pianosi & Wagener 2015, 2018; Borgonovo 2007; Plischke, Borgonovo & Smith 2013.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

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

    parts = [slices_of(x, PAWN_SLICES) for x in inputs.x.T]
    return _indices("pawn", inputs.names, parts, measure, seed)


def delta(inputs: Inputs, answer: Floats, *, seed: int) -> tuple[Index, ...]:
    """Borgonovo's delta of every input, freed of its bias by the bootstrap.

    The noise level is what chance adds to the mean of shuffled inputs, at 95 %. Raises
    InputError if there are too few draws or no variation.
    """
    _check(answer)
    count = len(answer)
    slices = delta_slices(count)
    classes = slices_of(answer, max(slices, FEWEST_CLASSES))

    def measure(inside: Ints, weights: Floats) -> float:
        return _area_between(inside, classes, weights)

    parts = [slices_of(x, slices) for x in inputs.x.T]
    return _indices("delta", inputs.names, parts, measure, seed)


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


def _indices(
    method: str, names: Sequence[str], parts: list[Ints], measure: Measure, seed: int
) -> tuple[Index, ...]:
    weights = resample_weights(len(parts[0]), seed, method, ROUNDS)
    nulls: dict[tuple[int, ...], Floats] = {}  # chance knows slices by their sizes only
    found = []
    for name, slices in zip(names, parts, strict=True):
        sizes = tuple(np.bincount(slices).tolist())
        if sizes not in nulls:
            nulls[sizes] = _chance(slices, measure, seed)
        again = np.array([measure(slices, row) for row in weights])
        raw = measure(slices, even_weights(len(slices))[0])
        found.append(_index(method, name, raw, again, nulls[sizes]))
    return tuple(found)


def _index(method: str, name: str, raw: float, again: Floats, nulls: Floats) -> Index:
    reached = float(np.quantile(nulls, CONFIDENCE))
    estimate, level = reflected_estimate(raw, again), reached
    if method == "delta":
        value = max(2.0 * raw - float(again.mean()), 0.0)
        bounds = (max(estimate.ci_lo, 0.0), max(estimate.ci_hi, 0.0))
        estimate, level = Estimate(value, *bounds), reached - float(nulls.mean())
    return Index(method, name, estimate, level, raw <= reached)


def _chance(slices: Ints, measure: Measure, seed: int) -> Floats:
    """What shuffled slices reach."""
    stream = named_stream(seed, "shuffle", 0)
    even = even_weights(len(slices))[0]
    orders = (np.argsort(stream.random(len(slices))) for _ in range(ROUNDS))
    return np.array([measure(slices[order], even) for order in orders])
