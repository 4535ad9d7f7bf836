"""Sources pay for uses, whatever shares are counted of."""

from __future__ import annotations

import numpy as np
import pytest

from railsim.errors import InputError
from railsim.finance.accounts import Accounts
from tests.finance.worlds import TOY_CAPEX, finance, keep, package, tranche, works

USES = {"shares_of": "total_uses"}


def owed(accounts: Accounts, name: str = "loan") -> float:
    service = accounts.owner.services[name]
    return float((service.draws + service.capitalised).sum())


def total_uses(accounts: Accounts) -> float:
    funding, services = accounts.owner.funding, accounts.owner.services.values()
    return float(funding.uses.sum()) + float(sum(s.capitalised.sum() for s in services))


@pytest.mark.parametrize("is_added", [True, False])
def test_a_share_of_total_uses_counts_fees_and_all_interest(is_added: bool) -> None:
    loan = tranche(is_interest_capitalised=is_added, rate=0.06)

    accounts = keep({"only": package({"loan": loan}, **USES)})

    assert owed(accounts) == pytest.approx(0.64 * total_uses(accounts), rel=1e-9)


def test_shares_of_several_currencies_are_all_reached() -> None:
    money = finance()
    money["exchange"] |= {"cny": "drift", "cny_drift": 0.03, "vnd": "gbm"}
    money["exchange"] |= {"vnd_drift": 0.02}
    loans = {
        "yuan": tranche(currency="CNY", share=0.3, day_count="ACT/360"),
        "dong": tranche(currency="VND", share=0.2, is_interest_capitalised=False),
        "dollar": tranche(share=0.25, rate=0.05),
    }

    accounts = keep({"only": package(loans, **USES)}, money=money)

    whole = total_uses(accounts)
    found = {name: owed(accounts, name) / whole for name in loans}
    assert found == pytest.approx({"yuan": 0.3, "dong": 0.2, "dollar": 0.25}, rel=1e-9)
    equity = float(accounts.owner.funding.equity.sum())
    assert equity == pytest.approx(0.25 * whole, rel=1e-9)


def test_every_half_of_works_is_paid_to_the_last_cent() -> None:
    accounts = keep({"only": package({"loan": tranche()}, **USES)})

    funding = accounts.owner.funding
    sources = funding.equity + sum(funding.draws.values())
    assert np.abs(sources - funding.uses).max() < 1e-6
    assert funding.needs.spending[:6] == pytest.approx(np.array(TOY_CAPEX) * 1e6)


def test_loans_for_everything_leave_nothing_to_owners() -> None:
    accounts = keep({"only": package({"loan": tranche(share=1)}, **USES)})

    assert accounts.owner.funding.equity == pytest.approx(np.zeros(80), abs=1e-2)


def test_an_amount_is_lent_in_full_and_never_more_than_is_needed() -> None:
    small = keep(
        {
            "only": package(
                {"loan": tranche(share=None, amount_usd=3e8)}, equity_share=None
            )
        }
    )
    large = keep(
        {
            "only": package(
                {"loan": tranche(share=None, amount_usd=3e9)}, equity_share=None
            )
        }
    )

    assert small.owner.services["loan"].draws.sum() == pytest.approx(3e8)
    assert large.owner.services["loan"].draws.sum() == pytest.approx(8e8)


def test_what_is_not_drawn_in_time_owners_pay() -> None:
    loan = tranche(availability_years=1)

    accounts = keep({"only": package({"loan": loan})})

    draws = accounts.owner.services["loan"].draws
    assert draws[:3] == pytest.approx([0.64 * 60e6, 0.64 * 120e6, 0.0])
    assert accounts.owner.funding.equity[3] == pytest.approx(200e6)


def test_a_lender_at_its_ceiling_lends_a_part_and_owners_the_rest() -> None:
    whole = keep({"only": package({"loan": tranche()}, **USES)})
    half = keep(
        {"only": package({"loan": tranche()}, **USES)}, lending_shares={"bank": 0.5}
    )

    assert owed(half) == pytest.approx(0.32 * total_uses(half), rel=1e-9)
    assert half.owner.funding.equity.sum() > whole.owner.funding.equity.sum()


def test_a_reserve_filled_from_sources_holds_the_first_half_of_service() -> None:
    ready = {"reserve_months": 6, "is_reserve_prefunded": True}

    accounts = keep({"only": package({"loan": tranche()}, **USES, **ready)})

    first = accounts.owner.due[6]
    assert accounts.owner.funding.reserve[5] == pytest.approx(first, rel=1e-9)
    assert accounts.owner.cascade.reserve[5] == pytest.approx(first, rel=1e-9)


def test_fees_that_grow_without_end_are_the_users_mistake() -> None:
    greedy = tranche(share=1, insurance_fee_share=0.2, rate=1, tenor_years=40)
    greedy |= {"management_fee_share": 0.2, "is_interest_capitalised": False}
    greedy |= {"commitment_fee_rate": 0.1, "guarantee_fee_rate": 0.1}
    years = {"grace_years": 20, "availability_years": 20}

    with pytest.raises(InputError, match="grow without end"):
        keep(
            {"only": package({"loan": greedy | years}, **USES)},
            money=finance(stated_spending_usd=[1e6] * 40),
        )


def test_what_is_paid_after_opening_no_loan_pays_for() -> None:
    built = works([1e8] * 6 + [0, 0, 3e7], opening=2029.0)

    accounts = keep(
        {"only": package({"loan": tranche(availability_years=6)}, **USES)}, built=built
    )

    assert not accounts.owner.services["loan"].draws[6:].any()
    assert accounts.owner.funding.equity[8] == pytest.approx(3e7)
