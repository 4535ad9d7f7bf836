"""Sources and uses: who pays for works, fees and interest, half-year by half-year.

Shares of total uses are shares of works, fees, all interest until opening and the
reserve. A loan draws the same part w of every half's uses in cash, so that with its
capitalised interest it reaches its share s of the total U:

    w_k (b + c_k) = s_k U,    U = b + sum_j w_j c_j

with b the uses in cash and c_k the interest that a loan for all of b would add. For
given fees and interest paid in cash this is solved at once; fees and interest paid are
parts of b and are found by repetition until U stands still (Yescombe 2014).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.errors import InputError
from railsim.finance.debt.loans import (
    Course,
    draw_until_settled,
    follow,
    upfront_fee,
)
from railsim.finance.debt.terms import Span, Terms
from railsim.finance.prices import Prices
from railsim.scenario.schema.worth.loans import Package
from railsim.traffic import Floats

SETTLED = 1e-12  # of total uses; promised is 1e-9
ROUNDS = 200
MONTHS_A_HALF = 6.0


@dataclass(frozen=True, slots=True)
class Needs:
    """What sources must pay for; nominal US dollars on the longer grid."""

    spending: Floats
    span: Span
    cash: Floats
    """From operation, before debt; the shape of sculpted loans."""


@dataclass(frozen=True, slots=True)
class Funding:
    """Nominal US dollars on the longer grid; of the owner of the line."""

    needs: Needs
    fees: Floats
    interest: Floats
    """Paid in cash while works go on."""
    reserve: Floats
    equity: Floats
    courses: Mapping[str, Course]
    """Of the owner's tranches, each in its own currency."""
    draws: Mapping[str, Floats]
    """Tranche -> US dollars."""

    @property
    def uses(self) -> Floats:
        """All that is paid in cash, half by half."""
        return self.needs.spending + self.fees + self.interest + self.reserve


def raise_funds(
    package: Package,
    terms: Sequence[Terms],
    needs: Needs,
    prices: Prices,
    lending: Mapping[str, float],
) -> Funding:
    """Draw on all sources so that they pay the uses of every half.

    `lending`: lender -> part of its share that it still lends; owners pay the rest.
    Raises InputError if no amount of money is enough.
    """
    extra, total = np.zeros((3, len(needs.spending))), math.inf
    is_total = package.shares_of == "total_uses"
    for _ in range(ROUNDS):
        base = needs.spending + extra.sum(axis=0) if is_total else needs.spending
        pull = [_pull(t, base, prices) if is_total else 0.0 for t in terms]
        weights = _weights(terms, float(base.sum()), pull, lending)
        draws = [
            _own_draws(t, w * base, prices) for t, w in zip(terms, weights, strict=True)
        ]
        extra = _extra_uses(package, terms, draws, needs, prices)
        before, total = total, float(needs.spending.sum() + extra.sum())
        if abs(total - before) <= SETTLED * total:
            pairs = zip(terms, draws, strict=True)
            courses = {t.name: follow(t, drawn, needs.cash) for t, drawn in pairs}
            return _funding(needs, extra, courses, prices)
    raise InputError(
        f"package '{package.title}': fees and interest of its loans grow without end"
    )


def _funding(
    needs: Needs,
    extra: Floats,
    courses: Mapping[str, Course],
    prices: Prices,
) -> Funding:
    """Owners pay what loans do not."""
    draws = {
        name: course.draws / prices.mid[course.terms.tranche.currency]
        for name, course in courses.items()
    }
    fees, interest, reserve = extra
    equity = needs.spending + fees + interest + reserve
    for drawn in draws.values():
        equity = equity - drawn
    return Funding(needs, fees, interest, reserve, equity, courses, draws)


def _own_draws(terms: Terms, usd: Floats, prices: Prices) -> Floats:
    """Dollars as draws in the loan's currency, while it may be drawn."""
    draws = np.zeros(len(usd))
    window = slice(terms.signed, terms.available)
    draws[window] = usd[window] * prices.mid[terms.tranche.currency][window]
    return draws


def _weights(
    terms: Sequence[Terms],
    paid: float,
    pull: Sequence[float],
    lending: Mapping[str, float],
) -> list[float]:
    """The part of every half's uses that each loan draws; together at most 1.

    `paid` are uses in cash, `pull` the interest each loan would add to all of them.
    """
    if paid <= 0.0:
        return [0.0] * len(terms)
    left = [lending.get(t.tranche.lender, 1.0) for t in terms]
    shares = [x * (t.tranche.share or 0.0) for x, t in zip(left, terms, strict=True)]
    amounts = [
        x * (t.tranche.amount_usd or 0.0) for x, t in zip(left, terms, strict=True)
    ]
    parts = [s * c / (paid + c) for s, c in zip(shares, pull, strict=True)]
    fixed = [a * c / (paid + c) for a, c in zip(amounts, pull, strict=True)]
    everything = (paid + math.fsum(fixed)) / (1.0 - math.fsum(parts))
    weights = [
        (s * everything + a) / (paid + c)
        for s, a, c in zip(shares, amounts, pull, strict=True)
    ]
    most = math.fsum(weights)
    return [w / most for w in weights] if most > 1.0 else weights


def _pull(terms: Terms, base: Floats, prices: Prices) -> float:
    """Interest added, in dollars, if the loan paid for all uses."""
    if not terms.tranche.is_interest_capitalised:
        return 0.0
    works = slice(terms.signed, terms.settled)
    currency = terms.tranche.currency
    drawn = draw_until_settled(terms, base[works] * prices.mid[currency][works])
    return float(np.array(drawn["interest"]) @ (1.0 / prices.end[currency][works]))


def _extra_uses(
    package: Package,
    terms: Sequence[Terms],
    draws: Sequence[Floats],
    needs: Needs,
    prices: Prices,
) -> Floats:
    """Fees, interest paid and the reserve; rows of dollars over the grid."""
    extra = np.zeros((3, len(needs.spending)))
    for t, own in zip(terms, draws, strict=True):
        currency, works = t.tranche.currency, slice(t.signed, t.settled)
        at_end = prices.end[currency][works]
        drawn = draw_until_settled(t, own[works])
        fees = np.array(drawn["commit_fee"])
        if t.tranche.guarantee_fee_rate > 0.0:
            owed = np.array(drawn["balance"][:-1])
            fees += t.tranche.guarantee_fee_rate * t.fractions[works] * owed
        extra[0][works] += fees / at_end
        extra[0][t.signed] += upfront_fee(t, own) / prices.mid[currency][t.signed]
        if not t.tranche.is_interest_capitalised:
            extra[1][works] += np.array(drawn["interest"]) / at_end
    if package.is_reserve_prefunded and needs.span.opened > 0:
        last = min(needs.span.opened, needs.span.drawn) - 1
        service = _first_service(terms, draws, needs, prices)
        extra[2][last] = service * package.reserve_months / MONTHS_A_HALF
    return extra


def _first_service(
    terms: Sequence[Terms], draws: Sequence[Floats], needs: Needs, prices: Prices
) -> float:
    """What falls due in the first half of operation, in dollars."""
    half, due = needs.span.opened, 0.0
    for t, own in zip(terms, draws, strict=True):
        course = follow(t, own, needs.cash)
        paid = course.paid_interest + course.principal + course.guarantee_fees
        due += float(paid[half] / prices.end[t.tranche.currency][half])
    return due
