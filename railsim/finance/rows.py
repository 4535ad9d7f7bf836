"""Accounts as rows of tables; every figure says its currency, prices and timing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.finance.accounts import Accounts
from railsim.finance.debt.service import Service
from railsim.finance.lines import END, Account, Line
from railsim.finance.prices import Prices
from railsim.project.halves import PER_YEAR
from railsim.rows import column
from railsim.traffic import Floats

DAYS = ("06-30", "12-31")


@dataclass(frozen=True, slots=True)
class FinanceRow:
    """One item of one account in one year."""

    alternative: str = column("id", "world that is compared")
    account: str = column("id", "operator, owner or treasury: whose money it is")
    item: str = column("id", "what for; positive comes in, negative goes out")
    tranche: str = column("id", "loan concerned, if any")
    year: int = column("id", "calendar year")
    is_cash: bool = column("1", "does it move cash, or is it only said?")
    currency: str = column("id", "currency of both amounts")
    usd_nominal: float = column(
        "USD", "in dollars of the day; a stock at the year's end"
    )
    usd_real: float = column("USD", "the same in prices of price_year")
    price_year: int = column("year", "year of the prices")
    timing: str = column("id", "when in its half-year it falls")


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One loan in one half-year, to its last instalment."""

    alternative: str = column("id", "world that is compared")
    tranche: str = column("id", "loan")
    end_date: str = column("id", "last day of the half-year")
    borrower: str = column("id", "owner of the line or treasury")
    currency: str = column("id", "currency of the loan")
    rate: float = column("1/y", "interest, margins included")
    opening: float = column("currency", "owed at the beginning; nominal")
    draw: float = column("currency", "drawn in the middle")
    interest: float = column("currency", "due at the end")
    interest_capitalised: float = column("currency", "the part that is added")
    fees: float = column("currency", "all fees")
    principal: float = column("currency", "repaid at the end")
    closing: float = column("currency", "owed at the end")
    draw_usd: float = column("USD", "nominal, at the rate of the middle")
    service_usd: float = column("USD", "paid at the end, nominal, at its rate")
    closing_usd: float = column("USD", "owed at the end, nominal, at its rate")
    fx_loss_usd: float = column("USD", "what exchange rates added to the debt")


@dataclass(frozen=True, slots=True)
class PublicDebtRow:
    """Public finances in one year; nominal, at the year's end."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "calendar year")
    gdp_usd: float = column("USD", "GDP of the year, nominal")
    debt_without_share: float = column("1", "public debt over GDP, no project")
    debt_with_share: float = column("1", "the same with the project")
    government_debt_share: float = column("1", "with it, guarantees left out")
    service_without_share: float = column("1", "debt service over revenue, no project")
    service_with_share: float = column("1", "the same with the project")
    guaranteed_usd: float = column("USD", "owed under guarantee, nominal")
    expected_calls_usd: float = column("USD", "expected calls of guarantees, nominal")


@dataclass(frozen=True, slots=True)
class LenderRow:
    """Public debt to one country in one year; nominal, at the year's end."""

    alternative: str = column("id", "world that is compared")
    country: str = column("id", "country of the lender")
    year: int = column("id", "calendar year")
    owed_usd: float = column("USD", "by the project, nominal")
    debt_share: float = column("1", "all public debt to it over all public debt")


def annual_rows(alternative: str, accounts: Accounts) -> Iterator[FinanceRow]:
    """Every item that is not zero in all years, account by account."""
    books: list[tuple[str, Account]] = [
        (name, each.account) for name, each in accounts.operators.items()
    ]
    books += [
        ("owner", accounts.owner.account),
        ("treasury", accounts.treasury.account),
    ]
    years = accounts.halves.years[::PER_YEAR].tolist()
    for name, account in books:
        for item, line in account.items():
            if not line.usd.any():
                continue
            nominal, real = _yearly(line, accounts.prices)
            plain = item.removesuffix(f" {line.tranche}") if line.tranche else item
            for year, a, b in zip(years, nominal.tolist(), real.tolist(), strict=True):
                yield FinanceRow(
                    *(alternative, name, plain, line.tranche),
                    year=year,
                    is_cash=not line.is_memo,
                    currency="USD",
                    usd_nominal=a,
                    usd_real=b,
                    price_year=accounts.prices.price_year,
                    timing=line.timing,
                )


def _yearly(line: Line, prices: Prices) -> tuple[Floats, Floats]:
    """Nominal and real amounts of each year."""
    level = prices.us_end if line.timing == END else prices.us_mid
    both = np.stack([line.usd, line.usd / level[: len(line.usd)]])
    halves = both.reshape(2, -1, PER_YEAR)
    nominal, real = halves[:, :, -1] if line.is_stock else halves.sum(axis=2)
    return nominal, real


def schedule_rows(alternative: str, accounts: Accounts) -> Iterator[ScheduleRow]:
    """Every loan from signing to maturity, beyond the horizon too."""
    loans = {**accounts.owner.services, **accounts.treasury.services}
    for name, service in loans.items():
        terms = service.course.terms
        head = (terms.tranche.borrower, terms.tranche.currency, terms.level)
        table = _columns(service)
        for half in range(terms.signed, terms.matures):
            year, part = divmod(half, PER_YEAR)
            day = f"{terms.first_year + year}-{DAYS[part]}"
            yield ScheduleRow(alternative, name, day, *head, *table[half])


def _columns(service: Service) -> list[list[float]]:
    """Numbers of the rows, half by half."""
    course = service.course
    fees = course.upfront_fees + course.commitment_fees + course.guarantee_fees
    paid = service.due + service.works_interest + service.fees
    columns = (
        *(course.opening, course.draws, course.interest, course.capitalised, fees),
        *(course.principal, course.closing, service.draws, paid, service.owed),
        service.fx_loss,
    )
    rows: list[list[float]] = np.stack(columns, axis=1).tolist()
    return rows


def public_debt_rows(alternative: str, accounts: Accounts) -> Iterator[PublicDebtRow]:
    """Every year, if the scenario has a state."""
    debt = accounts.public_debt
    if debt is None:
        return
    columns = (
        *(debt.gdp_usd, debt.without_share, debt.with_share, debt.government_share),
        *(debt.service_without_share, debt.service_with_share),
        *(debt.guaranteed_usd, debt.expected_calls_usd),
    )
    years = accounts.halves.years[::PER_YEAR].tolist()
    for year, cells in zip(years, np.stack(columns, axis=1).tolist(), strict=True):
        yield PublicDebtRow(alternative, year, *cells)


def lender_rows(alternative: str, accounts: Accounts) -> Iterator[LenderRow]:
    """Every country that the state owes or will owe to, every year."""
    debt = accounts.public_debt
    if debt is None:
        return
    years = accounts.halves.years[::PER_YEAR].tolist()
    nothing = np.zeros(len(years))
    for country, shares in debt.lender_share.items():
        owed = debt.owed_usd.get(country, nothing)
        for year, usd, share in zip(years, owed.tolist(), shares.tolist(), strict=True):
            yield LenderRow(alternative, country, year, usd, share)
