"""Boxes of inputs, and how well they tell where something happens.

Source: Bryant & Lempert 2010 for coverage, density and quasi-p-values.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from railsim.errors import InputError
from railsim.study.analysis.inputs import Inputs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEAST_MASS = 0.05  # of the draws, in a box


@dataclass(frozen=True, slots=True)
class Side:
    """What a box demands of one input.

    From `low` to `high`, infinite where it demands nothing, or one of `kept` words.
    `quasi_p_value` the chance of so many cases in the box if this demand did nothing.
    """

    param: str
    low: float
    high: float
    kept: tuple[str, ...]
    quasi_p_value: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box of inputs.

    `coverage` share of all cases that lie in it, `density` share of its draws that are
    cases, `mass` share of all draws that lie in it.
    """

    sides: tuple[Side, ...]
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """Least and greatest value of each input, and the words that are left out."""

    low: Floats
    high: Floats
    barred: frozenset[tuple[int, int]]  # column and code of words left out


def everything(count: int) -> Bounds:
    """The box that demands nothing of so many inputs."""
    return Bounds(np.full(count, -np.inf), np.full(count, np.inf), frozenset())


def check_cases(is_case: Flags) -> None:
    """Raises InputError if all draws are cases or none is."""
    if is_case.all() or not is_case.any():
        raise InputError("boxes need draws where it happens and where it does not")


def contains(inputs: Inputs, bounds: Bounds) -> Flags:
    """Which draws lie in a box."""
    inside = np.all((inputs.x >= bounds.low) & (inputs.x <= bounds.high), axis=1)
    for k, code in bounds.barred:
        inside &= inputs.x[:, k] != code
    return np.asarray(inside, dtype=np.bool_)


def released(bounds: Bounds, k: int) -> Bounds:
    """The same box without any demand on one input."""
    return Bounds(
        bound(bounds.low, k, -np.inf),
        bound(bounds.high, k, np.inf),
        frozenset(word for word in bounds.barred if word[0] != k),
    )


def bound(values: Floats, k: int, value: float) -> Floats:
    """The bounds with another one for input k."""
    changed = values.copy()
    changed[k] = value
    return changed


def box_of(inputs: Inputs, is_case: Flags, bounds: Bounds, left: Flags) -> Box:
    """What a box holds of the draws that are left."""
    inside = contains(inputs, bounds) & left
    cases = int(np.count_nonzero(is_case & inside))
    sides = tuple(
        _side(inputs, is_case, bounds, left, k)
        for k in range(len(inputs.names))
        if np.isfinite(bounds.low[k])
        or np.isfinite(bounds.high[k])
        or any(word[0] == k for word in bounds.barred)
    )
    return Box(
        sides=tuple(sorted(sides, key=lambda s: s.quasi_p_value)),
        coverage=cases / int(np.count_nonzero(is_case)),
        density=cases / int(inside.sum()),
        mass=float(np.mean(inside)),
    )


def _side(inputs: Inputs, is_case: Flags, bounds: Bounds, left: Flags, k: int) -> Side:
    name = inputs.names[k]
    inside = contains(inputs, bounds) & left
    without = contains(inputs, released(bounds, k)) & left
    cases = int(np.count_nonzero(is_case & inside))
    chance = float(np.mean(is_case[without]))
    barred = {code for column, code in bounds.barred if column == k}
    words = inputs.words.get(name, ())
    return Side(
        name,
        float(bounds.low[k]),
        float(bounds.high[k]),
        tuple(w for code, w in enumerate(words) if code not in barred),
        float(bdtrc(cases - 1, int(inside.sum()), chance)) if cases else 1.0,
    )
