"""What uses cost: fees and interest of a loan as linear functions of what it draws.

Until operation carries it, everything about a loan is proportional to its draws. So its
course is followed once for a dollar in each half, and rounds of funding only multiply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.finance.debt.loans import service_rate, upfront_rate
from railsim.finance.debt.terms import Terms
from railsim.finance.prices import Prices
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Response:
    """Of some loans, per dollar of uses in each half until the last of them settles."""

    pull: Floats
    """Loans x halves: interest added, were all uses drawn; none where it is paid."""
    fees: Floats
    """Halves x loans x halves: fees in dollars for draws while a loan is available."""
    interest: Floats
    """The same for interest paid in cash."""
    service: Floats
    """Loans x halves: debt service in the first half of operation, dollars."""

    @property
    def count(self) -> int:
        """Halves until all loans are settled."""
        return len(self.fees)


def responses_of(
    terms: Sequence[Terms],
    prices: Prices,
    opened: int,
    cash: Floats,
    *,
    has_reserve: bool,
) -> Response:
    """Follow a dollar of uses in each half through each loan."""
    loans, n = len(terms), max((t.settled for t in terms), default=0)
    found = Response(
        pull=np.zeros((loans, n)),
        fees=np.zeros((n, loans, n)),
        interest=np.zeros((n, loans, n)),
        service=np.zeros((loans, n)),
    )
    for k, each in enumerate(terms):
        _follow(found, k, each, prices)
        if has_reserve:
            rate = service_rate(each, opened, cash)
            found.service[k] *= rate / prices.end[each.tranche.currency][opened]
    return found


def _follow(found: Response, k: int, terms: Terms, prices: Prices) -> None:
    """Row k, as `draw_course` follows a loan; `service` is what is owed at the end."""
    works, n = slice(terms.signed, terms.settled), terms.settled - terms.signed
    tranche, fractions = terms.tranche, terms.fractions[works]
    is_added = tranche.is_interest_capitalised
    due, owed_after = _dollars(terms.level * fractions, is_added)
    mid = prices.mid[tranche.currency][works]
    end = prices.end[tranche.currency][works, None]
    to_own = mid * (np.arange(terms.signed, terms.settled) < terms.available)
    fees = (tranche.commitment_fee_rate * fractions)[:, None] * _undrawn(n)
    if tranche.guarantee_fee_rate > 0.0:
        rate = tranche.guarantee_fee_rate * fractions[1:, None]
        fees[1:] += rate * owed_after[:-1]
    fees /= end
    fees[0] += upfront_rate(tranche) / mid[0]
    found.fees[works, k, works] = fees * to_own
    found.service[k, works] = owed_after[-1] * to_own
    if is_added:
        found.pull[k, works] = (due / end).sum(axis=0) * mid
    else:
        found.interest[works, k, works] = due / end * to_own


def _dollars(rates: Floats, is_capitalised: bool) -> tuple[Floats, Floats]:
    """Interest due and what is owed after each half, for a dollar drawn in each.

    Halves x draws; a dollar bears half a half's interest when it is drawn.
    """
    n = len(rates)
    growth = np.cumprod(1.0 + rates) if is_capitalised else np.ones(n)
    first = 1.0 + rates / 2.0 if is_capitalised else np.ones(n)
    owed = np.tril(np.outer(growth, first / growth))
    bearing = _half(n).copy()
    bearing[1:] += owed[:-1]
    return rates[:, None] * bearing, owed


@lru_cache(64)
def _half(n: int) -> Floats:
    """Half a dollar on the diagonal: what is drawn within a half; read only."""
    half = np.eye(n) / 2.0
    half.flags.writeable = False
    return half


@lru_cache(64)
def _undrawn(n: int) -> Floats:
    """What is not drawn yet in each half, of a dollar drawn in each; read only."""
    undrawn = np.triu(np.ones((n, n))) - _half(n)
    undrawn.flags.writeable = False
    return undrawn
