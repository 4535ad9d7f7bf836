"""Returns without lies: one internal rate, or none and the reason why.

Flows that turn from outlay to receipt just once have one root (Descartes); it is found
by Newton's steps on the logarithms of both sides, which are almost straight lines.
Flows that turn more often go through `irr_all`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.discounting import irr_all, mirr

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
    signs = np.sign(clean[clean != 0.0])
    if len(signs) == 0:
        return Return(None, (), "no flows", None)
    turns = int(np.count_nonzero(signs[1:] != signs[:-1]))
    if turns == 0:
        return Return(None, (), "no change of sign", None)
    root = _root_of_one_turn(clean) if turns == 1 else None
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


def _root_of_one_turn(flows: Floats) -> float | None:
    """Solve ln(late) = ln(early) in y = ln x; None if the steps do not settle."""
    times = np.flatnonzero(flows).astype(np.float64)
    clean = flows[flows != 0.0]
    logs = np.log(np.abs(clean))
    early = int(np.count_nonzero(np.sign(clean) == np.sign(clean[0])))
    ones, y, step = np.ones(len(clean)), 0.0, math.inf
    for _ in range(STEPS):
        exponents = logs + times * y
        parts = np.exp(exponents - exponents.max())
        first, last = parts[:early], parts[early:]
        worth_early, worth_late = first @ ones[:early], last @ ones[early:]
        if worth_early <= 0.0 or worth_late <= 0.0:
            return None
        slope = last @ times[early:] / worth_late - first @ times[:early] / worth_early
        step = math.log(worth_late / worth_early) / slope
        y -= step
        if abs(step) <= 1e-15 * (1.0 + abs(y)):
            break
    if abs(step) > 1e-13 * (1.0 + abs(y)):
        return None
    return math.expm1(-y) + 0.0  # never -0.0
