"""A whole project finance small enough to check by hand: the second integration toy."""

import math
from collections.abc import Sequence

from railsim.formulas.checks import (
    require_count,
    require_nonnegative,
    require_sequence,
    require_share,
)
from railsim.formulas.debt import annuity_payment, discount_flows, draw_loan
from railsim.formulas.discounting import irr_all, require_rate


def toy_finance(
    *,
    capex_half_years: Sequence[float],
    loan_share: float,
    rate: float,
    commit_fee: float,
    mgmt_fee: float,
    repay_half_years: int,
    cfads_first: float,
    cfads_growth_per_half: float,
    operation_half_years: int,
) -> dict[str, float]:
    """Build, borrow, operate and repay by half-years, and measure what comes out.

    draws = loan_share * capex, at mid-period, interest capitalised; fees in cash by
    equity; operation from the next half-year with cfads = first (1 + g)^k; level
    annuity over ``repay_half_years``; DSCR = cfads / payment and LLCR over the
    repayment at rate / 2; project flows -capex, then cfads; equity flows -(capex -
    draw) - fees, then cfads - service. Rates per year, IRRs (1 + i)^2 - 1, NaN
    unless just one exists; without a loan the ratios are infinite.
    Raises ValueError if a number is out of range, there is no building, or the
    operation is shorter than the repayment.
    Source: railsim model specification 2026, section 12.6; Yescombe 2014.
    """
    check_works(capex_half_years, loan_share, mgmt_fee)
    require_nonnegative("cfads_first", cfads_first)
    require_rate("cfads_growth_per_half", cfads_growth_per_half)
    require_count("repay_half_years", repay_half_years, 1)
    require_count("operation_half_years", operation_half_years, repay_half_years)
    draws = [loan_share * outlay for outlay in capex_half_years]
    loan = draw_loan(
        draws=draws, rate=rate, per_year=2, commit_fee=commit_fee, capitalise=True
    )
    growth = 1.0 + cfads_growth_per_half
    cfads = [cfads_first * growth**k for k in range(int(operation_half_years))]
    fees = list(loan["commit_fee"])
    fees[0] += mgmt_fee * math.fsum(draws)
    own = [
        draw - outlay - fee
        for draw, outlay, fee in zip(draws, capex_half_years, fees, strict=True)
    ]
    answer = measure_loan(
        cfads[: int(repay_half_years)], debt=loan["balance"][-1], rate=rate / 2.0
    )
    owed = [answer["payment"]] * int(repay_half_years) + [0.0] * len(cfads)
    left = [flow - paid for flow, paid in zip(cfads, owed, strict=False)]
    return {
        "debt_at_cod": loan["balance"][-1],
        "idc": math.fsum(loan["interest"]),
        **answer,
        "project_irr": annual_irr([-outlay for outlay in capex_half_years] + cfads),
        "equity_irr": annual_irr(own + left),
    }


def check_works(
    capex_half_years: Sequence[float], loan_share: float, mgmt_fee: float
) -> None:
    """Demand at least one half-year of works and a share and fee that make sense."""
    require_sequence("capex_half_years", capex_half_years)
    if len(capex_half_years) == 0:
        raise ValueError("capex_half_years must have a half-year, found none")
    for outlay in capex_half_years:
        require_nonnegative("capex_half_years", outlay)
    require_share("loan_share", loan_share)
    require_nonnegative("mgmt_fee", mgmt_fee)


def measure_loan(
    cfads: Sequence[float], *, debt: float, rate: float
) -> dict[str, float]:
    """Repay a debt level by level from the cash, at a rate per period."""
    count = len(cfads)
    payment = annuity_payment(principal=debt, rate=rate, per_year=1, n=count)["payment"]
    force = math.log1p(rate)
    instalments = [payment * math.exp(-force * k) for k in range(1, count + 1)]
    dscr = [flow / payment if payment > 0 else math.inf for flow in cfads]
    worth = discount_flows(cfads, rate)
    return {
        "payment": payment,
        "closing": debt - math.fsum(instalments),
        "min_dscr": min(dscr),
        "avg_dscr": math.fsum(dscr) / count,
        "llcr": worth / debt if debt > 0 else math.inf,
    }


def annual_irr(half_year_flows: Sequence[float]) -> float:
    """Return the annual rate of half-year flows, NaN unless there is just one."""
    roots = irr_all(cashflows=half_year_flows)
    return (1.0 + roots[0]) ** 2 - 1.0 if len(roots) == 1 else math.nan
