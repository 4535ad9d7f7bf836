"""Loans: what they cost to draw, to repay and to carry, and how much one can bear.

Rates are per year, divided evenly among ``per_year`` periods; a payment falls at the
end of its period (Fabozzi 2016, Handbook of Fixed Income; Yescombe 2014).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import TypedDict

from railsim.formulas.checks import (
    require_boolean,
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
)
from railsim.formulas.courses import Drawdown, draw_course, owed_before
from railsim.formulas.discounting import (
    present_value,
    require_numbers,
    require_rate,
)

ROUNDING = 1e-9


class SculptedDebt(TypedDict):
    """Size of a sculpted loan, its instalments and what is left at the end."""

    debt: float
    principal: list[float]
    closing: float


class CoverRatios(TypedDict):
    """Level debt service and how often cash covers it."""

    debt_service: float
    dscr: list[float]
    min_dscr: float
    llcr: float
    plcr: float


def annuity_payment(
    *, principal: float, rate: float, per_year: int, n: int
) -> dict[str, float]:
    """Repay a loan by n equal payments.

    payment = P i / (1 - (1 + i)^-n), i = rate / per_year, and P / n at rate 0;
    total_interest = the sum of i times each opening balance; money as ``principal``.
    Raises ValueError if principal or rate is negative, or per_year or n below 1.
    Source: Brealey, Myers & Allen 2020.
    """
    require_nonnegative("principal", principal)
    require_nonnegative("rate", rate)
    require_count("per_year", per_year, 1)
    require_count("n", n, 1)
    i = rate / per_year
    if i == 0:
        return {"payment": principal / n, "total_interest": 0.0}
    force = math.log1p(i)
    whole = math.expm1(-n * force)
    left = math.fsum(math.expm1(-k * force) / whole for k in range(1, int(n) + 1))
    return {"payment": -principal * i / whole, "total_interest": principal * i * left}


def equal_principal_schedule(
    *,
    principal: float,
    rate: float,
    per_year: int,
    grace_periods: int,
    repay_periods: int,
) -> dict[str, float]:
    """Repay a loan by equal instalments of principal after a grace of interest only.

    first_payment is the first of all, first_repayment the first with principal, one
    period after the grace ends; interest i times the opening balance, i = rate /
    per_year; ``closing`` the balance left, 0 but for rounding.
    Raises ValueError if principal, rate or grace is negative, or per_year or
    repay_periods below 1.
    Source: Yescombe 2014, Principles of Project Finance.
    """
    require_nonnegative("principal", principal)
    require_nonnegative("rate", rate)
    require_count("per_year", per_year, 1)
    require_count("grace_periods", grace_periods, 0)
    require_count("repay_periods", repay_periods, 1)
    i = rate / per_year
    instalment = principal / repay_periods
    first_repayment = instalment + principal * i
    return {
        "first_payment": principal * i if grace_periods > 0 else first_repayment,
        "first_repayment": first_repayment,
        "last_payment": instalment * (1.0 + i),
        "total_interest": principal * i * (grace_periods + (repay_periods + 1) / 2.0),
        "closing": principal - instalment * repay_periods,
    }


def idc(
    *,
    draws: Sequence[float],
    rate: float,
    per_year: int,
    commit_fee: float,
    mgmt_fee: float,
    capitalise: bool,
) -> dict[str, float]:
    """Add up interest and fees while a loan is drawn, each draw at mid-period.

    interest = rate / m (opening balance + draw / 2), added to the balance at the end
    of the period if ``capitalise``; commitment fee = fee / m (undrawn - draw / 2);
    management fee once on the commitment, the sum of draws. Fees are paid in cash.
    Raises ValueError if a draw, the rate or a fee is negative or per_year below 1.
    Source: Yescombe 2014; railsim model specification 2026, section 7.3.
    """
    require_nonnegative("mgmt_fee", mgmt_fee)
    course = draw_loan(
        draws=draws,
        rate=rate,
        per_year=per_year,
        commit_fee=commit_fee,
        capitalise=capitalise,
    )
    return {
        "balance": course["balance"][-1],
        "idc": math.fsum(course["interest"]),
        "commit_fee": math.fsum(course["commit_fee"]),
        "mgmt_fee": mgmt_fee * math.fsum(draws),
    }


def draw_loan(
    *,
    draws: Sequence[float],
    rate: float,
    per_year: int,
    commit_fee: float,
    capitalise: bool,
) -> Drawdown[float]:
    """Follow a loan through construction, period by period; see ``idc``."""
    require_sequence("draws", draws)
    for draw in draws:
        require_nonnegative("draws", draw)
    require_nonnegative("rate", rate)
    require_count("per_year", per_year, 1)
    require_nonnegative("commit_fee", commit_fee)
    require_boolean("capitalise", capitalise)
    if len(draws) == 0:
        return {"balance": [0.0], "interest": [], "commit_fee": []}
    return draw_course(
        draws,
        [rate / per_year] * len(draws),
        [commit_fee / per_year] * len(draws),
        is_capitalised=capitalise,
    )


def grant_element(
    *,
    rate: float,
    discount: float,
    maturity_y: float,
    grace_y: float,
    per_year: int,
) -> float:
    """Measure the gift in a cheap loan as a share of its face.

    1 - PV(debt service) / face: drawn at once, interest only in the grace, equal
    instalments of principal from one period after it to maturity; discounted at
    (1 + discount)^(1 / per_year) - 1 a period. Negative for a dear loan.
    Raises ValueError if rate is negative, discount not above -1, per_year below 1,
    a duration is not a whole number of periods or the grace reaches maturity.
    Source: IMF & World Bank 2013, unified discount rate; OECD DAC.
    """
    require_nonnegative("rate", rate)
    require_rate("discount", discount)
    require_count("per_year", per_year, 1)
    require_positive("maturity_y", maturity_y)
    require_nonnegative("grace_y", grace_y)
    periods = count_periods("maturity_y", maturity_y, per_year)
    grace = count_periods("grace_y", grace_y, per_year)
    if grace >= periods:
        raise ValueError(f"grace_y must end before {maturity_y}, found {grace_y}")
    instalment = 1.0 / (periods - grace)
    force = math.log1p(discount) / per_year
    worth = []
    for t in range(1, periods + 1):
        repaid = max(0, t - 1 - grace) * instalment
        service = rate / per_year * (1.0 - repaid) + (instalment if t > grace else 0.0)
        worth.append(service * math.exp(-force * t))
    return 1.0 - math.fsum(worth)


def count_periods(name: str, years: float, per_year: int) -> int:
    """Turn years into a whole number of periods."""
    periods = round(years * per_year)
    if abs(years * per_year - periods) > ROUNDING * max(1, periods):
        raise ValueError(f"{name} must be whole periods, found {years} years")
    return periods


def sculpt_debt(*, cfads: Sequence[float], dscr: float, rate: float) -> SculptedDebt:
    """Size a loan whose service is a fixed part of the cash of each year.

    service = cfads / dscr; debt = sum service_t / (1 + rate)^t, t = 1, 2, ...;
    principal = service - interest, negative where interest exceeds the service.
    No cash flows bear no debt. Money as ``cfads``.
    Raises ValueError if a cash flow or the rate is negative or dscr not positive.
    Source: Yescombe 2014, Principles of Project Finance.
    """
    require_sequence("cfads", cfads)
    for flow in cfads:
        require_nonnegative("cfads", flow)
    require_positive("dscr", dscr)
    require_nonnegative("rate", rate)
    services = [flow / dscr for flow in cfads]
    owed = owed_before(services, [rate] * len(services))
    principal = [before - after for before, after in pairwise(owed)]
    closing = math.fsum([owed[0], *(-instalment for instalment in principal)])
    return {"debt": owed[0], "principal": principal, "closing": closing}


def cover_ratios(
    *,
    cfads: Sequence[float],
    principal: float,
    rate: float,
    n: int,
    project_cfads_tail: Sequence[float],
) -> CoverRatios:
    """Compare the cash of each year with the service of an annuity loan of n years.

    dscr_t = cfads_t / payment, t = 1 .. n; llcr = PV of cfads over the loan life /
    principal; plcr adds ``project_cfads_tail``, the years after the loan; yearly
    flows, discounted at the loan's rate.
    Raises ValueError if cfads has fewer or more than n years, principal is not
    positive, the rate negative or n below 1.
    Source: Yescombe 2014, Principles of Project Finance.
    """
    require_positive("principal", principal)
    require_numbers("cfads", cfads)
    require_numbers("project_cfads_tail", project_cfads_tail)
    loan = annuity_payment(principal=principal, rate=rate, per_year=1, n=n)
    if len(cfads) != n:
        raise ValueError(f"cfads must have {n} years, found {len(cfads)}")
    dscr = [flow / loan["payment"] for flow in cfads]
    life = discount_flows(cfads, rate)
    tail = discount_flows(project_cfads_tail, rate) * math.exp(-n * math.log1p(rate))
    return {
        "debt_service": loan["payment"],
        "dscr": dscr,
        "min_dscr": min(dscr),
        "llcr": life / principal,
        "plcr": (life + tail) / principal,
    }


def discount_flows(flows: Sequence[float], rate: float) -> float:
    """Discount flows at the ends of successive periods to the start of the first."""
    return present_value(flows, rate) / (1.0 + rate)


def viability_gap(
    *,
    capex: float,
    equity: float,
    cfads: Sequence[float],
    dscr: float,
    rate: float,
) -> dict[str, float]:
    """Find what neither equity nor the debt its cash can bear will pay for.

    debt_capacity = sum cfads_t / dscr / (1 + rate)^t, t = 1, 2, ...; gap = max(0,
    capex - equity - debt_capacity); money as ``capex``.
    Raises ValueError if a number is negative or dscr 0.
    Source: Yescombe 2014; railsim model specification 2026, section 7.8.
    """
    require_nonnegative("capex", capex)
    require_nonnegative("equity", equity)
    capacity = sculpt_debt(cfads=cfads, dscr=dscr, rate=rate)["debt"]
    return {"debt_capacity": capacity, "gap": max(0.0, capex - equity - capacity)}


def debt_gdp_path(
    *,
    d0: float,
    interest: Sequence[float],
    growth: Sequence[float],
    deflator: Sequence[float],
    primary_balance: Sequence[float],
    project: Sequence[float],
) -> list[float]:
    """Follow public debt as a share of GDP, year by year after d0.

    d = d_before (1 + interest) / ((1 + growth)(1 + deflator)) - primary_balance +
    project; all as fractions, one per year; no years give an empty list.
    Raises ValueError if lengths differ or a rate is not above -1.
    Source: IMF 2013, Staff Guidance Note for Public Debt Sustainability Analysis.
    """
    require_finite("d0", d0)
    rates = {"interest": interest, "growth": growth, "deflator": deflator}
    shares = {"primary_balance": primary_balance, "project": project}
    for name, values in (rates | shares).items():
        require_sequence(name, values)
    require_same_length(**rates, **shares)
    for name, values in rates.items():
        for value in values:
            require_rate(name, value)
    for name, values in shares.items():
        require_numbers(name, values)
    factors = [
        (1.0 + i) / ((1.0 + g) * (1.0 + p))
        for i, g, p in zip(*rates.values(), strict=True)
    ]
    added = [x - balance for balance, x in zip(*shares.values(), strict=True)]
    return roll_debt(float(d0), factors, added)


def roll_debt(
    debt: float, factors: Sequence[float], added: Sequence[float]
) -> list[float]:
    """Multiply a debt by each factor and add to it, year by year."""
    path = []
    for factor, more in zip(factors, added, strict=True):
        debt = debt * factor + more
        path.append(debt)
    return path
