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

STEPS = 40
NEGLIGIBLE = 1e-13  # of the largest flow: rounding, and no change of sign


class Return(NamedTuple):
    """A rate per period, or why there is none; all roots, and the modified rate."""

    rate: float | None
    roots: tuple[float, ...]
    reason: str
    mirr: float | None


def internal_return(
    flows: NDArray[np.float64], *, finance_rate: float, reinvest_rate: float
) -> Return:
    """The rate per period at which flows are worth nothing, if there is just one.

    Flows below 1e-13 of the largest count as nothing. The reason is "", "no flows",
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


def _root_of_one_turn(flows: NDArray[np.float64]) -> float | None:
    """Solve ln(receipts) = ln(outlays) in y = ln x; None if the steps do not settle."""
    times = np.arange(len(flows), dtype=np.float64)
    is_in, is_out = flows > 0.0, flows < 0.0
    t_in, t_out = times[is_in], times[is_out]
    ln_in, ln_out = np.log(flows[is_in]), np.log(-flows[is_out])
    y = 0.0
    for _ in range(STEPS):
        worth_in, duration_in = _log_worth(ln_in, t_in, y)
        worth_out, duration_out = _log_worth(ln_out, t_out, y)
        step = (worth_in - worth_out) / (duration_in - duration_out)
        y -= step
        if abs(step) <= 1e-15 * (1.0 + abs(y)):
            break
        if not abs(y) < 700.0:
            return None
    else:
        if abs(step) > 1e-13 * (1.0 + abs(y)):
            return None
    return math.expm1(-y) + 0.0  # never -0.0


def _log_worth(
    logs: NDArray[np.float64], times: NDArray[np.float64], y: float
) -> tuple[float, float]:
    """ln sum exp(log + time y), and its slope: the mean time of what it is worth."""
    exponents = logs + times * y
    top = float(exponents.max())
    parts = np.exp(exponents - top)
    total = float(parts.sum())
    return top + math.log(total), float(parts @ times) / total
