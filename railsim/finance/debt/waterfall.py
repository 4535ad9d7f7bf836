"""Who is paid first: senior debt, reserve, subordinated debt, owners.

Cash that is short is taken from the reserve and then from the state: cash is never
negative. Nominal US dollars, one number a half-year.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Cascade:
    """Where the cash of each half went."""

    support: Floats
    """Paid by the state."""
    reserve_change: Floats
    reserve: Floats
    """After each half."""
    distributions: Floats


def pour(
    cash: Floats, senior: Floats, junior: Floats, target: Floats, prefunded: Floats
) -> Cascade:
    """Pay debt service out of cash, keep the reserve, and hand out what is left.

    `target` is what the reserve should hold after each half; `prefunded` is put into
    it from sources. A reserve above its target is handed out.
    """
    kept = 0.0
    rows: list[tuple[float, float, float, float]] = []
    columns = [x.tolist() for x in (cash, senior, junior, target, prefunded)]
    for flow, first, second, wanted, filled in zip(*columns, strict=True):
        before = kept + filled
        after_senior = before + flow - first
        kept = min(max(after_senior, 0.0), wanted)
        if filled > 0.0:  # nothing is handed out while sources still fill it
            kept = max(kept, min(before, max(after_senior, 0.0)))
        left = after_senior - kept - second
        support, shared = max(-left, 0.0), max(left, 0.0)
        rows.append((support, kept - before, kept, shared))
    return Cascade(*np.array(rows).reshape(-1, 4).T)


def reserve_target(senior: Floats, months: float) -> Floats:
    """Debt service of the months after each half; of the half after, at most."""
    return np.append(senior[1:], 0.0) * months / 6.0


def level_for_cover(
    cash: Floats, service: Floats, index: Floats, target: float
) -> float:
    """Least indexed payment a half that covers debt service so many times everywhere.

    `index` is the payment of each half at level 1, 0 where none is paid. Infinite if a
    half that is paid nothing is not covered by itself.
    """
    short = target * service - cash
    is_short = (service > 0.0) & (short > 0.0)
    if not is_short.any():
        return 0.0
    if (index[is_short] <= 0.0).any():
        return float("inf")
    return float((short[is_short] / index[is_short]).max())


def level_for_goal(
    measure: Callable[[float], float], *, low: float, step: float
) -> float:
    """Least level from `low` on at which a rising, continuous measure reaches 0.

    Doubling steps, then Brent's method. Infinite if 60 doublings are not enough.
    """
    if measure(low) >= 0.0:
        return low
    high = low + step
    for _ in range(60):
        if measure(high) >= 0.0:
            slack = 1e-12 * abs(high)
            return float(brentq(measure, low, high, xtol=slack, maxiter=1000))
        low, high = high, high + 2.0 * (high - low)
    return float("inf")
