"""Taxes of owner and operators: on what is earned less what it costs to earn it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.finance.worlds import (
    STATED,
    finance,
    keep,
    operator,
    package,
    traffic,
    tranche,
    works,
)

RATE = 0.2
TAXED = {"rate": RATE, "holiday_years": 0}
ASSETS = {
    "all": {
        "components": ["works"],
        "maintenance_share": 0,
        "renewal_share": 0,
        "renewal_after_years": 0,
        "depreciation_years": 25,
    }
}


def test_the_owner_pays_on_income_less_interest_fees_and_depreciation() -> None:
    """All profit is made in the end, so all of it is taxed once."""
    loan = tranche(guarantee_fee_rate=0.01, channel="guaranteed")
    accounts = keep(
        {"only": package({"loan": loan}, is_owner_taxed=True)},
        money=finance(tax=TAXED, assets=ASSETS),
    )

    owner = accounts.owner
    served = owner.services["loan"]
    costs = served.interest + served.guarantee_fees
    profit = float(
        owner.account["access_charge"].usd.sum()
        - costs.sum()
        - owner.books.depreciation.sum()
    )
    financed = float(served.capitalised.sum() + owner.funding.fees.sum())
    assert owner.books.depreciation.sum() == pytest.approx(800e6 + financed)
    assert profit > 0.0
    assert float(owner.tax.sum()) == pytest.approx(RATE * profit)


def test_an_untaxed_owner_pays_nothing() -> None:
    accounts = keep(
        {"only": package({"loan": tranche()})},
        money=finance(tax=TAXED),
        operators={"toy": STATED},
    )

    assert not accounts.owner.tax.any()


@pytest.mark.parametrize("rolling_stock", ["purchased", "leased"])
def test_operators_pay_on_revenue_less_running_access_and_trains(
    rolling_stock: str,
) -> None:
    """Twenty million for trains, written off or leased within the horizon."""
    company = operator(
        tax=TAXED,
        access={"regime": "revenue_share", "revenue_share": 0.08},
        rolling_stock=rolling_stock,
        lease_rate=0.06,
        fixed_usd_per_year=1e6,
        overhead_share=0.1,
    )
    accounts = keep(
        {"only": package({"loan": tranche()})},
        operators={"rail": company},
        carried=traffic(10e6),
        built=works([1e6] * 6, vehicles=[0.0] * 6 + [20e6]),
    )

    opened = accounts.span.opened
    account = {
        name: float(line.usd[opened:].sum())
        for name, line in accounts.operators["rail"].account.items()
    }
    named = ("freight", "passengers", "fixed_costs", "overheads", "access_charge")
    trains = {"purchased": "depreciation", "leased": "trains_leased"}[rolling_stock]
    assert account[trains] <= -20e6
    profit = account[trains] + float(np.sum([account[name] for name in named]))
    assert -account["tax"] == pytest.approx(RATE * profit)


def test_interest_is_deducted_in_the_half_in_which_it_falls_due() -> None:
    """A bullet loan: the same interest in every half, principal in the last."""
    loan = tranche(repayment="bullet", is_interest_capitalised=False)
    accounts = keep(
        {"only": package({"loan": loan}, is_owner_taxed=True)},
        money=finance(tax=TAXED),
    )

    owner, last = accounts.owner, accounts.owner.services["loan"].course.terms.matures
    profit = owner.account["access_charge"].usd - owner.services["loan"].interest[:80]
    assert owner.services["loan"].principal[last - 1] > 0.0
    assert owner.tax[last - 1] == pytest.approx(RATE * profit[last - 1])
    assert owner.tax[last] == pytest.approx(RATE * profit[last])
