"""New lines: when works may start, what they may cost and how long they take."""

from __future__ import annotations

import math
from typing import Literal, Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.worth.delivery import (
    SHARES_CLOSE,
    Curve,
    Duration,
    Quantile,
    Slippage,
    Start,
)
from railsim.scenario.schema.worth.overruns import ReferenceClass

__all__ = ["Amount", "Component", "Project", "ReferenceClass", "Vehicle"]

Basis = Literal["usd", "vnd"]


class Amount(Record):
    """A sum as it was stated in two currencies; one never becomes the other here."""

    usd: float = quantity("USD", "as stated in dollars", gt=0, le=1e13)
    vnd: float = quantity("VND", "as stated in dong", gt=0, le=9e15)


class ShadowSplit(Record):
    """What a cost component pays for, as shares; the appraisal prices each anew."""

    traded: float = quantity("1", "goods with a world price", ge=0, le=1)
    non_traded: float = quantity("1", "goods of the country", ge=0, le=1)
    skilled: float = quantity("1", "skilled labour", ge=0, le=1)
    unskilled: float = quantity("1", "unskilled labour", ge=0, le=1)
    taxes: float = quantity("1", "taxes and duties", ge=0, le=1)
    land: float = quantity("1", "land itself", ge=0, le=1)

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        total = math.fsum(self.model_dump().values())
        if abs(total - 1.0) > SHARES_CLOSE:
            raise ValueError(f"shares must sum to 1, found {total:g}")
        return self


class Component(Record):
    """Part of a project's cost: a share of what has no amount of its own."""

    name: str = label("what people call it")
    share: float | None = quantity(
        "1",
        "of the approved total less the amounts of other components",
        default=None,
        ge=0,
        le=1,
    )
    amount: Amount | None = label("its own cost instead of a share", default=None)
    start_year: float | None = quantity(
        "year", "its own first day; else main works", default=None, ge=1950, le=2300
    )
    end_year: float | None = quantity(
        "year", "its own last day; else main works", default=None, ge=1950, le=2300
    )
    life_years: float | None = quantity(
        "y", "until it must be renewed; without it for ever", default=None, gt=0, le=500
    )
    shadow: ShadowSplit = label("what it pays for")

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if (self.share is None) == (self.amount is None):
            raise ValueError("exactly one of share and amount must be given")
        if (self.start_year is None) != (self.end_year is None):
            raise ValueError("start_year and end_year go together")
        if (self.start_year or 0.0) >= (self.end_year or math.inf):
            raise ValueError("start_year must be before end_year")
        return self


class OfficialPlan(Record):
    """The inside view: what those who build it say."""

    start_year: float = quantity("year", "start of main works", ge=1950, le=2300)
    opens_year: float = quantity("year", "opening of the line", ge=1950, le=2300)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.start_year >= self.opens_year:
            raise ValueError("start_year must be before opens_year")
        return self


class Luck(Record):
    """Where in their distributions a project's four uncertainties come out."""

    start: Quantile = quantity("1", "quantile of the start of main works", gt=0)
    slippage: Quantile = quantity("1", "quantile of slippage after it", gt=0)
    cost: Quantile = quantity("1", "quantile of the overrun", gt=0)
    duration: Quantile = quantity(
        "1", "quantile of the duration that has nothing to do with cost", gt=0
    )


class Retention(Record):
    """Money held back until works have proved themselves."""

    share: float = quantity("1", "of every payment", ge=0, le=1)
    lag_years: float = quantity("y", "paid so long afterwards", ge=0, le=20)


class DelayCost(Record):
    """What the owner pays for works that last longer than planned."""

    share_per_year: float = quantity(
        "1/y", "of the approved total for each year", ge=0, le=1, usual=(0, 0.1)
    )
    component: str = label("cost component it is booked under")


