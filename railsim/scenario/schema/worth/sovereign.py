"""The state behind the railway: its economy, its debt and its ceilings."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from railsim.quantity import Record, quantity


class Sovereign(Record):
    """Public finances without the project, as shares of GDP and of revenue."""

    gdp_usd: float = quantity("USD/y", "of the price year, nominal", gt=0, le=1e14)
    growth_by_year: dict[str, float] = quantity(
        "1/y", "from year -> real growth of GDP", usual=(-0.05, 0.12)
    )
    deflator_rate: float = quantity("1/y", "growth of prices in GDP", gt=-1, le=1)
    debt_share: float = quantity("1", "public debt over GDP, end of it", ge=0, le=3)
    government_debt_share: float = quantity(
        "1", "the same without guarantees", ge=0, le=3
    )
    interest_rate: float = quantity("1/y", "mean, on public debt", gt=-1, le=1)
    primary_balance_share: float = quantity("1", "of GDP, each year", ge=-1, le=1)
    revenue_share: float = quantity("1", "budget revenue over GDP", gt=0, le=1)
    debt_service_share: float = quantity(
        "1", "direct debt service over revenue without the project", ge=0, le=3
    )
    debt_ceiling_share: float = quantity("1", "public debt over GDP", gt=0, le=3)
    government_ceiling_share: float = quantity("1", "government debt", gt=0, le=3)
    service_ceiling_share: float = quantity("1", "service over revenue", gt=0, le=3)
    owed_usd_by_country: dict[str, float] = quantity(
        "USD", "lender country -> public debt to it without the project", default={}
    )
    cash_volatility: float = quantity(
        "1", "log deviation of a year's cash, prices guarantees", ge=0, le=3
    )

    @model_validator(mode="after")
    def _has_years(self) -> Self:
        if not self.growth_by_year:
            raise ValueError("growth_by_year needs a year")
        for key, value in self.growth_by_year.items():
            if not key.isdecimal() or not -1 < value <= 1:
                raise ValueError(f"{key} = {value}: expected year = -1 to 1")
        if any(debt < 0 for debt in self.owed_usd_by_country.values()):
            raise ValueError("owed_usd_by_country must be at least 0")
        return self
