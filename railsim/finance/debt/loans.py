"""The course of a loan in its own currency, from the first draw to the last payment.

Draws fall in the middle of a half-year, interest, fees and principal at its end.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.finance.debt.terms import Terms
from railsim.formulas.courses import draw_course, repay_course
from railsim.scenario.schema.worth.loans import Tranche
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Course:
    """Arrays over the halves of the longer grid, in the loan's own currency."""

    terms: Terms
    opening: Floats
    draws: Floats
    interest: Floats
    """Due for the half, whether paid or added to the debt."""
    capitalised: Floats
    """The part of interest that is added."""
    upfront_fees: Floats
    """Management and insurance, in the half of signing."""
    commitment_fees: Floats
    guarantee_fees: Floats
    principal: Floats
    closing: Floats

    @property
    def paid_interest(self) -> Floats:
        """Interest paid in cash."""
        return self.interest - self.capitalised

    @property
    def owed_at_settling(self) -> float:
        """What is owed when operation begins to carry the loan."""
        return float(self.opening[self.terms.settled])


def upfront_rate(tranche: Tranche) -> float:
    """Management and insurance, of all that will be drawn."""
    return tranche.management_fee_share + tranche.insurance_fee_share


def follow(terms: Terms, draws: Floats, cash: Floats) -> Course:
    """The whole course of a loan that is drawn like this.

    `draws` over the grid, own currency; none outside its availability. `cash` is the
    shape of sculpted instalments over the grid; without a positive one in the years
    of repayment the loan is repaid by equal payments.
    """
    count, rates = len(draws), terms.level * terms.fractions
    opening, interest = np.zeros(count + 1), np.zeros(count)
    a, b, c = terms.signed, terms.settled, terms.repaid_from
    tranche, fractions = terms.tranche, terms.fractions[a:b]
    drawn = draw_course(
        draws[a:b].tolist(),
        rates[a:b].tolist(),
        (tranche.commitment_fee_rate * fractions).tolist(),
        is_capitalised=tranche.is_interest_capitalised,
    )
    opening[a : b + 1] = drawn["balance"]
    opening[b : c + 1] = opening[b]  # a grace that lasts longer than works
    owed = _owed(terms, float(opening[c]), rates[c:], cash)
    opening[c : c + len(owed)] = owed
    m = terms.matures
    interest[:m] = rates[:m] * (opening[:m] + draws[:m] / 2.0)
    capitalised = np.zeros(count)
    if tranche.is_interest_capitalised:
        capitalised[a:b] = interest[a:b]
    return _closed(terms, draws, opening, interest, capitalised, drawn["commit_fee"])


def service_rate(terms: Terms, half: int, cash: Floats) -> float:
    """Service of a half after settling, over what is owed when the loan settles."""
    past = half - terms.repaid_from
    rates = terms.level * terms.fractions
    owed = _owed(terms, 1.0, rates[terms.repaid_from :], cash)
    if past + 1 >= len(owed):
        return 0.0
    before, after = (owed[past], owed[past + 1]) if past >= 0 else (1.0, 1.0)
    fee = terms.tranche.guarantee_fee_rate * terms.fractions[half]
    return float((rates[half] + fee) * before + before - after)


def _closed(
    terms: Terms,
    draws: Floats,
    opening: Floats,
    interest: Floats,
    capitalised: Floats,
    commitment: list[float],
) -> Course:
    """Add what follows from balances: principal and fees."""
    tranche, count = terms.tranche, len(draws)
    upfront, fees, guarantee = np.zeros((3, count))
    upfront[terms.signed] = upfront_rate(tranche) * float(draws.sum())
    fees[terms.signed : terms.settled] = commitment
    years = terms.fractions
    guarantee[: len(years)] = tranche.guarantee_fee_rate * years * opening[: len(years)]
    principal = np.zeros(count)
    m = terms.matures
    principal[terms.repaid_from : m] = -np.diff(opening[terms.repaid_from : m + 1])
    closing = opening[:-1] + draws + capitalised - principal
    return Course(
        terms=terms,
        opening=opening[:-1],
        draws=draws,
        interest=interest,
        capitalised=capitalised,
        upfront_fees=upfront,
        commitment_fees=fees,
        guarantee_fees=guarantee,
        principal=principal,
        closing=closing,
    )


def _owed(terms: Terms, principal: float, rates: Floats, cash: Floats) -> Floats:
    """Balances before each instalment, and nothing after the last."""
    n = terms.matures - terms.repaid_from
    match terms.tranche.repayment:
        case "equal_principal":
            return principal * np.arange(n, -1, -1) / n
        case "bullet":
            return np.append(np.full(n, principal), 0.0)
    shape = np.maximum(cash[terms.repaid_from : terms.matures], 0.0)
    if terms.tranche.repayment == "annuity" or not shape.any():
        shape = np.ones(n)
    return np.array(repay_course(principal, shape.tolist(), rates.tolist()))