class Project(Record):
    """A line to be built: its plan, and how such plans turn out."""

    name: str = label("what people call it")
    sections: dict[str, float] = quantity(
        "y", "opening -> years after the first section opens; the last is the line"
    )
    capex: Amount = label("approved total, contingency included")
    capex_currency_basis: Basis = label("which of the two amounts counts")
    components: dict[str, Component] = label("parts of the cost", min_length=1)
    plan: OfficialPlan = label("official dates")
    outside_view: float = quantity(
        "1", "0 is the plan, 1 the reference class, quantile by quantile", ge=0, le=1
    )
    start: Start = label("when main works begin")
    slippage: Slippage | None = label("delay of a start that is set", default=None)
    duration: Duration = label("from the start to opening")
    commissioning_years: float = quantity(
        "y", "between the last payment and opening", ge=0, le=10
    )
    least_works_years: float = quantity(
        "y", "money cannot be spent in less, if an opening is promised", gt=0, le=20
    )
    reference_class: str = label("how like projects turned out")
    start_shift_years: float = quantity(
        "y",
        "added to the start by the way works are paid for",
        default=0.0,
        ge=-5,
        le=10,
    )
    overrun_added: float = quantity(
        "1",
        "added to the overrun by the way works are paid for",
        default=0.0,
        ge=-0.5,
        le=2,
    )
    overrun_limit: float | None = quantity(
        "1", "greater overruns count as this", default=None, ge=1, le=100
    )
    cost_duration_correlation: float = quantity(
        "1", "of the normal scores of overrun and duration", ge=-1, le=1
    )
    common_share: float = quantity(
        "1", "variance of its drawn luck that all projects share", ge=0, le=1
    )
    curve: Curve = label("how money flows over the time of works")
    retention: Retention | None = label("money held back", default=None)
    delay_cost: DelayCost = label("cost of works that take longer")
    fleet_component: str | None = label(
        "component out of which the first rolling stock is bought", default=None
    )
    luck: Luck = label("how it turns out where luck is stated")

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if not self.sections or min(self.sections.values()) != 0:
            raise ValueError("the first of sections must open after 0 years")
        for name in (self.delay_cost.component, self.fleet_component):
            if name is not None and name not in self.components:
                raise ValueError(f"no component {name}")
        if getattr(self.start, "is_slipping", False) and self.slippage is None:
            raise ValueError("a start that slips needs slippage")
        _check_costs(self)
        return self


def _check_costs(project: Project) -> None:
    shares = [c.share for c in project.components.values() if c.share is not None]
    amounts = [c.amount for c in project.components.values() if c.amount is not None]
    if not shares:
        raise ValueError("one of components must have a share")
    total = math.fsum(shares)
    if abs(total - 1.0) > SHARES_CLOSE:
        raise ValueError(f"shares of components must sum to 1, found {total:g}")
    if math.fsum(a.usd for a in amounts) > project.capex.usd:
        raise ValueError("amounts of components pass the approved total in dollars")
    if math.fsum(a.vnd for a in amounts) > project.capex.vnd:
        raise ValueError("amounts of components pass the approved total in dong")


class Vehicle(Record):
    """A kind of rolling stock that is bought as traffic grows."""

    name: str = label("what people call it")
    services: tuple[str, ...] = label("services it runs in", min_length=1)
    units_per_train: int = quantity("1", "units in a train", ge=1, le=500)
    load_factor: float = quantity("1", "load that trains are bought for", gt=0, le=1)
    operating_days: float = quantity("d/y", "days with trains", gt=0, le=366)
    turn_h: float = quantity("h", "at either end, between two runs", ge=0, le=500)
    spare_share: float = quantity("1", "units beyond those needed", ge=0, le=2)
    lookahead_years: int = quantity("y", "for traffic so much later", ge=0, le=20)
    lead_years: int = quantity("y", "paid so long before use", ge=0, le=10)
    life_years: int = quantity("y", "then replaced", ge=1, le=100)
    price_usd: float = quantity("USD", "of an imported unit", gt=0, le=1e9)
    local_share: float = quantity("1", "of the value that is made at home", ge=0, le=1)
    local_price_factor: float = quantity(
        "1", "price at home of what is made there, over the imported", gt=0, le=10
    )
    learning_rate: Quantile = quantity(
        "1", "fall of the price at home with each doubling of units", ge=0
    )
    experience_units: float = quantity(
        "1", "units made at home before the first", gt=0, le=1e6
    )
