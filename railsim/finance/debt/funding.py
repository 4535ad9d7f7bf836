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
from railsim.finance.debt.loans import Course, follow
from railsim.finance.debt.responses import Response, responses_of
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
    response = responses_of(
        *(terms, prices, needs.span.opened, needs.cash),
        has_reserve=package.is_reserve_prefunded,
    )
    asked, spent = _asked(terms, lending), float(needs.spending.sum())
    for _ in range(ROUNDS):
        base = needs.spending + extra.sum(axis=0) if is_total else needs.spending
        pull = response.pull @ base[: response.count] if is_total else 0.0 * asked[0]
        weights = _weights(*asked, float(base.sum()), pull)
        extra = _extra_uses(package, response, weights, base, needs.span)
        before, total = total, spent + float(extra.sum())
        if abs(total - before) <= SETTLED * total:
            pairs = zip(terms, weights.tolist(), strict=True)
            draws = {t.name: (t, _own_draws(t, w * base, prices)) for t, w in pairs}
            courses = {k: follow(t, own, needs.cash) for k, (t, own) in draws.items()}
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


def _asked(
    terms: Sequence[Terms], lending: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """Of every loan its share of the uses, and its dollars, as far as it is lent."""
    left = np.array([lending.get(t.tranche.lender, 1.0) for t in terms])
    shares = np.array([t.tranche.share or 0.0 for t in terms])
    amounts = np.array([t.tranche.amount_usd or 0.0 for t in terms])
    return left * shares, left * amounts


def _weights(shares: Floats, amounts: Floats, paid: float, pull: Floats) -> Floats:
    """The part of every half's uses that each loan draws; together at most 1.

    `paid` are uses in cash, `pull` the interest each loan would add to all of them.
    """
    if paid <= 0.0:
        return np.zeros(len(shares))
    whole = paid + pull
    added = pull / whole
    everything = (paid + float(amounts @ added)) / (1.0 - float(shares @ added))
    weights: Floats = (shares * everything + amounts) / whole
    most = float(weights.sum())
    return weights / most if most > 1.0 else weights


def _extra_uses(
    package: Package, response: Response, weights: Floats, base: Floats, span: Span
) -> Floats:
    """Fees, interest paid and the reserve; rows of dollars over the grid."""
    extra, n = np.zeros((3, len(base))), response.count
    drawn = np.outer(weights, base[:n])
    for row, cost in enumerate((response.fees, response.interest)):
        extra[row, :n] = cost.reshape(n, drawn.size) @ drawn.ravel()
    if package.is_reserve_prefunded and span.opened > 0:
        last = min(span.opened, span.drawn) - 1
        service = float((response.service * drawn).sum())
        extra[2, last] = service * package.reserve_months / MONTHS_A_HALF
    return extra
