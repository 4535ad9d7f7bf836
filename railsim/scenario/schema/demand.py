"""What is shipped: commodities, flows by market and direction, seasons, growth."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.movement import Direction
from railsim.scenario.schema.network import Mode
from railsim.scenario.schema.timing import Distribution

Market = Literal["bilateral", "transit", "domestic"]


class Commodity(Record):
    """Goods of like value, density and urgency."""

    name: str = label("what people call it")
    value_usd_per_t: float = quantity("USD/t", "worth", ge=0, usual=(20, 200000))
    tonnes_per_teu: float = quantity("t/TEU", "net load of a box", gt=0, le=30)
    forty_foot_share: float = quantity("1", "of TEU that are 40-ft", ge=0, le=1)
    decay_per_day: dict[Mode, float] = quantity("1/d", "loss of value by main mode")
    inventory_rate: float = quantity("1/y", "capital cost", ge=0, le=1)
    insurance_rate: float = quantity("1", "premium over value", ge=0, le=0.1)
    schedule_usd_per_teu_day: float = quantity(
        "USD/TEU-d", "cost of waiting for a departure", ge=0
    )
    holding_rate: float = quantity("1/y", "cost of safety stock", ge=0, le=1)
    service_factor: float = quantity("1", "z of the safety stock", ge=0, le=5)
    consignee_teu_per_day: float = quantity("TEU/d", "demand of a consignee", gt=0)
    consignee_sd_teu_per_day: float = quantity("TEU/d", "its deviation", ge=0)
    income_elasticity: float = quantity("1", "of demand to GDP", ge=-2, le=5)
    cost_elasticity: float = quantity("1", "of demand to cost", ge=-5, le=0)
    theta_per_usd: float = quantity(
        "1/USD", "weight of generalised cost in choice", ge=0, usual=(0.0005, 0.03)
    )
    contract_share: float = quantity("1", "lots that do not choose anew", ge=0, le=1)
    priority: int = quantity("1", "at stations; lower goes first", ge=-100, le=100)
    chances: dict[str, float] = quantity(
        "1", "name -> probability: red, yellow, sps and so on", default={}
    )
    season: str | None = label("id of the season", default=None)
    season_by_direction: dict[Direction, str] = label(
        "season where the directions differ", default={}
    )

    @model_validator(mode="after")
    def _are_shares(self) -> Self:
        for name, chance in self.chances.items():
            if not 0 <= chance <= 1:
                raise ValueError(f"chance {name} must be from 0 to 1, found {chance}")
        for mode, rate in self.decay_per_day.items():
            if not 0 <= rate < 1:
                raise ValueError(f"decay by {mode} must be from 0 to 1, found {rate}")
        return self


class Loading(Record):
    """How lots fill trucks: a truck holds one 40-ft, one heavy or two light 20-ft."""

    truck_payload_t: float = quantity("t", "bulk on a truck", gt=0, le=100)
    heavy_box_t: float = quantity("t", "a 20-ft box above this rides alone", gt=0)


class LotSize(Record):
    """How large lots are, in TEU (bulk: TEU's worth of tonnes)."""

    teu: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = quantity("TEU", "sizes")
    probability: tuple[Annotated[float, Field(ge=0, le=1)], ...] = quantity(
        "1", "of each size"
    )

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if len(self.teu) != len(self.probability) or not self.teu:
            raise ValueError("teu and probability need the same length, at least 1")
        if abs(sum(self.probability) - 1) > 1e-9:
            raise ValueError("probability must sum to 1")
        return self


class Annual(Record):
    """Poisson arrivals of a year's tonnes, spread by season, weekday and holidays."""

    kind: Literal["annual"]
    tonnes: float = quantity("t/y", "net tonnes of the base year", ge=0, le=1e9)


class Poisson(Record):
    """Poisson arrivals of lots at a constant rate."""

    kind: Literal["poisson"]
    rate_per_h: float = quantity("1/h", "lots an hour", gt=0, le=100000)


class Renewal(Record):
    """Arrivals with independent gaps."""

    kind: Literal["renewal"]
    gap: Distribution = label("time between lots")


class Scheduled(Record):
    """Arrivals at equal intervals, perhaps late."""

    kind: Literal["scheduled"]
    every_h: float = quantity("h", "between lots", gt=0)
    lateness: Distribution | None = label("after schedule", default=None)


class Listed(Record):
    """Arrivals at given hours of the simulated year."""

    kind: Literal["listed"]
    at_h: tuple[float, ...] = quantity("h", "hours after 1 January 00:00")


Arrivals = Annotated[
    Annual | Poisson | Renewal | Scheduled | Listed, Field(discriminator="kind")
]


class Flow(Record):
    """One commodity between two places in one market and one direction."""

    market: Market = label("never mixed with another in one share")
    commodity: str = label("commodity")
    origin: str = label("place")
    destination: str = label("place")
    direction: Direction = label("south: towards the sea")
    form: Literal["container", "bulk"] = label("boxes fill slots; bulk counts tonnes")
    lot_size: str = label("id of the lot size")
    arrivals: Arrivals = label("how lots come")
    growth: str | None = label("id of the growth path; none is constant", default=None)
    base_share: dict[str, float] = quantity(
        "1", "route -> share of tonnes in the base year; the choice set"
    )

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        if not self.base_share:
            raise ValueError("base_share must name at least one route")
        if any(not 0 <= share <= 1 for share in self.base_share.values()):
            raise ValueError("base_share must hold shares from 0 to 1")
        if abs(sum(self.base_share.values()) - 1) > 1e-9:
            raise ValueError("base_share must sum to 1")
        return self


class LunarProfile(Record):
    """A factor on the days around lunar new year."""

    first_day: int = quantity("d", "first day, 0 is new year", ge=-60, le=60)
    last_day: int = quantity("d", "last day, inclusive", ge=-60, le=60)
    factor: float = quantity("1", "of the day's arrivals", ge=0, le=20)


class Season(Record):
    """The shape of a year: months, weekdays, the days around lunar new year."""

    month_factors: tuple[float, ...] = quantity("1", "January to December, mean 1")
    weekday_factors: tuple[float, ...] = quantity("1", "Monday to Sunday, mean 1")
    lunar: dict[str, LunarProfile] = label("factors around new year", default={})
    lunar_utc_offset_h: float = quantity(
        "h", "meridian of the lunar calendar", default=7.0, ge=-12, le=14
    )

    @model_validator(mode="after")
    def _is_a_year(self) -> Self:
        if len(self.month_factors) != 12 or len(self.weekday_factors) != 7:
            raise ValueError("12 month_factors and 7 weekday_factors are needed")
        if min(*self.month_factors, *self.weekday_factors) < 0:
            raise ValueError("factors must be at least 0")
        if sum(self.month_factors) <= 0 or sum(self.weekday_factors) <= 0:
            raise ValueError("at least one factor must be above 0")
        return self


class Growth(Record):
    """Real growth of the importing side's GDP, linear between the given years."""

    rate_by_year: dict[str, float] = quantity("1/y", "year -> growth of that year")
    shocks: dict[str, float] = quantity(
        "1", "year -> factor on demand of that year only", default={}
    )

    @model_validator(mode="after")
    def _are_years(self) -> Self:
        for key, value in (*self.rate_by_year.items(), *self.shocks.items()):
            if not key.isdecimal():
                raise ValueError(f"{key} is not a year")
            if not -0.9 < value < 10:
                raise ValueError(f"{key} = {value} is out of range")
        if not self.rate_by_year:
            raise ValueError("rate_by_year must hold at least one year")
        return self
