"""Loans of one borrower in US dollars: what they bring, what is due, what is owed.

Draws are converted in the middle of a half-year, all else at its end. What exchange
rates add to the debt is a loss, told apart from flows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from railsim.finance.debt.loans import Course
from railsim.finance.prices import Prices
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Service:
    """One tranche; nominal US dollars of each half of the longer grid."""

    course: Course
    draws: Floats
    capitalised: Floats
    works_interest: Floats
    """Paid in cash while works go on."""
    fees: Floats
    """Upfront, commitment and guarantee fees while works go on."""
    interest: Floats
    """Paid out of operation."""
    guarantee_fees: Floats
    """Paid out of operation."""
    principal: Floats
    owed: Floats
    """After each half."""
    fx_loss: Floats
    to_treasury: Floats
    """Margin of lending on and guarantee fees, always."""

    @property
    def due(self) -> Floats:
        """All that is due out of operation."""
        return self.interest + self.principal + self.guarantee_fees

    @property
    def lender_flows(self) -> Floats:
        """What the lender, treasury included, pays (negative) and gets."""
        return self.due + self.works_interest + self.fees - self.draws


def service_of(course: Course, prices: Prices) -> Service:
    """A course in dollars."""
    tranche = course.terms.tranche
    mid, end = prices.mid[tranche.currency], prices.end[tranche.currency]
    is_works = np.arange(len(mid)) < course.terms.settled
    paid, guarantee = course.paid_interest / end, course.guarantee_fees / end
    fees = course.upfront_fees / mid + course.commitment_fees / end
    draws, capitalised = course.draws / mid, course.capitalised / end
    principal, owed = course.principal / end, course.closing / end
    before = np.concatenate([[0.0], owed[:-1]])
    rate = course.terms.level
    margin = tranche.on_lent_margin / rate if rate > 0.0 else 0.0
    return Service(
        course=course,
        draws=draws,
        capitalised=capitalised,
        works_interest=np.where(is_works, paid, 0.0),
        fees=fees + np.where(is_works, guarantee, 0.0),
        interest=np.where(is_works, 0.0, paid),
        guarantee_fees=np.where(is_works, 0.0, guarantee),
        principal=principal,
        owed=owed,
        fx_loss=owed - before - draws - capitalised + principal,
        to_treasury=margin * paid + guarantee,
    )


def due_of(services: Iterable[Service], seniority: str, count: int) -> Floats:
    """What all loans of a rank ask for in each half."""
    due = np.zeros(count)
    for each in services:
        if each.course.terms.tranche.seniority == seniority:
            due += each.due[:count]
    return due
