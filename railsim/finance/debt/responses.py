"""What uses cost: fees and interest of a loan as linear functions of what it draws.

Until operation carries it, everything about a loan is proportional to its draws. So its
course is followed once for a dollar in each half, and rounds of funding only multiply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.finance.debt.loans import follow, upfront_rate
from railsim.finance.debt.terms import Terms
from railsim.finance.prices import Prices
from railsim.formulas.courses import draw_course
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Response:
    """Per dollar of uses in each half from signing to settling."""

    works: slice
    pull: Floats
    """Interest added, were all uses drawn; none where interest is paid."""
    fees: Floats
    """Halves x halves: fees in dollars for draws while the loan is available."""
    interest: Floats
    """The same for interest paid in cash."""
    service: Floats
    """Debt service in the first half of operation, dollars."""


def response_of(
    terms: Terms, prices: Prices, opened: int, cash: Floats, *, has_reserve: bool
) -> Response:
    """Follow a dollar of uses in each half; see `draw_course`."""
    works = slice(terms.signed, terms.settled)
    n = terms.settled - terms.signed
    tranche, fractions = terms.tranche, terms.fractions[works]
    drawn = draw_course(
        list(np.eye(n)),
        (terms.level * fractions).tolist(),
        (tranche.commitment_fee_rate * fractions).tolist(),
        is_capitalised=tranche.is_interest_capitalised,
    )
    mid, end = prices.mid[tranche.currency], prices.end[tranche.currency]
    to_own = mid[works] * (np.arange(terms.signed, terms.settled) < terms.available)
    interest = np.array(drawn["interest"]) / end[works, None]
    owed = np.array(drawn["balance"][:-1]) / end[works, None]
    fees = np.array(drawn["commit_fee"]) / end[works, None]
    fees += tranche.guarantee_fee_rate * fractions[:, None] * owed
    fees[0] += upfront_rate(tranche) / mid[terms.signed]
    nothing = np.zeros((n, n))
    is_added = tranche.is_interest_capitalised
    service = np.zeros(n)
    if has_reserve:
        rate = _service_rate(terms, opened, cash)
        service = rate * np.asarray(drawn["balance"][-1]) * to_own / end[opened]
    return Response(
        works=works,
        pull=interest.sum(axis=0) * mid[works] if is_added else np.zeros(n),
        fees=fees * to_own,
        interest=nothing if is_added else interest * to_own,
        service=service,
    )


def _service_rate(terms: Terms, opened: int, cash: Floats) -> float:
    """Service of the first half of operation over what is owed when it begins."""
    draws = np.zeros(len(cash))
    draws[terms.signed] = 1.0
    course = follow(terms, draws, cash)
    due = course.paid_interest + course.principal + course.guarantee_fees
    owed = course.owed_at_settling
    return float(due[opened]) / owed if owed > 0.0 else 0.0
