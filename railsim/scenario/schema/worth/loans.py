"""How one package pays for works: loans, owners, availability payments."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.money import Currency

Repayment = Literal["annuity", "equal_principal", "sculpted", "bullet"]
Channel = Literal["direct", "on_lent", "guaranteed", "corporate"]
DayCount = Literal["30E/360", "ACT/360", "ACT/365F"]
BALANCE = 1e-9


class Tranche(Record):
    """A loan or a bond; years are counted in whole half-years, rounded."""

    title: str = label("what people call it")
    lender: str = label("who lends; ceilings of one lender hold over all its loans")
    lender_country: str = label("ISO code of the lender, XX for many")
    currency: Currency = label("currency in which it is owed")
    share: float | None = quantity(
        "1", "of what the package counts shares of", default=None, ge=0, le=1
    )
    amount_usd: float | None = quantity(
        "USD", "nominal amount instead of a share", default=None, gt=0, le=1e12
    )
    rate: float = quantity(
        "1/y", "interest, or the margin over `reference`", ge=0, le=1, usual=(0, 0.12)
    )
    reference: str | None = label("reference rate that is added", default=None)
    on_lent_margin: float = quantity(
        "1/y", "what the treasury adds when it lends on", ge=0, le=0.2, usual=(0, 0.03)
    )
    management_fee_share: float = quantity(
        "1", "of the amount, at signing", ge=0, le=0.2, usual=(0, 0.03)
    )
    insurance_fee_share: float = quantity(
        "1", "export credit insurance, of the amount, at signing", ge=0, le=0.2
    )
    commitment_fee_rate: float = quantity(
        "1/y", "of what is not yet drawn", ge=0, le=0.1, usual=(0, 0.02)
    )
    guarantee_fee_rate: float = quantity(
        "1/y", "of what is owed, to the treasury", ge=0, le=0.1, usual=(0, 0.03)
    )
    tenor_years: float = quantity(
        "y", "from signing to the last instalment", gt=0, le=60, usual=(5, 45)
    )
    grace_years: float = quantity(
        "y", "from signing, without principal", ge=0, le=40, usual=(0, 10)
    )
    availability_years: float = quantity(
        "y", "from signing, in which it can be drawn", gt=0, le=40, usual=(3, 15)
    )
    repayment: Repayment = label("shape of the instalments")
    is_interest_capitalised: bool = label(
        "is interest added to the debt during works, or paid?"
    )
    seniority: Literal["senior", "subordinated"] = label("who is paid first")
    borrower: Literal["owner", "treasury"] = label(
        "the treasury borrows to pay its part of the equity"
    )
    channel: Channel = label(
        "state debt, lent on by the state, guaranteed by it, or none of its business"
    )
    day_count: DayCount = label("length of an interest period in years")
    pay_days: Literal["period_end", "march_september"] = label(
        "interest days: ends of half-years, or 21 March and 21 September"
    )

    @model_validator(mode="after")
    def _can_be_repaid(self) -> Self:
        if (self.share is None) == (self.amount_usd is None):
            raise ValueError("give either share or amount_usd")
        if self.grace_years >= self.tenor_years:
            raise ValueError(
                f"grace_years {self.grace_years:g} must end before tenor_years "
                f"{self.tenor_years:g}"
            )
        if self.borrower == "treasury" and self.share is None:
            raise ValueError("a loan to the treasury needs a share")
        return self


class Shareholder(Record):
    """Who pays a part of the equity; the parts of a package sum to 1."""

    title: str = label("what people call it")
    country: str = label("ISO code")
    share: float = quantity("1", "of the equity", ge=0, le=1)
    is_public: bool = label("is it the treasury?")
    has_dividends: bool = label("does it share in what is left, or is it a grant?")


class Availability(Record):
    """What the treasury pays for a line that can be used, indexed to US prices."""

    usd_per_year: float | None = quantity(
        "USD/y", "level in prices of the price year; found if not given", default=None
    )
    target_dscr: float = quantity("1", "least cover of debt service", ge=0, le=10)
    target_equity_irr: float | None = quantity(
        "1/y", "nominal return of those with dividends", default=None, gt=0, le=1
    )
    years: float = quantity("y", "from opening", gt=0, le=100)


class Package(Record):
    """One way to pay for all that is built."""

    title: str = label("what people call it")
    shares_of: Literal["total_uses", "spending"] = label(
        "shares are of works, fees, interest and reserve, or of works alone"
    )
    tranches: dict[str, Tranche] = label("loans and bonds", default={})
    equity_share: float | None = quantity(
        "1", "what owners pay; without it what loans leave", default=None, ge=0, le=1
    )
    shareholders: dict[str, Shareholder] = label("who the owners are", min_length=1)
    reserve_months: float = quantity(
        "mo", "debt service held in reserve", ge=0, le=6, usual=(0, 6)
    )
    is_reserve_prefunded: bool = label("filled before opening, or from cash?")
    support_from: Literal["state", "owners"] = label(
        "who pays where cash does not cover debt service"
    )
    is_owner_taxed: bool = label("does the owner of the line pay tax on profits?")
    availability: Availability | None = label("availability payment", default=None)
    overrun_added: float = quantity(
        "1", "added to the overrun by tied procurement", default=0.0, ge=-0.5, le=1
    )
    start_delay_years: float = quantity(
        "y", "later start of works under this package", default=0.0, ge=0, le=10
    )
    fallback: str | None = label(
        "package instead of it if the loan is not signed", default=None
    )

    @model_validator(mode="after")
    def _balances(self) -> Self:
        owed = [t for t in self.tranches.values() if t.borrower == "owner"]
        lent = math.fsum([t.share or 0.0 for t in owed])
        if lent > 1 + BALANCE:
            raise ValueError(f"shares of loans sum to {lent:g}, above 1")
        self._check_equity(lent, any(t.share is None for t in owed))
        return self

    def _check_equity(self, lent: float, has_amounts: bool) -> None:
        if self.equity_share is not None and has_amounts:
            raise ValueError("leave out equity_share: loans are given as amounts")
        own = 1 - lent if self.equity_share is None else self.equity_share
        if abs(lent + own - 1) > BALANCE:
            raise ValueError(
                f"loans cannot balance: shares {lent:g} + equity_share {own:g} is not 1"
            )
        held = math.fsum([each.share for each in self.shareholders.values()])
        if abs(held - 1) > BALANCE:
            raise ValueError(f"shares of shareholders sum to {held:g}, not to 1")
        self._check_treasury(1 - lent)

    def _check_treasury(self, equity: float) -> None:
        public = math.fsum([h.share for h in self.shareholders.values() if h.is_public])
        loans = [t for t in self.tranches.values() if t.borrower == "treasury"]
        borrowed = math.fsum([t.share or 0.0 for t in loans])
        if borrowed > public * equity + BALANCE:
            raise ValueError(
                f"the treasury borrows {borrowed:g} for equity of {public * equity:g}"
            )
