"""Checks that are always on notice what does not add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from railsim.balance import Check
from railsim.finance import accounts as module
from railsim.finance.accounts import Accounts
from railsim.finance.lines import Line
from railsim.finance.measures.checking import (
    BrokenAccountsError,
    check_accounts,
    require_sound,
)
from railsim.finance.owner import OwnerAccount, Site
from tests.finance.worlds import keep, operator, package, tranche, works

PROMISED = {
    "sources equal uses",
    "equity is not negative",
    "cash closes",
    "reserve closes",
    "reserve is not negative",
    "debt closes",
    "debt is not negative",
    "debt ends at zero",
    "interest is as stated",
    "debt is what its service is worth",
    "depreciation and book value sum to cost",
    "nominal flows at their return",
    "real flows at their return",
    "debt and equity are worth the line",
    "works sum to spending",
    "deliveries sum to works",
    "access charges paid are got",
    "cover is empty without service",
}


@pytest.fixture
def sound() -> Accounts:
    return keep({"only": package({"loan": tranche()})})


def site_of(found: Accounts) -> Site:
    return Site(
        finance=found.finance,
        package=found.package,
        works=works([60e6, 120e6, 180e6, 200e6, 160e6, 80e6]),
        prices=found.prices,
        span=found.span,
        opening=found.opening,
        terms=(),
        lending={},
    )


def check_again(found: Accounts, **changes: Any) -> None:
    owner: OwnerAccount = replace(found.owner, **changes)
    books = (dict(found.operators), owner, found.treasury, dict(found.worth))
    check_accounts(site_of(found), *books)


def bend(values: np.ndarray, half: int, by: float) -> np.ndarray:
    bent = values.copy()
    bent[half] += by
    return bent


def test_every_promise_has_a_check_that_is_met(sound: Accounts) -> None:
    assert {check.name for check in sound.checks} == PROMISED
    assert all(check.is_met for check in sound.checks)


def test_a_number_that_is_none_is_never_met() -> None:
    with pytest.raises(BrokenAccountsError, match="cash closes of owner"):
        require_sound([Check("cash closes", "owner", float("nan"), 1.0)])


def test_a_cent_too_much_of_equity_is_noticed(sound: Accounts) -> None:
    equity = bend(sound.owner.funding.equity, 2, 0.01)

    with pytest.raises(BrokenAccountsError, match="sources equal uses"):
        check_again(sound, funding=replace(sound.owner.funding, equity=equity))


def test_a_line_that_is_forgotten_is_noticed(sound: Accounts) -> None:
    lines = dict(sound.owner.account)
    del lines["principal loan"]

    with pytest.raises(BrokenAccountsError, match="cash closes of owner"):
        check_again(sound, account=lines)


def test_an_access_charge_that_nobody_paid_is_noticed(sound: Accounts) -> None:
    access = sound.owner.account["access_charge"].usd
    lines = sound.owner.account | {"access_charge": Line(bend(access, 9, 5.0))}

    with pytest.raises(BrokenAccountsError, match="access charges paid are got"):
        check_again(sound, account=lines)


@pytest.mark.parametrize(
    ("field", "half", "message"),
    [
        ("interest", 10, "interest is as stated"),
        ("principal", 10, "debt is what its service is worth"),
        ("closing", 10, "debt closes"),
        ("opening", 10, "debt closes"),
    ],
)
def test_a_loan_that_is_off_by_a_dollar_is_noticed(
    sound: Accounts, field: str, half: int, message: str
) -> None:
    service = sound.owner.services["loan"]
    bent = bend(getattr(service.course, field), half, 1.0)
    course = replace(service.course, **{field: bent})

    with pytest.raises(BrokenAccountsError, match=message):
        check_again(sound, services={"loan": replace(service, course=course)})


def test_depreciation_that_does_not_sum_is_noticed(sound: Accounts) -> None:
    books = replace(sound.owner.books, cost=1.0)

    with pytest.raises(BrokenAccountsError, match="sum to cost of owner"):
        check_again(sound, books=books)


def test_a_reserve_that_leaks_is_noticed(sound: Accounts) -> None:
    cascade = sound.owner.cascade
    leaking = replace(cascade, reserve=bend(cascade.reserve, 5, 3.0))

    with pytest.raises(BrokenAccountsError, match="reserve closes"):
        check_again(sound, cascade=leaking)


def test_a_lender_that_is_paid_twice_is_noticed(sound: Accounts) -> None:
    service = sound.owner.services["loan"]
    twice = replace(service, interest=bend(service.interest, 8, 100.0))

    with pytest.raises(BrokenAccountsError, match="debt and equity are worth the line"):
        check_again(sound, services={"loan": twice})


def test_a_component_that_is_built_twice_is_noticed(sound: Accounts) -> None:
    spending = {item: 2.0 * usd for item, usd in sound.owner.spending.items()}

    with pytest.raises(BrokenAccountsError, match="works sum to spending"):
        check_again(sound, spending=spending)


def test_a_return_that_is_no_root_is_noticed(sound: Accounts) -> None:
    line = sound.worth["railway"]
    wrong = line.nominal_return._replace(roots=(0.03,))
    worth = dict(sound.worth) | {"railway": replace(line, nominal_return=wrong)}

    with pytest.raises(BrokenAccountsError, match="at their return of railway"):
        check_accounts(
            site_of(sound), dict(sound.operators), sound.owner, sound.treasury, worth
        )


def test_checks_stop_the_accounts_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(*arguments: Any) -> OwnerAccount:
        owner = original(*arguments)
        lines = owner.account | {"equity": Line(np.zeros(80))}
        return replace(owner, account=lines)

    original = module.run_owner
    monkeypatch.setattr(module, "run_owner", forgetful)

    with pytest.raises(BrokenAccountsError):
        keep({"only": package({"loan": tranche()})}, operators={"none": operator()})
