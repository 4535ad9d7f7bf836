"""What uses cost: responses to a dollar add up to how the loan itself is followed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.finance.debt.loans import follow, service_rate
from railsim.finance.debt.responses import responses_of
from railsim.finance.debt.terms import Span, Terms
from railsim.finance.prices import Prices
from railsim.project.halves import Halves
from tests.finance.test_loans import terms

LOANS = st.fixed_dictionaries(
    {
        "is_interest_capitalised": st.booleans(),
        "repayment": st.sampled_from(["annuity", "equal_principal", "bullet"]),
        "grace_years": st.sampled_from([0.5, 2.0, 6.0]),
        "availability_years": st.sampled_from([1.0, 3.0, 8.0]),
        "tenor_years": st.sampled_from([7.0, 15.0, 25.0]),
        "rate": st.sampled_from([0.0, 0.02, 0.09]),
        "commitment_fee_rate": st.sampled_from([0.0, 0.005]),
        "guarantee_fee_rate": st.sampled_from([0.0, 0.01]),
        "management_fee_share": st.sampled_from([0.0, 0.01]),
    }
)
SPANS = st.builds(
    lambda signed, works, rest: Span(signed, signed + works, signed + works + rest),
    *(st.integers(0, 4), st.integers(1, 12), st.integers(0, 3)),
)


def prices_of(count: int) -> Prices:
    """Levels of which none stands still."""
    t = np.arange(count)
    return Prices(
        halves=Halves(2026, count),
        us_mid=1.01**t,
        us_end=1.01 ** (t + 0.5),
        mid=dict.fromkeys(("USD", "CNY", "VND"), 7.0 * 0.99**t),
        end=dict.fromkeys(("USD", "CNY", "VND"), 7.0 * 0.99 ** (t + 0.4)),
        works=1.02**t,
        vehicles=1.02**t,
        revenue=1.02**t,
        running=1.02**t,
        price_year=2025,
    )


@given(SPANS, LOANS, st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_responses_are_what_the_loan_costs_when_it_is_drawn(
    span: Span, changes: dict[str, Any], seed: int
) -> None:
    loan = terms(span, **changes)
    prices = prices_of(loan.matures + 4)
    count = prices.halves.count
    uses = np.zeros(count)
    uses[span.signed : span.drawn] = np.random.default_rng(seed).uniform(
        1.0, 9.0, span.drawn - span.signed
    )
    currency = loan.tranche.currency
    draws = uses * prices.mid[currency]
    draws[loan.available :] = 0.0
    course = follow(loan, draws, np.zeros(count))

    response = responses_of(
        (loan, loan), prices, span.opened, np.zeros(count), has_reserve=True
    )

    n = response.count
    mid, end = prices.mid[currency], prices.end[currency]
    fees = (course.commitment_fees + course.guarantee_fees) / end
    fees += course.upfront_fees / mid
    paid = course.paid_interest / end
    due = course.paid_interest + course.principal + course.guarantee_fees
    for k in (0, 1):
        assert response.fees[:, k] @ uses[:n] == pytest.approx(fees[:n], rel=1e-9)
        assert response.interest[:, k] @ uses[:n] == pytest.approx(paid[:n], rel=1e-9)
        service = due[span.opened] / end[span.opened]
        assert response.service[k] @ uses[:n] == pytest.approx(service, rel=1e-9)


@given(SPANS, LOANS, st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_the_rate_of_service_is_that_of_the_loan_that_is_followed(
    span: Span, changes: dict[str, Any], later: int
) -> None:
    loan: Terms = terms(span, **changes)
    count = loan.matures + 4
    cash = np.linspace(1.0, 5.0, count)
    draws = np.zeros(count)
    draws[loan.signed] = 100.0
    course = follow(loan, draws, cash)
    half = min(span.opened + later, count - 1)

    found = service_rate(loan, half, cash)

    due = course.paid_interest + course.principal + course.guarantee_fees
    assert found == pytest.approx(due[half] / course.owed_at_settling, rel=1e-9)
