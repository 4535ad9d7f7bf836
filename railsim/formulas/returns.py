"""Returns without lies: one internal rate, or none and the reason why.

Flows that turn from outlay to receipt just once have one root (Descartes), and often
those that turn again (Budan). It is found by Newton's steps on the logarithms of
receipts and outlays, which are almost straight lines. All others go through `irr_all`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.discounting import has_one_root, irr_all, mirr

Floats = NDArray[np.float64]
STEPS = 40
NEGLIGIBLE = 1e-12  # of the largest flow: rounding, and no change of sign


class Return(NamedTuple):
    """A rate per period, or why there is none; all roots, and the modified rate."""

    rate: float | None
    roots: tuple[float, ...]
    reason: str
    mirr: float | None


def internal_return(
    flows: Floats, *, finance_rate: float, reinvest_rate: float
) -> Return:
    """The rate per period at which flows are worth nothing, if there is just one.

    Flows below 1e-12 of the largest count as nothing. The reason is "", "no flows",
    "no change of sign", "no root above -1" or "several roots"; where there is not one
    rate, the modified rate is given if outlays and receipts exist. Rates per period.
    Source: Lin 1976; Brealey, Myers & Allen 2020.
    """
    largest = float(np.max(np.abs(flows), initial=0.0))
    clean = np.where(np.abs(flows) <= NEGLIGIBLE * largest, 0.0, flows)
    places = np.flatnonzero(clean)
    if len(places) == 0:
        return Return(None, (), "no flows", None)
    is_paid = clean[places] < 0.0
    turns = int(np.count_nonzero(is_paid[1:] != is_paid[:-1]))
    if turns == 0:
        return Return(None, (), "no change of sign", None)
    is_single = turns == 1 or has_one_root(clean[places[0] : places[-1] + 1])
    root = _single_root(clean[places], places) if is_single else None
    roots = (root,) if root is not None else tuple(irr_all(cashflows=clean.tolist()))
    if len(roots) == 1:
        return Return(roots[0], roots, "", None)
    reason = "several roots" if roots else "no root above -1"
    modified = mirr(
        cashflows=clean.tolist(), finance_rate=finance_rate, reinvest_rate=reinvest_rate
    )
    return Return(None, roots, reason, modified)


def in_other_prices(found: Return, growth: float) -> Return:
    """The same return on flows deflated by prices that grow evenly, per period."""

    def deflated(rate: float | None) -> float | None:
        return None if rate is None else (1.0 + rate) / (1.0 + growth) - 1.0

    roots = tuple((1.0 + root) / (1.0 + growth) - 1.0 for root in found.roots)
    return Return(deflated(found.rate), roots, found.reason, deflated(found.mirr))


def _single_root(flows: Floats, times: NDArray[np.int64]) -> float | None:
    """Solve ln(receipts) = ln(outlays) in y = ln x; None if the steps do not settle.

    `flows` other than 0 and their periods.
    """
    logs, is_got = np.log(np.abs(flows)), flows > 0.0
    sides = np.array([is_got, ~is_got, is_got * times, ~is_got * times], dtype=float)
    y, step = 0.0, math.inf
    for _ in range(STEPS):
        exponents = logs + times * y
        got, paid, late_got, late_paid = sides @ np.exp(exponents - exponents.max())
        slope = late_got * paid - late_paid * got
        if got <= 0.0 or paid <= 0.0 or slope == 0.0:
            return None
        step = math.log(got / paid) * got * paid / slope
        y -= step
        if abs(step) <= 1e-15 * (1.0 + abs(y)):
            break
    if not abs(step) <= 1e-13 * (1.0 + abs(y)):
        return None
    return math.expm1(-y) + 0.0  # never -0.0
