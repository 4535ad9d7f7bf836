"""Rows say the same as the accounts, and every figure says what it is in."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from railsim.finance.accounts import Accounts
from railsim.finance.rows import (
    annual_rows,
    lender_rows,
    public_debt_rows,
    schedule_rows,
)
from railsim.finance.summary import summary_rows
from railsim.rows import columns_of
from tests.finance.test_public_money import STATE
from tests.finance.worlds import (
    finance,
    keep,
    package,
    tranche,
    works,
)


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    money = finance(sovereign=STATE)
    money["inflation"] |= {"usd": 0.02}
    money["exchange"] |= {"cny": "drift", "cny_drift": 0.01}
    loans = {
        "yuan": tranche(currency="CNY", share=0.4, tenor_years=50, lender_country="CN"),
        "dollar": tranche(share=0.2, channel="guaranteed"),
    }
    return keep({"only": package(loans, support_from="state")}, money=money)


def test_cash_of_every_account_and_year_sums_to_zero(accounts: Accounts) -> None:
    sums: dict[tuple[str, int], list[float]] = {}
    for row in annual_rows("with", accounts):
        if row.is_cash:
            sums.setdefault((row.account, row.year), []).append(row.usd_nominal)

    assert {account for account, _ in sums} == {"toy", "owner", "treasury"}
    assert max(abs(math.fsum(parts)) for parts in sums.values()) < 0.01


def test_real_amounts_are_deflated_at_their_own_time(accounts: Accounts) -> None:
    rows = {(r.item, r.year): r for r in annual_rows("with", accounts)}

    works_of_2027 = rows["works line works", 2027]
    nominal = works_of_2027.usd_nominal
    assert works_of_2027.timing == "mid-period"
    halves = accounts.owner.funding.needs.spending[2:4]
    expected = -float((halves / 1.02 ** np.array([1.75, 2.25])).sum())
    assert nominal == pytest.approx(-halves.sum())
    assert works_of_2027.usd_real == pytest.approx(expected)
    debt = rows["debt", 2030]
    assert debt.usd_real == pytest.approx(debt.usd_nominal / 1.02**5.5)


def test_a_stock_is_that_of_the_years_end(accounts: Accounts) -> None:
    owed = {
        (row.tranche, row.year): row.usd_nominal
        for row in annual_rows("with", accounts)
        if row.item == "debt"
    }

    assert owed["yuan", 2040] == accounts.owner.services["yuan"].owed[29]


def test_a_schedule_runs_to_the_last_instalment(accounts: Accounts) -> None:
    rows = [r for r in schedule_rows("with", accounts) if r.tranche == "yuan"]

    assert rows[0].end_date == "2026-06-30"
    assert rows[-1].end_date == "2075-12-31"
    assert rows[-1].closing == pytest.approx(0.0, abs=1e-3)
    assert {row.currency for row in rows} == {"CNY"}
    for before, after in pairwise(rows):
        assert after.opening == pytest.approx(before.closing, rel=1e-12)


def test_public_debt_has_a_row_a_year(accounts: Accounts) -> None:
    rows = list(public_debt_rows("with", accounts))
    lenders = list(lender_rows("with", accounts))

    assert [row.year for row in rows] == list(range(2026, 2066))
    assert {row.country for row in lenders} == {"CN", "XX"}
    assert all(row.debt_with_share > row.debt_without_share for row in rows[:9])


def test_without_a_state_there_is_no_public_debt() -> None:
    plain = keep({"only": package({"loan": tranche()})})

    assert list(public_debt_rows("with", plain)) == []
    assert list(lender_rows("with", plain)) == []
    assert not [r for r in summary_rows("with", plain) if r.scope == "state"]


def test_every_figure_says_its_unit_prices_and_timing(accounts: Accounts) -> None:
    rows = list(summary_rows("with", accounts))

    money = [row for row in rows if row.unit in ("USD", "CNY", "VND")]
    assert money
    assert all(row.prices in ("nominal", "real") for row in money)
    assert all(row.unit and row.scope and row.package == "only" for row in rows)
    assert len({(r.scope, r.metric, r.prices) for r in rows}) == len(rows)


def test_an_empty_figure_says_why() -> None:
    nothing = keep({"only": package({"loan": tranche()})}, built=works(), operators={})

    empty = [row for row in summary_rows("without", nothing) if row.value is None]

    assert {"irr", "dscr_min", "llcr", "payback"} <= {row.metric for row in empty}
    assert all(row.remark for row in empty)


def test_rows_declare_every_column(accounts: Accounts) -> None:
    for rows in (annual_rows, schedule_rows, summary_rows, lender_rows):
        first = next(iter(rows("with", accounts)))
        assert all(all(words) for words in columns_of(type(first)).values())
