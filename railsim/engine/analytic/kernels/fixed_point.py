"""The fixed point x = F(x) of lots by chain, by self-regulated averages.

x_k = x_(k-1) + (F(x_(k-1)) - x_(k-1)) / b_k; b grows by `SLOWER` when the residual
grew and by `FASTER` when it shrank (Liu, He and He 2009). With a FASTER of 0.3 the step
falls like 1/k and a gap of 1e-8 is out of reach; 0.01 keeps long steps that serve.
Until they grow for once, a secant step is longer still.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats
from railsim.engine.analytic.kernels.choosing import cost_chains, share_lots, share_menu
from railsim.engine.analytic.kernels.waiting import (
    LOTS,
    answer_posts,
    ask_posts,
    walk_chains,
)
from railsim.engine.analytic.model import Model
from railsim.engine.kernels.jit import entry, kernel

SMALL_GAP, MOST_ROUNDS, ENOUGH = 1e-8, 200, 2
SLOWER, FASTER = 1.8, 0.01

Found = tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, int, float, int]


@kernel
def _step(
    x: Floats,
    wanted: Floats,
    old: Floats,
    old_wanted: Floats,
    rounds: int,
    weight: float,
) -> float:
    """Move x; keep what it was in `old` and `old_wanted`. The new weight.

    Until residuals r have grown for once, along the secant through the last two rounds:
    F - t (F - F_old) with t = r (r - r_old) / |r - r_old|^2 (Anderson 1965, depth 1).
    """
    square = turn = change = before = 0.0
    for c in range(len(x)):
        r, r_old = wanted[c] - x[c], old_wanted[c] - old[c]
        square, before = square + r * r, before + r_old * r_old
        turn += r * (r - r_old)
        change += (r - r_old) * (r - r_old)
    if rounds > 1:
        weight += FASTER if square < before else SLOWER
    is_secant = rounds > 1 and weight < SLOWER
    t = turn / change if is_secant and change > 0.0 else 0.0
    for c in range(len(x)):
        moved = wanted[c] - t * (wanted[c] - old_wanted[c])
        if not is_secant:
            moved = x[c] + (wanted[c] - x[c]) / weight
        old[c], old_wanted[c] = x[c], wanted[c]
        x[c] = max(moved, 0.0)
    return weight


@entry
def find(m: Model, start: Floats, is_fixed: bool, _mark: NDArray[np.void]) -> Found:
    """Lots by chain and by post, answers of the posts, loads of the nodes, then means,
    deviations and costs of chains at the end.

    Then rounds, the last relative gap and whether it was small in two consecutive
    rounds. From `start` lots by chain, which stay as they are when `is_fixed`.
    """
    x, wanted = start.copy(), np.empty_like(start)
    posts = m.nodes[-1].post_end if len(m.nodes) > 0 else 0
    asked, answer, load = (
        np.empty((5, posts)),
        np.empty((5, posts)),
        np.empty(len(m.nodes)),
    )
    mean, spread, cost = np.empty_like(x), np.empty_like(x), np.empty_like(x)
    share = np.empty(len(m.member))
    old, old_wanted = x.copy(), x.copy()
    weight, gap, rounds, small = 1.0, math.inf, 0, 0
    while True:
        rounds += 1
        ask_posts(m, x, asked)
        answer_posts(m, asked, answer, load)
        walk_chains(m, answer, mean, spread)
        cost_chains(m, mean, spread, cost)
        share_lots(m, cost, share, wanted)
        gap = np.abs(wanted - x).sum() / max(x.sum(), 1e-300)
        small = small + 1 if gap <= SMALL_GAP else 0
        if is_fixed or small == ENOUGH or rounds == MOST_ROUNDS:
            break
        weight = _step(x, wanted, old, old_wanted, rounds, weight)
    return x, asked[LOTS], answer, load, mean, spread, cost, rounds, gap, small


@entry
def worth_of_menus(m: Model, cost: Floats, _mark: NDArray[np.void]) -> Floats:
    """Logsum of every menu at these costs, in utils."""
    share = np.empty(len(m.member))
    worth = np.empty(len(m.menus))
    for f in range(len(m.flows)):
        for p in range(m.flows[f].menu_begin, m.flows[f].menu_end):
            worth[p] = share_menu(m, f, p, cost, share)
    return worth
