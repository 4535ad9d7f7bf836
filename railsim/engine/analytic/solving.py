"""Solve a model: the year's fixed point, or the closed forms at given lots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats
from railsim.engine.analytic import model
from railsim.engine.analytic.kernels import fixed_point
from railsim.engine.analytic.kernels.waiting import SHUT, SPREAD, WAIT
from railsim.engine.analytic.model import Model
from railsim.engine.kernels import jit
from railsim.formulas import gaussian_walk

ENTRIES = (fixed_point.find, fixed_point.worth_of_menus)


@dataclass(frozen=True, slots=True)
class Solution:
    """A year by closed forms, hours everywhere.

    Per chain `lots`, `mean_h`, `sd_h` and `cost_usd` (per TEU); per post `post_wait_h`
    and its variance; per node their means over lots, the part before closed doors
    `shut_h` and the `load`; `gap` is the relative one of the last of so many `rounds`.
    """

    lots: Floats
    mean_h: Floats
    sd_h: Floats
    cost_usd: Floats
    post_wait_h: Floats
    post_wait_h2: Floats
    wait_h: Floats
    wait_h2: Floats
    shut_h: Floats
    load: Floats
    rounds: int
    gap: float
    is_converged: bool


def solve(m: Model) -> Solution:
    """The fixed point of lots, delays and choices of a year."""
    return _solution(m, m.chains["start"].copy(), is_fixed=False)


def answer(m: Model, lots: Sequence[float] | Floats) -> Solution:
    """The closed forms at given lots of each chain; nobody chooses."""
    return _solution(m, np.asarray(lots, dtype=np.float64), is_fixed=True)


def _solution(m: Model, start: Floats, *, is_fixed: bool) -> Solution:
    x, visits, said, load, mean, spread, cost, rounds, gap, small = fixed_point.find(
        m, start, is_fixed, mark()
    )
    wait, square = (
        _mean_of_posts(m, visits, values)
        for values in (said[WAIT], said[SPREAD] + said[WAIT] ** 2)
    )
    return Solution(
        lots=x,
        mean_h=mean,
        sd_h=spread,
        cost_usd=cost,
        post_wait_h=said[WAIT],
        post_wait_h2=said[SPREAD],
        wait_h=wait,
        wait_h2=np.maximum(square - wait * wait, 0.0),
        shut_h=_mean_of_posts(m, visits, said[SHUT]),
        load=load,
        rounds=rounds,
        gap=gap,
        is_converged=is_fixed or small == fixed_point.ENOUGH,
    )


def _mean_of_posts(m: Model, visits: Floats, values: Floats) -> Floats:
    """Means over the lots of each node; over its posts where no lot comes."""
    counts = m.nodes["post_end"] - m.nodes["post_begin"]
    node = np.repeat(np.arange(len(counts)), counts)
    weight = visits + 1e-12
    total = np.bincount(node, weight * values, len(counts))
    return np.asarray(total / np.bincount(node, weight, len(counts)), np.float64)


@cache
def mark() -> NDArray[np.void]:
    """An empty array named by a fingerprint of the kernels' sources.

    Numba keeps the compiled entry by its own file alone; an argument of another type
    makes it compile again when one of its parts has changed.
    """
    others = (model.__file__, gaussian_walk.__file__)
    return np.empty(0, dtype=[(jit.mark(fixed_point.__file__, *others), np.int8)])
