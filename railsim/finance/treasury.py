"""The account of the treasury: what the railway costs the public purse.

It pays its part of the equity, partly out of loans of its own, supports owner and
operators, pays for availability, and gets taxes, dividends, margins and fees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.finance.debt.loans import follow
from railsim.finance.debt.service import Service, service_of
from railsim.finance.debt.terms import Terms
from railsim.finance.lines import END, Account, Line, total
from railsim.finance.operators import OperatorAccount
from railsim.finance.owner import OwnerAccount, loan_lines
from railsim.finance.prices import Prices
from railsim.scenario.schema.worth.loans import Package, Shareholder
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class TreasuryAccount:
    """Nominal US dollars by half-year of the horizon."""

    account: Account
    services: Mapping[str, Service]
    """Loans of its own."""
    net: Floats
    """What it gets (positive) or pays (negative) before general borrowing."""
    called: Floats
    """State support that goes to guaranteed loans."""
    supported: Floats
    """The rest of the support for debt that is not the state's own."""


def run_treasury(
    package: Package,
    terms: Sequence[Terms],
    owner: OwnerAccount,
    operators: Mapping[str, OperatorAccount],
    prices: Prices,
) -> TreasuryAccount:
    """Add up all that others pay to the state and get from it."""
    count = len(owner.cash)
    public = [h for h in package.shareholders.values() if h.is_public]
    held = float(np.sum([h.share for h in public]))
    equity = held * owner.funding.equity
    part = 1.0 if package.support_from == "state" else held
    services = {t.name: _own_loan(t, package, equity, prices) for t in terms}
    lines = _lines(package, owner, operators, equity[:count], part)
    for name, each in services.items():
        lines |= loan_lines(name, each, count)
    net = total([line.usd for line in lines.values() if not line.is_memo])
    called, supported = _support(owner, part)
    lines["guarantees_called"] = Line(-called, END, is_memo=True)
    lines["general_budget"] = Line(-net)
    return TreasuryAccount(lines, services, net, called, supported)


def _lines(
    package: Package,
    owner: OwnerAccount,
    operators: Mapping[str, OperatorAccount],
    equity: Floats,
    part: float,
) -> dict[str, Line]:
    """All but its own loans; `part` is its part of the support."""
    public = [h for h in package.shareholders.values() if h.is_public]
    dividends = dividend_share(package, public) * owner.cascade.distributions
    nothing = np.zeros(len(equity))
    given = [each.account["support"].usd for each in operators.values()]
    got = [each.account["distributions"].usd for each in operators.values()]
    taxes = [each.tax for each in operators.values()]
    margins = [each.to_treasury[: len(equity)] for each in owner.services.values()]
    return {
        "equity": Line(-equity),
        "availability_payment": Line(-owner.availability),
        "support": Line(-part * owner.cascade.support, END),
        "operator_support": Line(-total([nothing, *given])),
        "operator_distributions": Line(-total([nothing, *got])),
        "dividends": Line(dividends, END),
        "taxes": Line(total([owner.tax, *taxes])),
        "margins_and_guarantee_fees": Line(total([nothing, *margins]), END),
    }


def dividend_share(package: Package, holders: Sequence[Shareholder]) -> float:
    """Their part of what is left; all of it goes to the state if nobody else may."""
    entitled = [h.share for h in package.shareholders.values() if h.has_dividends]
    if not entitled:
        public = [h for h in holders if h.is_public]
        return 1.0 if public else 0.0
    theirs = [h.share for h in holders if h.has_dividends]
    whole = float(np.sum(entitled))
    return float(np.sum(theirs)) / whole if whole > 0.0 else 0.0


def _own_loan(
    terms: Terms, package: Package, equity: Floats, prices: Prices
) -> Service:
    """A loan that pays for a part of the treasury's equity."""
    owed = [t.share or 0.0 for t in package.tranches.values() if t.borrower == "owner"]
    public = [h.share for h in package.shareholders.values() if h.is_public]
    whole = (1.0 - float(np.sum(owed))) * float(np.sum(public))
    part = min(1.0, (terms.tranche.share or 0.0) / whole) if whole > 0.0 else 0.0
    window = slice(terms.signed, terms.available)
    draws = np.zeros(len(equity))
    draws[window] = part * equity[window] * prices.mid[terms.tranche.currency][window]
    return service_of(follow(terms, draws, np.ones(len(equity))), prices)


def _support(owner: OwnerAccount, part: float) -> tuple[Floats, Floats]:
    """The state's support of guaranteed loans, and of loans that it lent on.

    Support is divided among loans like their service; what exceeds debt service
    covers running losses and goes to neither.
    """
    count = len(owner.cash)
    support = part * np.minimum(owner.cascade.support, owner.due)
    rate = np.divide(support, owner.due, out=np.zeros(count), where=owner.due > 0.0)
    parts = {"guaranteed": np.zeros(count), "on_lent": np.zeros(count)}
    for each in owner.services.values():
        channel = each.course.terms.tranche.channel
        if channel in parts:
            parts[channel] += rate * each.due[:count]
    return parts["guaranteed"], parts["on_lent"]
