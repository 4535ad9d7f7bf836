"""Loans: shapes, day counts, graces, currencies, and what libraries say of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr

from railsim.finance.debt.loans import Course, follow
from railsim.finance.debt.terms import Span, Terms, day_fractions, terms_of
from railsim.formulas.courses import repay_course
from railsim.scenario.schema.worth.finance import Finance
from railsim.scenario.schema.worth.loans import Tranche
from tests.finance.worlds import finance, keep, package, strict, tranche

ONCE = Span(signed=0, drawn=1, opened=1)


def terms(span: Span = ONCE, **changes: Any) -> Terms:
    money = Finance.model_validate(strict(finance(references={"sofr": 0.036})))
    plain = {"grace_years": 0.5, "availability_years": 0.5, "tenor_years": 15.5}
    loan = Tranche.model_validate(strict(tranche(**(plain | changes))))
    return terms_of(money, "loan", loan, span, 2026)


def course(found: Terms, amount: float = 1000.0, count: int = 0) -> Course:
    draws = np.zeros(max(count, found.matures))
    draws[0] = amount
    return follow(found, draws, np.zeros(len(draws)))


def test_an_annuity_is_split_as_two_libraries_split_it() -> None:
    loan = course(terms(is_interest_capitalised=False))

    periods = np.arange(1, 31)
    interest = [pyxirr.ipmt(0.0125, int(k), 30, -1000) for k in periods]
    assert loan.interest[1:] == pytest.approx(interest, rel=1e-9)
    principal = npf.ppmt(0.0125, periods, 30, -1000)
    assert loan.principal[1:] == pytest.approx(principal, rel=1e-9)


def test_three_hundred_instalments_end_at_zero_where_a_forward_balance_does_not() -> (
    None
):
    payment, forward = float(-npf.pmt(0.1, 300, 1000.0)), 1000.0
    for _ in range(300):
        forward = forward * 1.1 - payment

    owed = repay_course(1000.0, [1.0] * 300, [0.1] * 300)

    assert abs(forward) > 1e-3
    assert owed[-1] == 0.0
    assert owed[0] == pytest.approx(1000.0, rel=1e-15)
    paid = np.array(owed[:-1]) * 1.1 - np.array(owed[1:])
    assert paid == pytest.approx(np.full(300, payment), rel=1e-12)


def test_without_interest_an_annuity_repays_equal_parts() -> None:
    loan = course(terms(rate=0))

    assert loan.principal[1:] == pytest.approx(np.full(30, 1000 / 30))


def test_a_bullet_is_repaid_at_once_at_the_end() -> None:
    loan = course(terms(repayment="bullet", is_interest_capitalised=False))

    assert loan.principal[-1] == 1000.0
    assert np.count_nonzero(loan.principal) == 1
    assert loan.interest[1:] == pytest.approx(np.full(30, 12.5))


def test_a_grace_longer_than_works_costs_interest_only() -> None:
    found = terms(grace_years=5, is_interest_capitalised=False)

    loan = course(found)

    assert loan.opening[1:11] == pytest.approx(np.full(10, 1000.0))
    assert loan.principal[:10].any() == np.False_
    assert loan.principal[10] > 0


def test_instalments_never_begin_before_the_last_draw() -> None:
    late = Span(signed=0, drawn=14, opened=15)

    found = terms(late, grace_years=5, availability_years=10, tenor_years=20)

    assert (found.repaid_from, found.settled, found.matures) == (14, 14, 40)


def test_a_loan_whose_tenor_ends_during_works_is_repaid_after_the_last_draw() -> None:
    late = Span(signed=0, drawn=14, opened=15)

    found = terms(late, grace_years=1, availability_years=10, tenor_years=3)

    assert (found.repaid_from, found.matures) == (14, 15)


def test_sculpted_instalments_without_cash_are_equal_payments() -> None:
    sculpted = course(terms(repayment="sculpted"))

    assert sculpted.principal == pytest.approx(course(terms()).principal)


def test_a_reference_rate_and_both_margins_add_up() -> None:
    found = terms(reference="sofr", rate=0.013, on_lent_margin=0.0025)

    assert found.level == pytest.approx(0.0515)


@pytest.mark.parametrize(
    ("basis", "days", "halves"),
    [
        ("30E/360", "period_end", [0.5, 0.5, 0.5]),
        ("ACT/360", "period_end", [181 / 360, 184 / 360, 181 / 360]),
        ("ACT/365F", "period_end", [181 / 365, 184 / 365, 181 / 365]),
        ("ACT/360", "march_september", [181 / 360, 184 / 360, 181 / 360]),
    ],
)
def test_interest_periods_are_counted_by_days(
    basis: str, days: str, halves: list[float]
) -> None:
    assert day_fractions(2026, 3, basis, days) == pytest.approx(halves)


def test_a_leap_year_has_a_longer_spring() -> None:
    spring = (date(2028, 3, 21) - date(2027, 9, 21)).days

    found = day_fractions(2028, 1, "ACT/360", "march_september")

    assert found[0] == pytest.approx(spring / 360)


def test_level_payments_stay_level_when_periods_differ_in_length() -> None:
    loan = course(terms(day_count="ACT/360"))

    paid = (loan.interest + loan.principal)[1:]
    assert paid == pytest.approx(np.full(30, paid[0]), rel=1e-12)
    assert loan.closing[-1] == 0.0


def test_fees_are_charged_on_what_they_are_said_to_be() -> None:
    found = terms(
        management_fee_share=0.01,
        insurance_fee_share=0.07,
        guarantee_fee_rate=0.005,
        is_interest_capitalised=False,
    )

    loan = course(found)

    assert loan.upfront_fees[0] == pytest.approx(80.0)
    assert loan.guarantee_fees[1] == pytest.approx(0.5 * 0.005 * 1000)


def test_a_loan_in_yuan_gains_what_the_yuan_loses() -> None:
    money = finance()
    money["exchange"] |= {"cny": "drift", "cny_drift": 0.1}
    loan = tranche(currency="CNY", is_interest_capitalised=False, rate=0)

    service = keep({"only": package({"loan": loan})}, money=money).owner.services[
        "loan"
    ]

    draws, repaid = service.draws.sum(), service.principal.sum()
    assert draws == pytest.approx(0.64 * 800e6)
    assert service.fx_loss.sum() == pytest.approx(repaid - draws)
    assert service.fx_loss.sum() < -0.5 * draws


def test_debt_beyond_the_horizon_is_scheduled_to_its_end() -> None:
    loan = tranche(tenor_years=50)

    accounts = keep({"only": package({"loan": loan})})

    service = accounts.owner.services["loan"]
    assert accounts.halves.count == 80
    assert len(service.owed) == 100
    assert service.owed[79] > 0
    assert service.owed[-1] == 0.0
