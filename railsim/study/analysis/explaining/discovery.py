"""Where something happens: boxes of inputs that hold most of its cases.

The patient rule induction method: peel a twentieth off the side whose loss leaves the
densest box, keep every box on the way, choose one, paste back what costs no density.
It is greedy: of boxes at opposite ends of the same inputs it may find none whole.
Source: Friedman & Fisher 1999; Bryant & Lempert 2010 for coverage, density and
quasi-p-values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from railsim.errors import InputError
from railsim.study.analysis.inputs import Inputs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
PEEL_SHARE = 0.05
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


def find_boxes(inputs: Inputs, is_case: Flags, *, most: int) -> tuple[Box, ...]:
    """Up to `most` boxes, each among the draws that the ones before left over.

    A box is the last one found only if it is denser than what was left. Raises
    InputError if all draws are cases or none is.
    """
    if is_case.all() or not is_case.any():
        raise InputError("boxes need draws where it happens and where it does not")
    left = np.ones(len(is_case), dtype=bool)
    boxes: list[Box] = []
    while len(boxes) < most and is_case[left].any():
        bounds = _best(inputs, is_case, left)
        inside = _contains(inputs, bounds) & left
        if np.mean(is_case[inside]) <= np.mean(is_case[left]):
            break
        boxes.append(_box(inputs, is_case, bounds, left))
        left &= ~inside
    return tuple(boxes)


def peeling(inputs: Inputs, is_case: Flags) -> tuple[Box, ...]:
    """All boxes on the way from everything to the smallest, to choose by eye."""
    everything = np.ones(len(is_case), dtype=bool)
    steps = _peel(inputs, is_case, everything)
    return tuple(_box(inputs, is_case, bounds, everything) for bounds in steps)


def _best(inputs: Inputs, is_case: Flags, left: Flags) -> Bounds:
    """The box on the way that trades coverage against density best, pasted.

    By their harmonic mean: their sum would prefer everything where cases are rare.
    """

    def merit(bounds: Bounds) -> float:
        inside = _contains(inputs, bounds) & left
        cases = np.count_nonzero(is_case & inside)
        whole = np.count_nonzero(is_case & left)
        return 2.0 * cases / int(whole + np.count_nonzero(inside))

    best = max(_peel(inputs, is_case, left), key=merit)
    return paste(inputs, is_case, left, best)


def _peel(inputs: Inputs, is_case: Flags, left: Flags) -> list[Bounds]:
    count = len(inputs.names)
    bounds = Bounds(np.full(count, -np.inf), np.full(count, np.inf), frozenset())
    steps, least = [bounds], LEAST_MASS * len(is_case)
    while True:
        inside = _contains(inputs, bounds) & left
        options = [
            (float(np.mean(is_case[kept])), int(np.count_nonzero(kept)), option)
            for option in _smaller(inputs, bounds, inside)
            if (kept := _contains(inputs, option) & left).sum() >= least
        ]
        if not options or is_case[inside].all():
            return steps
        _, _, bounds = max(options, key=lambda o: o[:2])
        steps.append(bounds)


def _smaller(inputs: Inputs, bounds: Bounds, inside: Flags) -> Iterator[Bounds]:
    for k, name in enumerate(inputs.names):
        x = inputs.x[inside, k]
        present = np.unique(x)
        if len(present) < 2:
            continue
        if name in inputs.words:
            for code in present:
                yield replace(bounds, barred=bounds.barred | {(k, int(code))})
            continue
        low, high = np.quantile(x, [PEEL_SHARE, 1.0 - PEEL_SHARE])
        yield replace(bounds, low=_with(bounds.low, k, _beyond(present, low)))
        yield replace(bounds, high=_with(bounds.high, k, _before(present, high)))


def _beyond(present: Floats, edge: float) -> float:
    """Least value that stays when what lies below the edge goes, at least one value."""
    return float(present[max(1, int(np.searchsorted(present, edge)))])


def _before(present: Floats, edge: float) -> float:
    place = int(np.searchsorted(present, edge, side="right")) - 1
    return float(present[min(len(present) - 2, place)])


def paste(inputs: Inputs, is_case: Flags, left: Flags, bounds: Bounds) -> Bounds:
    """Widen sides by a twentieth of the box while its density does not fall."""
    while True:
        inside = _contains(inputs, bounds) & left
        density = np.mean(is_case[inside])
        wider = [
            (float(np.mean(is_case[now])), int(np.count_nonzero(now)), option)
            for option in _larger(inputs, bounds, left, int(inside.sum()))
            if (now := _contains(inputs, option) & left).sum() > inside.sum()
        ]
        wider = [option for option in wider if option[0] >= density]
        if not wider:
            return bounds
        bounds = max(wider, key=lambda o: o[:2])[2]


def _larger(inputs: Inputs, bounds: Bounds, left: Flags, held: int) -> Iterator[Bounds]:
    step = max(1, int(PEEL_SHARE * held))
    for k in range(len(inputs.names)):
        without = _released(bounds, k)
        x = inputs.x[_contains(inputs, without) & left, k]
        below, above = np.sort(x[x < bounds.low[k]]), np.sort(x[x > bounds.high[k]])
        if len(below):
            edge = float(below[-step]) if len(below) > step else -np.inf
            yield replace(bounds, low=_with(bounds.low, k, edge))
        if len(above):
            edge = float(above[step - 1]) if len(above) > step else np.inf
            yield replace(bounds, high=_with(bounds.high, k, edge))
    for word in sorted(bounds.barred):
        yield replace(bounds, barred=bounds.barred - {word})


def _released(bounds: Bounds, k: int) -> Bounds:
    """The same box without any demand on one input."""
    return Bounds(
        _with(bounds.low, k, -np.inf),
        _with(bounds.high, k, np.inf),
        frozenset(word for word in bounds.barred if word[0] != k),
    )


def _with(values: Floats, k: int, value: float) -> Floats:
    changed = values.copy()
    changed[k] = value
    return changed


def _contains(inputs: Inputs, bounds: Bounds) -> Flags:
    inside = np.all((inputs.x >= bounds.low) & (inputs.x <= bounds.high), axis=1)
    for k, code in bounds.barred:
        inside &= inputs.x[:, k] != code
    return np.asarray(inside, dtype=np.bool_)


def _box(inputs: Inputs, is_case: Flags, bounds: Bounds, left: Flags) -> Box:
    inside = _contains(inputs, bounds) & left
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
    inside = _contains(inputs, bounds) & left
    without = _contains(inputs, _released(bounds, k)) & left
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
