"""How works are paid for: prices, exchange rates, upkeep, taxes, public debt."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.worth.loans import Package
from railsim.scenario.schema.worth.operators import Operator, Tax
from railsim.scenario.schema.worth.sovereign import Sovereign

__all__ = ["Finance", "Operator", "Package"]


class Mix(Record):
    """In which currencies prices are made; the shares sum to 1."""

    usd: float = quantity("1", "US dollars", ge=0, le=1)
    cny: float = quantity("1", "yuan", ge=0, le=1)
    vnd: float = quantity("1", "dong", ge=0, le=1)

    @model_validator(mode="after")
    def _sums(self) -> Self:
        if abs(self.usd + self.cny + self.vnd - 1) > 1e-9:
            raise ValueError("shares of currencies must sum to 1")
        return self


class Mixes(Record):
    """Currencies of what is bought and sold."""

    works: Mix = label("construction")
    vehicles: Mix = label("rolling stock")
    revenue: Mix = label("fares and tariffs")
    running: Mix = label("running and upkeep")


class Inflation(Record):
    """Growth of prices from the middle of the price year on."""

    usd: float = quantity("1/y", "United States", gt=-0.5, le=1, usual=(0, 0.1))
    cny: float = quantity("1/y", "China", gt=-0.5, le=1, usual=(-0.02, 0.1))
    vnd: float = quantity("1/y", "Viet Nam", gt=-0.5, le=1, usual=(0, 0.15))
    works_real: float = quantity(
        "1/y", "of works, above all other prices", gt=-0.5, le=1, usual=(-0.05, 0.05)
    )


class Step(Record):
    """A currency loses value overnight."""

    currency: Literal["CNY", "VND"] = label("which")
    year: float = quantity("year", "when, decimal", ge=1950, le=2200)
    share: float = quantity("1", "more of it for a dollar", gt=-1, le=10)


class Exchange(Record):
    """Exchange rates after the middle of the price year, when `economy` holds."""

    vnd: Literal["ppp", "drift", "gbm"] = label("model of VND/USD")
    cny: Literal["ppp", "drift", "ou"] = label("model of CNY/USD")
    vnd_drift: float = quantity("1/y", "drift of VND/USD", gt=-0.5, le=1)
    cny_drift: float = quantity("1/y", "drift of CNY/USD", gt=-0.5, le=1)
    vnd_volatility: float = quantity("1", "log deviation a year", ge=0, le=1)
    cny_volatility: float = quantity("1", "log deviation a year", ge=0, le=1)
    cny_level: float = quantity("CNY/USD", "to which it returns", gt=0, le=100)
    cny_return_rate: float = quantity("1/y", "how fast", ge=0, le=10)
    correlation: float = quantity("1", "of the two", ge=-1, le=1)
    luck: Literal["stated", "drawn"] = label("quantiles below, or a path by chance")
    vnd_quantile: float = quantity("1", "stated: at every date", gt=0, le=0.999999)
    cny_quantile: float = quantity("1", "stated: at every date", gt=0, le=0.999999)
    step: Step | None = label("stress", default=None)


class Asset(Record):
    """Upkeep of cost components of the works that age alike."""

    components: tuple[str, ...] = label("cost components of projects", min_length=1)
    maintenance_share: float = quantity("1/y", "of cost, from opening", ge=0, le=0.2)
    renewal_share: float = quantity("1/y", "of cost, put into renewals", ge=0, le=0.2)
    renewal_after_years: float = quantity("y", "after opening", ge=0, le=100)
    life_years: float | None = quantity(
        "y", "is replaced at its end, like for like", default=None, ge=1, le=200
    )
    depreciation_years: float | None = quantity(
        "y", "in the books, in whole half-years; land has none", default=None, ge=0.5
    )


class Upkeep(Record):
    """Maintenance by length of track."""

    usd_per_track_km: float = quantity("USD/km", "a year", ge=0, le=1e6)
    track_km: dict[str, float] = quantity("km", "project -> its tracks")


class Returns(Record):
    """How flows are valued on 1 January of the first year."""

    discount_rate_real: float = quantity(
        "1/y", "of present values", gt=-0.5, le=1, usual=(0, 0.15)
    )
    finance_rate: float = quantity("1/y", "of MIRR, nominal", gt=-0.5, le=1)
    reinvest_rate: float = quantity("1/y", "of MIRR, nominal", gt=-0.5, le=1)
    convention: Literal["start", "mid", "end"] = label(
        "flows of a half-year fall at its start, middle or end in present values"
    )
    grant_discount_rate: float = quantity("1/y", "of grant elements", gt=-0.5, le=1)
    target_dscr: float = quantity("1", "cover that lenders want", gt=0, le=10)


class Finance(Record):
    """Rates and rules that every package shares."""

    package: str = label("package that pays")
    is_loan_signed: bool = label("without it the package's fallback pays")
    inflation: Inflation = label("prices")
    exchange: Exchange = label("exchange rates")
    mixes: Mixes = label("currencies of prices")
    references: dict[str, float] = quantity(
        "1/y", "reference rate -> level", default={}, usual=(0, 0.1)
    )
    assets: dict[str, Asset] = label("upkeep of what is built", default={})
    upkeep: Upkeep = label("maintenance of tracks")
    tax: Tax = label("of the owner of the line, where a package taxes it")
    returns: Returns = label("discounting")
    sovereign: Sovereign | None = label("the state behind it", default=None)
    stated_spending_usd: tuple[float, ...] = quantity(
        "USD", "nominal, by half-year from the first, instead of works", default=()
    )

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        if any(value < 0 for value in self.stated_spending_usd):
            raise ValueError("stated_spending_usd must be at least 0")
        if any(not -0.5 < rate <= 1 for rate in self.references.values()):
            raise ValueError("references must be above -0.5 and at most 1")
        if any(km < 0 for km in self.upkeep.track_km.values()):
            raise ValueError("track_km must be at least 0")
        return self
