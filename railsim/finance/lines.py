"""Accounts as lines: money that comes in is positive, money that goes out negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.traffic import Floats

MID, END = "mid-period", "period end"


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an account; nominal US dollars of each half-year of the horizon."""

    usd: Floats
    timing: str = MID
    is_memo: bool = False
    """Said beside the account, and no part of its cash."""
    tranche: str = ""
    is_stock: bool = False
    """What is owed after the half, not what flows in it."""


Account = Mapping[str, Line]


def cash_of(account: Account) -> tuple[Floats, float]:
    """All cash of each half, zero in a complete account, and the sum of all sizes.

    The second is the scale of what rounding may leave.
    """
    cash = np.array([line.usd for line in account.values() if not line.is_memo])
    return cash.sum(axis=0), float(np.abs(cash).sum())


def total(arrays: list[Floats]) -> Floats:
    """Sum of arrays over the same halves, of one at least."""
    found: Floats = arrays[0].copy()
    for each in arrays[1:]:
        found += each
    return found


def straight_line(cost: Floats, life: int) -> tuple[Floats, Floats]:
    """Depreciation of each half, and what is still in the books after the last.

    A cost is written off in equal parts over `life` halves, from the next one on.
    """
    count = len(cost)
    written_off = np.convolve(cost, np.full(life, 1.0 / life))[:count]
    depreciation = np.concatenate([[0.0], written_off[:-1]])
    age = np.arange(count - 1, -1, -1)
    return depreciation, cost * np.maximum(0.0, 1.0 - age / life)


def tax_on(profit: Floats, rate: Floats) -> Floats:
    """Tax of each half: losses are carried forward, without end."""
    best = np.maximum.accumulate(np.maximum(np.cumsum(profit), 0.0))
    taxed = np.diff(best, prepend=0.0)
    return np.asarray(rate * taxed)
