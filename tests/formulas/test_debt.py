"""Loans, against schedules worked period by period, and conservation of money."""

import math

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from railsim.formulas.debt import (
    annuity_payment,
    cover_ratios,
    debt_gdp_path,
    equal_principal_schedule,
    grant_element,
    idc,
    sculpt_debt,
    viability_gap,
)
from railsim.formulas.fx import gbm_moments, ou_log_moments
from railsim.formulas.toy_debt import toy_finance

LOAN = {"principal": 5300.0, "rate": 0.025, "per_year": 2}
DRAWS = {"draws": [300.0, 600.0], "rate": 0.02, "per_year": 2, "capitalise": True}
DRAWS |= {"commit_fee": 0.0, "mgmt_fee": 0.0}
GIFT = {"rate": 0.023, "discount": 0.05, "maturity_y": 25, "grace_y": 5, "per_year": 2}
CFADS = [60.0, 70.0, 80.0, 90.0, 100.0, 110.0]
TOY = {
    "capex_half_years": [60, 120, 180, 200, 160, 80],
    "loan_share": 0.64,
    "rate": 0.025,
    "commit_fee": 0.0025,
    "mgmt_fee": 0.0025,
    "repay_half_years": 30,
    "cfads_first": 18.0,
    "cfads_growth_per_half": 0.02,
    "operation_half_years": 60,
}


@given(st.floats(1e-4, 0.3), st.integers(1, 400))
@settings(max_examples=40)
def test_an_annuity_agrees_with_numpy_financial(rate, n):
    found = annuity_payment(principal=100, rate=rate, per_year=12, n=n)

    assert found["payment"] == pytest.approx(-npf.pmt(rate / 12, n, 100), rel=1e-9)
    assert found["total_interest"] == pytest.approx(
        n * found["payment"] - 100, rel=1e-9, abs=1e-9
    )


def test_a_free_loan_is_repaid_in_equal_parts():
    assert annuity_payment(principal=90, rate=0, per_year=1, n=3) == {
        "payment": 30,
        "total_interest": 0,
    }


def test_a_tiny_rate_keeps_the_digits_of_its_interest():
    found = annuity_payment(principal=1e9, rate=1e-10, per_year=1, n=300)

    # to first order interest is P i (n + 1) / 2, to second P i^2 (n^2 - 1) / 12
    expected = 1e9 * (1e-10 * 301 / 2 + 1e-20 * (300**2 - 1) / 12)
    assert found["total_interest"] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("grace", "repay"), [(0, 1), (0, 30), (10, 30), (49, 1)])
def test_equal_principal_agrees_with_a_schedule(grace, repay):
    balance, payments = 5300.0, []
    for period in range(grace + repay):
        instalment = 5300.0 / repay if period >= grace else 0.0
        payments.append(balance * 0.0125 + instalment)
        balance -= instalment

    found = equal_principal_schedule(grace_periods=grace, repay_periods=repay, **LOAN)

    assert found["first_payment"] == pytest.approx(payments[0])
    assert found["first_repayment"] == pytest.approx(payments[grace])
    assert found["last_payment"] == pytest.approx(payments[-1])
    assert found["total_interest"] == pytest.approx(sum(payments) - 5300)
    assert abs(found["closing"]) < 1e-6


def test_one_draw_bears_interest_for_half_its_period():
    found = idc(**(DRAWS | {"draws": [100], "commit_fee": 0.01, "mgmt_fee": 0.02}))

    assert found == pytest.approx(
        {"balance": 100.5, "idc": 0.5, "commit_fee": 0.25, "mgmt_fee": 2}
    )


@pytest.mark.parametrize(("capitalise", "interest"), [(True, 7.515), (False, 7.5)])
def test_interest_bears_interest_only_if_capitalised(capitalise, interest):
    found = idc(**(DRAWS | {"capitalise": capitalise}))

    assert found["idc"] == pytest.approx(interest)
    assert found["balance"] == pytest.approx(900 + (interest if capitalise else 0))


def test_no_draws_cost_nothing():
    assert set(idc(**(DRAWS | {"draws": []})).values()) == {0}


@given(st.floats(0, 0.1), st.integers(0, 30), st.integers(31, 60))
@settings(max_examples=30)
def test_a_loan_at_the_discount_rate_holds_no_gift(period_rate, grace, maturity):
    discount = (1 + period_rate) ** 2 - 1
    years = {"maturity_y": maturity / 2, "grace_y": grace / 2}

    found = grant_element(rate=2 * period_rate, discount=discount, per_year=2, **years)

    assert found == pytest.approx(0, abs=1e-12)


def test_the_gift_agrees_with_the_closed_form_of_the_lenders():
    d = 1.05**0.5 - 1
    spread = ((1 + d) ** -10 - (1 + d) ** -50) / (d * 40)
    closed = (1 - 0.0115 / d) * (1 - spread)

    assert grant_element(**GIFT) == pytest.approx(closed, rel=1e-12)


def test_grace_to_the_last_period_leaves_a_bullet():
    found = grant_element(**(GIFT | {"grace_y": 24.5, "rate": 0}))

    assert found == pytest.approx(1 - 1.05**-25)


@given(st.lists(st.floats(0, 1e3), max_size=40), st.floats(1, 3), st.floats(0, 0.3))
@settings(max_examples=40)
def test_a_sculpted_loan_is_served_by_its_cash(cfads, dscr, rate):
    loan = sculpt_debt(cfads=cfads, dscr=dscr, rate=rate)

    balance = loan["debt"]
    for flow, principal in zip(cfads, loan["principal"], strict=True):
        assert balance * rate + principal == pytest.approx(flow / dscr, abs=1e-9)
        balance -= principal
    assert balance == pytest.approx(0, abs=1e-9)


