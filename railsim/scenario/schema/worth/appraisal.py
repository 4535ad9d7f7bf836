"""How society counts: discounting, shadow prices, external costs, countries."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity

Rate = Annotated[float, Field(gt=-1, le=1)]
Shares = dict[str, Annotated[float, Field(ge=0, le=1)]]
Incomes = dict[str, Annotated[float, Field(gt=0, le=1e6)]]


class ShadowPrices(Record):
    """World prices over domestic ones; traded goods count 1 and taxes nothing."""

    standard_conversion_factor: float = quantity(
        "1", "of goods that are not traded", ge=0, le=2, usual=(0.85, 1)
    )
    unskilled_wage_factor: float = quantity(
        "1",
        "shadow over paid wage, before the standard factor",
        ge=0,
        le=2,
        usual=(0.5, 1),
    )
    skilled_wage_factor: float = quantity("1", "shadow over paid wage", ge=0, le=2)
    land_factor: float = quantity("1", "opportunity cost over price paid", ge=0, le=5)
    maintenance_factor: float = quantity(
        "1", "economic over financial cost of keeping the line", ge=0, le=2
    )


class CarbonPath(Record):
    """A price of carbon: flat before the first year, geometric between the years."""

    usd_per_t: dict[str, float] = quantity("USD/t", "year -> price in published money")
    growth_per_year: float = quantity("1/y", "after the last year", gt=-1, le=1)

    @model_validator(mode="after")
    def _is_a_path(self) -> Self:
        if not self.usd_per_t:
            raise ValueError("usd_per_t must have at least one year")
        for year, price in self.usd_per_t.items():
            if not (year.isdecimal() and len(year) == 4 and 0 < price <= 1e5):
                raise ValueError(f"{year} = {price}: expected year = above 0 to 100000")
        return self

    @property
    def anchors(self) -> list[tuple[float, float]]:
        """Year and price, ascending."""
        return sorted((float(y), price) for y, price in self.usd_per_t.items())


class Carbon(Record):
    """What a tonne of CO2e costs the world, and who bears it."""

    path: str = label("id of the price path that counts")
    paths: dict[str, CarbonPath] = label("price paths", min_length=1)
    price_level: float = quantity(
        "1", "money of the price year over that of the paths", gt=0, le=10
    )
    home_share: float = quantity(
        "1", "of the damage that falls on the country that builds", ge=0, le=1
    )
    construction_t_per_km: float = quantity(
        "t CO2e/km", "emitted in building a kilometre; 0 leaves it out", ge=0, le=1e5
    )


class LifeByTransfer(Record):
    """Value of a life carried from one country to another by income."""

    rule: Literal["transfer"]
    base_usd: float = quantity("USD", "value in the base country", gt=0, le=1e9)
    base_gdp_per_head_usd: float = quantity("USD", "income there", gt=0, le=1e6)
    income_elasticity: float = quantity("1", "of the value", ge=0, le=3)
    gdp_per_head_usd: Incomes = quantity("USD", "country -> income")


class LifeByIncome(Record):
    """Value of a life as a multiple of income."""

    rule: Literal["multiple"]
    multiple: float = quantity("1", "of GDP per head", gt=0, le=1000, usual=(50, 150))
    gdp_per_head_usd: Incomes = quantity("USD", "country -> income")


Life = Annotated[LifeByTransfer | LifeByIncome, Field(discriminator="rule")]


class Road(Record):
    """What trucks cost others."""

    empty_km_per_laden_km: float = quantity("1", "empty running", ge=0, le=5)
    fatalities_per_truck_km: float = quantity(
        "1/truck-km", "people killed", ge=0, le=1e-5, usual=(1e-9, 2e-7)
    )
    air_pollution_usd_per_t_km: float = quantity(
        "USD/t-km", "harm to health", ge=0, le=1
    )
    wear_usd_per_t_km: float = quantity("USD/t-km", "wear of the road", ge=0, le=1)


class CompetitivePayee(Record):
    """Whose price is the cost of what it uses, taxes and tolls apart."""

    kind: Literal["competitive"]
    party: str = label("party that it belongs to")
    country: str = label("ISO code")
    levy_share: float = quantity(
        "1", "of what it is paid: taxes and tolls handed on", ge=0, le=1
    )


class MarginPayee(Record):
    """Who keeps a share of what is paid; a treasury keeps all."""

    kind: Literal["margin"]
    party: str = label("party that it belongs to")
    country: str = label("ISO code")
    levy_share: float = quantity(
        "1", "of what it is paid: taxes and tolls handed on", ge=0, le=1
    )
    margin_share: float = quantity("1", "kept of what it is paid", ge=0, le=1)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.levy_share + self.margin_share > 1:
            raise ValueError("levy_share + margin_share must be at most 1")
        return self


class ResourcePayee(Record):
    """Whose costs follow from what its services do."""

    kind: Literal["resources"]
    party: str = label("party that it belongs to")
    country: str = label("ISO code")
    levy_share: float = quantity(
        "1", "of what it is paid: taxes and tolls handed on", ge=0, le=1
    )
    also_runs: tuple[str, ...] = label("services it runs that nobody pays it for")
    usd_per_vehicle_km: float = quantity("USD/km", "crew, upkeep", ge=0, le=1000)
    usd_per_vehicle_h: float = quantity(
        "USD/h", "wagons and locomotives by time on the way", ge=0, le=1e5
    )
    usd_per_t_km: float = quantity("USD/t-km", "energy, by net load", ge=0, le=1)
    usd_per_teu: float = quantity("USD/TEU", "lifts at both ends", ge=0, le=1000)


Payee = Annotated[
    CompetitivePayee | MarginPayee | ResourcePayee, Field(discriminator="kind")
]


class Appraisal(Record):
    """The frame of the economic appraisal; real money of the price year."""

    discount_rate: Rate = quantity("1/y", "test rate", usual=(0.03, 0.12))
    sensitivity_rates: tuple[Rate, ...] = quantity("1/y", "other rates to show")
    timing: Literal["start", "mid", "end"] = label(
        "when in its year money counts in published values"
    )
    operating_years: int = quantity(
        "y", "length of operation in the sensitivity", ge=1, le=200
    )
    home_country: str = label("ISO code of the country that builds")
    builder: str = label("party that pays for works and keeps the line")
    fleet_owner: str = label("party that buys rolling stock")
    maintenance_usd_per_km: float = quantity(
        "USD/km", "a year, for each kilometre of track", ge=0, le=1e6
    )
    shadow: ShadowPrices = label("shadow prices")
    carbon: Carbon = label("what emissions cost")
    life: Life = label("what a life is worth")
    road: Road = label("what trucks cost others")
    market_shares: dict[str, Shares] = quantity(
        "1", "market -> country -> share of what shippers gain"
    )
    payees: dict[str, Payee] = label("who is paid, and what that costs them")
