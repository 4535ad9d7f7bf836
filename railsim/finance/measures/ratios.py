"""How often cash covers debt service; empty where there is none.

DSCR of a half or year is cash over interest and principal. LLCR is the present value of
cash over the life of the loans, PLCR over the horizon, both over the debt when
operation begins, discounted at what the debt itself costs in each half (Yescombe 2014).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.finance.debt.service import Service
from railsim.finance.owner import OwnerAccount
from railsim.project.halves import Halves
from railsim.traffic import Floats

Flags = NDArray[np.bool_]
LEAST_DUE = 1e-6


@dataclass(frozen=True, slots=True)
class Ratios:
    """Cover of the owner's debt; NaN where there is no debt service."""

    dscr: Floats
    """Of each half-year."""
    yearly_dscr: Floats
    least: float | None
    least_half: int | None
    average: float | None
    breaches: tuple[int, ...]
    """Halves in which cash does not cover debt service."""
    llcr: float | None
    plcr: float | None
    debt_at_opening: float
    debt_capacity: float
    """What the cash would bear at the target cover."""


def ratios_of(
    owner: OwnerAccount, halves: Halves, opened: int, target: float
) -> Ratios:
    """All ratios of an owner."""
    dscr = cover(owner.cash, owner.due)
    served = is_served(owner.due)
    covered = dscr[served]
    cost = _cost_of_debt(owner.services)
    debt = _owed_before(owner.services, opened)
    last = min(_last_due(owner), halves.count)
    life = slice(opened, max(last, opened))
    worth = _worth(owner.cash[life], cost[life])
    whole = _worth(owner.cash[opened:], cost[opened : halves.count])
    has_debt = debt > 0.0 and opened < halves.count
    least = int(np.flatnonzero(served)[np.argmin(covered)]) if len(covered) else None
    breaches = np.flatnonzero(served & (owner.cash < owner.due))
    return Ratios(
        dscr=dscr,
        yearly_dscr=cover(halves.yearly(owner.cash), halves.yearly(owner.due)),
        least=float(covered.min()) if len(covered) else None,
        least_half=least,
        average=float(covered.mean()) if len(covered) else None,
        breaches=tuple(breaches.tolist()),
        llcr=worth / debt if has_debt else None,
        plcr=whole / debt if has_debt else None,
        debt_at_opening=debt,
        debt_capacity=_capacity(owner.cash[life], cost[life], target),
    )


def is_served(due: Floats) -> Flags:
    """Where debt service is due: more than a millionth of a dollar."""
    return due > LEAST_DUE


def cover(cash: Floats, due: Floats) -> Floats:
    """Cash over debt service; NaN where none is due."""
    ratio = np.full(len(due), np.nan)
    np.divide(cash, due, out=ratio, where=is_served(due))
    return ratio


def _owed_before(services: Mapping[str, Service], half: int) -> float:
    """Debt at the beginning of a half."""
    if half <= 0:
        return 0.0
    return float(np.sum([0.0] + [each.owed[half - 1] for each in services.values()]))


def _last_due(owner: OwnerAccount) -> int:
    """Half after the last debt service of any loan."""
    return max((s.course.terms.matures for s in owner.services.values()), default=0)


def _cost_of_debt(services: Mapping[str, Service]) -> Floats:
    """Interest over what is owed, all loans together; after them as in the last."""
    each = list(services.values())
    if not each:
        return np.zeros(0)
    owed = np.sum([s.owed for s in each], axis=0)
    paid = np.sum([s.interest + s.capitalised + s.works_interest for s in each], axis=0)
    before = np.concatenate([[0.0], owed[:-1]])
    drawn = np.sum([s.draws for s in each], axis=0) / 2.0
    rates = np.divide(
        paid, before + drawn, out=np.full(len(owed), np.nan), where=before + drawn > 0.0
    )
    return _carried_on(rates)


def _carried_on(rates: Floats) -> Floats:
    """Fill gaps with the last number before them, 0 before the first."""
    known = np.where(np.isnan(rates), 0, np.arange(len(rates)))
    filled = rates[np.maximum.accumulate(known)]
    return np.nan_to_num(filled, nan=0.0)


def _worth(cash: Floats, rates: Floats) -> float:
    """At the beginning of the first half, of cash at the ends of halves."""
    rates = rates[: len(cash)]
    if len(rates) < len(cash):
        return 0.0
    return float(cash @ np.exp(-np.cumsum(np.log1p(rates))))


def _capacity(cash: Floats, rates: Floats, target: float) -> float:
    """Debt that sculpted service out of positive cash would repay."""
    if len(cash) == 0 or len(rates) < len(cash):
        return 0.0
    return _worth(np.maximum(cash, 0.0), rates) / target
