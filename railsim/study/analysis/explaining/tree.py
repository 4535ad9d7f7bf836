"""Where something happens: a tree of questions whose leaves are boxes of inputs.

Each question halves a node where that lowers Gini's impurity most. Unlike peeling it
also sees that both ends of an input matter, but cuts into straight strips. Source:
Breiman, Friedman, Olshen & Stone 1984 (CART).
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
)
from railsim.study.analysis.inputs import Inputs

DEPTH = 3
Split = tuple[float, Bounds, Bounds]  # impurity that is left, and the two halves


def grow_tree(inputs: Inputs, is_case: Flags, *, depth: int = DEPTH) -> tuple[Box, ...]:
    """The leaves of a tree, densest first: together they hold every draw once.

    A leaf holds at least a twentieth of the draws. Raises InputError if all draws are
    cases or none is.
    """
    check_cases(is_case)
    left = np.ones(len(is_case), dtype=bool)
    leaves = _grow(inputs, is_case, everything(len(inputs.names)), depth)
    boxes = [box_of(inputs, is_case, leaf, left) for leaf in leaves]
    return tuple(sorted(boxes, key=lambda box: (-box.density, -box.mass)))


def _grow(inputs: Inputs, is_case: Flags, node: Bounds, depth: int) -> Iterator[Bounds]:
    inside = contains(inputs, node)
    splits = list(_splits(inputs, is_case, node, inside)) if depth else []
    best = min(splits, key=lambda split: split[0], default=None)
    if best is None or best[0] >= _impurity(is_case[inside]):
        yield node
        return
    for half in best[1:]:
        yield from _grow(inputs, is_case, half, depth - 1)


def _splits(
    inputs: Inputs, is_case: Flags, node: Bounds, inside: Flags
) -> Iterator[Split]:
    least = max(1, int(np.ceil(LEAST_MASS * len(is_case))))
    for k, name in enumerate(inputs.names):
        x, cases = inputs.x[inside, k], is_case[inside]
        if name in inputs.words:
            yield from _by_word(node, k, x, cases, least)
        else:
            yield from _by_level(node, k, x, cases, least)


def _by_level(
    node: Bounds, k: int, x: Floats, cases: Flags, least: int
) -> Iterator[Split]:
    """The best cut between two values, halfway."""
    order = np.argsort(x, kind="stable")
    sorted_x, below = x[order], np.arange(1, len(x))
    left = np.cumsum(cases[order])[:-1].astype(np.float64)
    above, right = len(x) - below, np.count_nonzero(cases) - left
    impurity = left * (1 - left / below) + right * (1 - right / above)
    may = (sorted_x[1:] > sorted_x[:-1]) & (below >= least) & (above >= least)
    if may.any():
        place = int(np.argmin(np.where(may, impurity, np.inf)))
        low, high = float(sorted_x[place]), float(sorted_x[place + 1])
        cut = low + (high - low) / 2.0
        edge = cut if cut < high else low
        yield (
            2.0 * float(impurity[place]),
            replace(node, high=bound(node.high, k, edge)),
            replace(node, low=bound(node.low, k, float(np.nextafter(edge, np.inf)))),
        )


def _by_word(
    node: Bounds, k: int, x: Floats, cases: Flags, least: int
) -> Iterator[Split]:
    """The best cut of words ordered by how often they are cases: none is better."""
    codes = np.unique(x)
    ordered = sorted(codes.tolist(), key=lambda code: float(np.mean(cases[x == code])))
    for count in range(1, len(ordered)):
        low = np.isin(x, ordered[:count])
        if least <= np.count_nonzero(low) <= len(x) - least:
            yield (
                _impurity(cases[low]) + _impurity(cases[~low]),
                _barring(node, k, ordered[count:]),
                _barring(node, k, ordered[:count]),
            )


def _impurity(cases: Flags) -> float:
    """Gini's impurity times the draws: twice the cases times the share of others."""
    count = np.count_nonzero(cases)
    return 2.0 * count * (1.0 - count / len(cases))


def _barring(node: Bounds, k: int, codes: list[float]) -> Bounds:
    return replace(node, barred=node.barred | {(k, int(code)) for code in codes})
