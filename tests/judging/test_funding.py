"""What finance moves between parties, beside the accounts themselves."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from railsim.judging.funding import (
    ACCESS,
    EQUITY,
    LEFT,
    LOANS,
    funding_of,
)
from railsim.scenario import Scenario
from railsim.scenario.schema.worth.appraisal import Appraisal
from railsim.traffic import Floats
from tests.appraisal.worlds import FRAME, PAYEES
from tests.finance.worlds import (
    finance,
    keep,
    operator,
    package,
    strict,
    tranche,
    world,
)
from tests.judging.worlds import PACKAGES, case, paid_by, traffic

US = 0.02
YEARLY = np.sqrt(1.0 + US) - 1.0


def small(accounts: Accounts) -> dict[tuple[str, str, str], Floats]:
    """Payments of a small world as the appraisal of the small corridor books them."""
    frame = Appraisal.model_validate(strict({**FRAME, "payees": PAYEES}))
    there = world(finance(), {"only": package({})}, {})
    found = funding_of(there.model_copy(update={"appraisal": frame}), accounts)
    return {tuple(transfer): usd for transfer, usd in found.paid_usd.items()}


def inflated(**changes: object) -> dict[str, object]:
    return finance(
        inflation={"usd": US, "cny": 0, "vnd": 0, "works_real": 0}, **changes
    )


@pytest.mark.parametrize("name", PACKAGES)
def test_the_builder_moves_what_the_treasury_nets_and_the_works_take(name: str) -> None:
    """Without inflation real money is nominal money, and all accounts are one."""
    there = paid_by(name, usd=0.0)
    carried = traffic(usd_per_teu=800.0, rail_share=0.5)
    found = case("with", there, carried)
    accounts = found.accounts
    assert accounts is not None

    got = received(there, accounts)

    lines = accounts.owner.account
    spent = [
        line.usd
        for item, line in lines.items()
        if item.startswith("works ") or item in ("maintenance", "renewals", "reserve")
    ]
    net = accounts.halves.yearly(accounts.treasury.net - np.sum(spent, axis=0))
    assert got == pytest.approx(net, rel=1e-9, abs=1.0)


def received(there: Scenario, accounts: Accounts) -> Floats:
    """What the builder gets less what it pays, debt beyond the horizon left out."""
    assert there.appraisal is not None
    builder, got = there.appraisal.builder, np.zeros(accounts.halves.count // 2)
    for transfer, usd in funding_of(there, accounts).paid_usd.items():
        assert builder in (transfer.payer, transfer.payee)
        if transfer.item != LEFT:
            got = got + (usd if transfer.payee == builder else -usd)
    return got


def test_a_loan_at_the_rate_of_inflation_moves_nothing_in_all() -> None:
    """Half of it is repaid beyond the horizon: what is left counts as paid."""
    loan = tranche(
        rate=2.0 * YEARLY,
        management_fee_share=0,
        commitment_fee_rate=0,
        tenor_years=60,
    )
    accounts = keep({"only": package({"loan": loan})}, money=inflated())

    paid = small(accounts)

    service, left = (paid["treasury", "bank", item] for item in (LOANS, LEFT))
    drawn = float(accounts.owner.services["loan"].draws.sum())
    assert left[-1] > 0.2 * drawn
    assert not left[:-1].any()
    assert float(service.sum() + left.sum()) == pytest.approx(0.0, abs=2e-4 * drawn)


def test_the_lender_gets_no_margin_of_the_treasury() -> None:
    loan = tranche(rate=0.02, channel="on_lent", on_lent_margin=0.01)
    accounts = keep({"only": package({"loan": loan})})

    paid = small(accounts)["treasury", "bank", LOANS]

    service = accounts.owner.services["loan"]
    earned = float(service.interest.sum() + service.capitalised.sum()) / 3.0
    margin = float(service.to_treasury.sum())
    assert 0.5 * earned < margin < earned  # none on interest that is added to the debt
    assert paid.sum() == pytest.approx(service.lender_flows.sum() - margin)


def test_access_charges_that_rise_with_prices_are_the_same_every_year() -> None:
    stated = {"first_usd": 18e6, "growth_per_half": YEARLY, "halves": 74}
    accounts = keep(
        {"only": package({})},
        money=inflated(),
        operators={"toy": operator(stated_cash=stated)},
    )

    paid = small(accounts)["railway", "treasury", ACCESS]

    opened = int(accounts.opening) - accounts.halves.first_year
    real = 36e6 / accounts.prices.us_mid[2 * opened]
    assert paid[opened:] == pytest.approx(real)
    assert not paid[:opened].any()


def test_private_owners_pay_in_and_are_paid_and_the_state_is_one_with_the_builder() -> (
    None
):
    holders = {
        name: {
            "title": name,
            "country": country,
            "share": 0.5,
            "is_public": name == "state",
            "has_dividends": True,
        }
        for name, country in (("state", "VN"), ("partner", "CN"))
    }
    loan = package({"loan": tranche()}, shareholders=holders)
    accounts = keep({"only": loan})

    paid = small(accounts)

    owner, halves = accounts.owner, accounts.halves
    invested = owner.funding.equity[: halves.count] + owner.cascade.support
    theirs = 0.5 * halves.yearly(invested - owner.cascade.distributions)
    assert paid["partner", "treasury", EQUITY] == pytest.approx(theirs)
    assert not any("state" in transfer for transfer in paid)


def test_lenders_and_shareholders_have_their_countries() -> None:
    found = case("with", paid_by("f6"), traffic())
    assert found.accounts is not None

    funding = funding_of(found.world, found.accounts)

    package = found.accounts.package
    lenders = {t.lender: t.lender_country for t in package.tranches.values()}
    private = {n: h.country for n, h in package.shareholders.items() if not h.is_public}
    assert funding.countries == lenders | private
    assert set(funding.lenders) == set(lenders)


def test_loans_of_one_lender_stand_together() -> None:
    """Two loans from China: one row of the lender."""
    found = case("with", paid_by("f1"), traffic())
    assert found.accounts is not None

    flows: dict[str, float] = defaultdict(float)
    for transfer, usd in funding_of(found.world, found.accounts).paid_usd.items():
        flows[transfer.item] += float(usd.sum()) if transfer.item == LEFT else 0.0

    owed = [s.owed[found.accounts.halves.count - 1] for s in services(found.accounts)]
    real = np.sum(owed) / found.accounts.prices.us_end[found.accounts.halves.count - 1]
    assert len(owed) == 2
    assert flows[LEFT] == pytest.approx(real)


def services(accounts: Accounts) -> list:
    return [*accounts.owner.services.values(), *accounts.treasury.services.values()]
