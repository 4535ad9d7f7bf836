"""Returns, present values and paybacks of the flows of an account.

Half-year rates i are stated a year as (1 + i)^2 - 1. Present values are of real flows,
on 1 January of the first year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.finance.operators import OperatorAccount
from railsim.finance.owner import OwnerAccount
from railsim.finance.prices import Prices
from railsim.finance.treasury import dividend_share
from railsim.formulas.discounting import CONVENTIONS
from railsim.formulas.returns import Return, in_other_prices, internal_return
from railsim.project.halves import PER_YEAR
from railsim.scenario.schema.worth.finance import Returns
from railsim.scenario.schema.worth.loans import Package
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class Worth:
    """Flows of one point of view, and what they are worth."""

    nominal: Floats
    real: Floats
    nominal_return: Return
    """Rates a half-year."""
    real_return: Return
    npv_usd: float
    """Real, at the scenario's discount rate and convention."""
    payback_years: float | None
    """From the first outlay until flows have added up to nothing."""
    discounted_payback_years: float | None


def points_of_view(
    owner: OwnerAccount,
    operators: dict[str, OperatorAccount],
    package: Package,
    count: int,
) -> dict[str, Floats]:
    """Nominal flows by who looks at them, over the horizon.

    `railway` is all that is built and run, before finance and availability payments;
    `owner` is the line without its operators, with such payments; `equity` all who pay
    the equity; then every shareholder, if there are several.
    """
    spent = owner.funding.needs.spending[:count]
    line = owner.cash - spent
    run = np.zeros(count)
    for each in operators.values():
        run -= each.account["distributions"].usd + each.account["support"].usd
    shared, paid = owner.cascade.distributions, owner.funding.equity[:count]
    if package.support_from == "owners":
        paid = paid + owner.cascade.support
    flows = {"railway": line - owner.availability + run, "owner": line}
    flows["equity"] = shared - paid
    holders = package.shareholders
    for name, holder in holders.items() if len(holders) > 1 else ():
        part = dividend_share(package, [holder])
        flows[name] = part * shared - holder.share * paid
    return flows


def worth_of(flows: Floats, prices: Prices, returns: Returns) -> Worth:
    """Measure flows."""
    level = prices.us_mid[: len(flows)]
    real = flows / level
    inflation = float(level[1] / level[0]) - 1.0 if len(level) > 1 else 0.0
    finance, reinvest = (
        float(np.expm1(np.log1p(rate) / PER_YEAR))
        for rate in (returns.finance_rate, returns.reinvest_rate)
    )
    factors = discount_factors(len(flows), returns)
    found = internal_return(flows, finance_rate=finance, reinvest_rate=reinvest)
    return Worth(
        nominal=flows,
        real=real,
        nominal_return=found,
        real_return=in_other_prices(found, inflation),
        npv_usd=float(real @ factors),
        payback_years=payback(real),
        discounted_payback_years=payback(real * factors),
    )


def discount_factors(count: int, returns: Returns) -> Floats:
    """Real, from each half-year to the beginning of the first."""
    shift = CONVENTIONS[returns.convention]
    years = (np.arange(count) + shift) / PER_YEAR
    return np.asarray(np.exp(-np.log1p(returns.discount_rate_real) * years))


def yearly_rate(half_rate: float) -> float:
    """A rate a half-year as a rate a year."""
    return (1.0 + half_rate) ** PER_YEAR - 1.0


def payback(flows: Floats) -> float | None:
    """Years from the first outlay until the sum stays at or above 0; None if never.

    Within a half-year the sum is taken to rise evenly.
    """
    outlays = np.flatnonzero(flows < 0.0)
    if len(outlays) == 0:
        return None
    first = int(outlays[0])
    summed = np.cumsum(flows[first:])
    below = np.flatnonzero(summed < 0.0)
    last = int(below[-1])
    if last == len(summed) - 1:
        return None
    rise = float(summed[last + 1] - summed[last])
    return (last + 1 + float(-summed[last]) / rise) / PER_YEAR
