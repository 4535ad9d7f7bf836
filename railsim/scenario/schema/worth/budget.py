"""The yearly purse for public works, and the rivals for it."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.worth.delivery import Curve


class Claim(Record):
    """Another project that draws on the same purse and the same lender."""

    name: str = label("what people call it")
    cost_usd: float = quantity("USD", "total, real", gt=0, le=1e13)
    start_year: float = quantity("year", "first payment", ge=1950, le=2300)
    end_year: float = quantity("year", "last payment", ge=1950, le=2300)
    curve: Curve = label("how money flows between them")
    state_share: float = quantity("1", "of its cost from the purse", ge=0, le=1)
    lender_share: float = quantity("1", "of its cost from the lender", ge=0, le=1)

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.start_year >= self.end_year:
            raise ValueError("start_year must be before end_year")
        if self.state_share + self.lender_share > 1:
            raise ValueError("state_share + lender_share must be at most 1")
        return self


class Budget(Record):
    """What the state may spend on railways in a year, and who else wants it."""

    is_crowding: bool = label("do claims beyond the purse slow works and raise prices?")
    base_year: int = quantity("year", "year of the amounts", ge=1950, le=2300)
    envelope_usd: float = quantity("USD", "purse of that year, real", gt=0, le=1e13)
    envelope_growth: float = quantity(
        "1/y", "real growth of the purse", ge=-0.5, le=0.5, usual=(-0.05, 0.12)
    )
    lender: str = label("who lends to the new lines and to their rivals")
    lender_ceiling_usd: float = quantity(
        "USD", "the lender gives no more in a year, real", gt=0, le=1e13
    )
    lender_growth: float = quantity(
        "1/y", "real growth of that ceiling", ge=-0.5, le=0.5, usual=(-0.05, 0.12)
    )
    project_state_share: float = quantity(
        "1", "of the cost of the new lines from the purse", ge=0, le=1
    )
    project_lender_share: float = quantity(
        "1", "of the cost of the new lines from the lender", ge=0, le=1
    )
    price_response: float = quantity(
        "1", "rise of prices for claims of twice the purse", ge=0, le=5
    )
    claims: dict[str, Claim] = label("rivals", default={})

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if self.project_state_share + self.project_lender_share > 1:
            raise ValueError("shares of state and lender must be at most 1 together")
        return self