def test_a_long_sculpted_loan_closes():
    loan = sculpt_debt(cfads=[100.0] * 400, dscr=1.3, rate=0.2)

    assert abs(loan["closing"]) < 1e-6 * loan["debt"]


def test_cash_equal_to_the_service_covers_it_once():
    payment = annuity_payment(principal=1000, rate=0.05, per_year=1, n=20)["payment"]

    found = cover_ratios(
        cfads=[payment] * 20, principal=1000, rate=0.05, n=20, project_cfads_tail=[]
    )

    assert found["dscr"] == pytest.approx([1] * 20)
    assert (found["llcr"], found["plcr"]) == pytest.approx((1, 1))


def test_years_after_the_loan_count_for_the_project_alone():
    found = cover_ratios(
        cfads=CFADS, principal=300, rate=0.04, n=6, project_cfads_tail=[120, 130]
    )

    worth = npf.npv(0.04, [0, *CFADS, 120, 130])
    assert found["plcr"] == pytest.approx(worth / 300)
    assert found["llcr"] == pytest.approx(npf.npv(0.04, [0, *CFADS]) / 300)
    assert found["min_dscr"] == pytest.approx(60 / found["debt_service"])


@pytest.mark.parametrize(("capex", "gap"), [(500, 61.8533561568), (400, 0)])
def test_the_gap_is_what_equity_and_debt_leave_unpaid(capex, gap):
    found = viability_gap(capex=capex, equity=100, cfads=CFADS, dscr=1.3, rate=0.04)

    debt = npf.npv(0.04, [0, *CFADS]) / 1.3
    assert found["debt_capacity"] == pytest.approx(debt)
    assert found["gap"] == pytest.approx(gap, abs=1e-6)


def test_debt_stays_where_growth_pays_its_interest():
    path = debt_gdp_path(
        d0=0.37,
        interest=[0.05, 0.05],
        growth=[0.05, 0],
        deflator=[0, 0.05],
        primary_balance=[0, 0.01],
        project=[0, 0.03],
    )

    assert path == pytest.approx([0.37, 0.39])


@pytest.mark.parametrize("p", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_a_geometric_walk_ends_in_a_lognormal(p):
    found = gbm_moments(s0=26000, mu=0.02, sigma=0.04, t=10, p=p)

    spread = 0.04 * math.sqrt(10)
    law = stats.lognorm(spread, scale=26000 * math.exp(0.2 - spread**2 / 2))
    assert found["quantile"] == pytest.approx(law.ppf(p))
    assert (found["mean"], found["median"]) == pytest.approx((law.mean(), law.median()))


@pytest.mark.parametrize("kappa", [0.0, 1e-12, 0.35, 50])
def test_a_returning_rate_agrees_with_small_steps(kappa):
    x0, theta, sigma, t, steps = 2.0, 1.9, 0.045, 3.0, 200_000
    keep = 1 - kappa * t / steps
    mean = theta + (x0 - theta) * keep**steps
    var = sigma**2 * t / steps * np.sum(keep ** (2 * np.arange(steps)))

    found = ou_log_moments(x0=x0, theta=theta, kappa=kappa, sigma=sigma, t=t)

    assert found["mean_log"] == pytest.approx(mean, rel=1e-4)
    assert found["var_log"] == pytest.approx(var, rel=1e-3)
    assert found["mean"] == pytest.approx(math.exp(mean + var / 2), rel=1e-4)


def test_the_toy_balances_at_the_rates_it_reports():
    toy = toy_finance(**TOY)

    half = math.sqrt(1 + toy["project_irr"]) - 1
    cfads = [18 * 1.02**k for k in range(60)]
    flows = [-60, -120, -180, -200, -160, -80, *cfads]
    assert npf.npv(half, flows) == pytest.approx(0, abs=1e-9 * sum(map(abs, flows)))
    assert toy["debt_at_cod"] - toy["idc"] == pytest.approx(0.64 * 800)
    assert toy["payment"] == pytest.approx(-npf.pmt(0.0125, 30, toy["debt_at_cod"]))
    assert abs(toy["closing"]) < 1e-6


def test_without_a_loan_equity_earns_what_the_project_does():
    toy = toy_finance(**(TOY | {"loan_share": 0}))

    assert toy["equity_irr"] == toy["project_irr"]
    assert toy["min_dscr"] == math.inf


@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (annuity_payment, LOAN | {"n": 0}, "n"),
        (annuity_payment, LOAN | {"n": 1, "rate": -0.1}, "rate"),
        (annuity_payment, LOAN | {"n": 1, "principal": math.nan}, "principal"),
        (idc, DRAWS | {"draws": [-1]}, "draws"),
        (idc, DRAWS | {"per_year": 1.5}, "per_year"),
        (grant_element, GIFT | {"grace_y": 25}, "grace_y"),
        (grant_element, GIFT | {"maturity_y": 25.3}, "maturity_y"),
        (sculpt_debt, {"cfads": [-1], "dscr": 1.3, "rate": 0}, "cfads"),
        (sculpt_debt, {"cfads": [1], "dscr": 0, "rate": 0}, "dscr"),
        (toy_finance, TOY | {"operation_half_years": 29}, "operation_half_years"),
        (toy_finance, TOY | {"capex_half_years": []}, "capex_half_years"),
        (gbm_moments, {"s0": 0, "mu": 0, "sigma": 0, "t": 0, "p": 0.5}, "s0"),
    ],
)
def test_a_wrong_argument_is_named(function, arguments, name):
    with pytest.raises(ValueError, match=rf"^{name} must"):
        function(**arguments)
