"""Where something happens: boxes of inputs that hold most of its cases.

The patient rule induction method: peel a twentieth off the side whose loss leaves the
densest box, keep every box on the way, choose one, paste back what costs no density.
It is greedy: of boxes at opposite ends of the same inputs it may find none whole.
Source: Friedman & Fisher 1999.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from railsim.study.analysis.explaining.boxes import (
    LEAST_MASS,
    Bounds,
    Box,
    Flags,
    Floats,
    bound,
    box_of,
    check_cases,
    contains,
    everything,
    released,
)
from railsim.study.analysis.inputs import Inputs

PEEL_SHARE = 0.05


def find_boxes(inputs: Inputs, is_case: Flags, *, most: int) -> tuple[Box, ...]:
    """Up to `most` boxes, each among the draws that the ones before left over.

    A box is the last one found only if it is denser than what was left. Raises
    InputError if all draws are cases or none is.
    """
    check_cases(is_case)
    left = np.ones(len(is_case), dtype=bool)
    boxes: list[Box] = []
    while len(boxes) < most and is_case[left].any():
        bounds = _best(inputs, is_case, left)
        inside = contains(inputs, bounds) & left
        if np.mean(is_case[inside]) <= np.mean(is_case[left]):
            break
        boxes.append(box_of(inputs, is_case, bounds, left))
        left &= ~inside
    return tuple(boxes)


def peeling(inputs: Inputs, is_case: Flags) -> tuple[Box, ...]:
    """All boxes on the way from everything to the smallest, to choose by eye."""
    check_cases(is_case)
    left = np.ones(len(is_case), dtype=bool)
    steps = _peel(inputs, is_case, left)
    return tuple(box_of(inputs, is_case, bounds, left) for bounds in steps)


def _best(inputs: Inputs, is_case: Flags, left: Flags) -> Bounds:
    """The box on the way that trades coverage against density best, pasted.

    By their harmonic mean: their sum would prefer everything where cases are rare.
    """

    def merit(bounds: Bounds) -> float:
        inside = contains(inputs, bounds) & left
        cases = np.count_nonzero(is_case & inside)
        whole = np.count_nonzero(is_case & left)
        return 2.0 * cases / int(whole + np.count_nonzero(inside))

    best = max(_peel(inputs, is_case, left), key=merit)
    return paste(inputs, is_case, left, best)


def _peel(inputs: Inputs, is_case: Flags, left: Flags) -> list[Bounds]:
    bounds = everything(len(inputs.names))
    steps, least = [bounds], LEAST_MASS * len(is_case)
    while True:
        inside = contains(inputs, bounds) & left
        options = [
            (float(np.mean(is_case[kept])), int(np.count_nonzero(kept)), option)
            for option in _smaller(inputs, bounds, inside)
            if (kept := contains(inputs, option) & left).sum() >= least
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
        yield replace(bounds, low=bound(bounds.low, k, _beyond(present, low)))
        yield replace(bounds, high=bound(bounds.high, k, _before(present, high)))


def _beyond(present: Floats, edge: float) -> float:
    """Least value that stays when what lies below the edge goes, at least one value."""
    return float(present[max(1, int(np.searchsorted(present, edge)))])


def _before(present: Floats, edge: float) -> float:
    place = int(np.searchsorted(present, edge, side="right")) - 1
    return float(present[min(len(present) - 2, place)])


def paste(inputs: Inputs, is_case: Flags, left: Flags, bounds: Bounds) -> Bounds:
    """Widen sides by a twentieth of the box while its density does not fall."""
    while True:
        inside = contains(inputs, bounds) & left
        density = np.mean(is_case[inside])
        wider = [
            (float(np.mean(is_case[now])), int(np.count_nonzero(now)), option)
            for option in _larger(inputs, bounds, left, int(inside.sum()))
            if (now := contains(inputs, option) & left).sum() > inside.sum()
        ]
        wider = [option for option in wider if option[0] >= density]
        if not wider:
            return bounds
        bounds = max(wider, key=lambda o: o[:2])[2]


def _larger(inputs: Inputs, bounds: Bounds, left: Flags, held: int) -> Iterator[Bounds]:
    step = max(1, int(PEEL_SHARE * held))
    for k in range(len(inputs.names)):
        without = released(bounds, k)
        x = inputs.x[contains(inputs, without) & left, k]
        below, above = np.sort(x[x < bounds.low[k]]), np.sort(x[x > bounds.high[k]])
        if len(below):
            edge = float(below[-step]) if len(below) > step else -np.inf
            yield replace(bounds, low=bound(bounds.low, k, edge))
        if len(above):
            edge = float(above[step - 1]) if len(above) > step else np.inf
            yield replace(bounds, high=bound(bounds.high, k, edge))
    for word in sorted(bounds.barred):
        yield replace(bounds, barred=bounds.barred - {word})
