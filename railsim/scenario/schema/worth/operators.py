"""Who runs services: for whom they are paid, what they cost, what they owe."""

from __future__ import annotations

from typing import Literal

from railsim.quantity import Record, label, quantity


class Tax(Record):
    """Tax on profits; losses are carried forward."""

    rate: float = quantity("1", "of profits", ge=0, le=1, usual=(0, 0.35))
    holiday_years: float = quantity("y", "from opening, without tax", ge=0, le=50)


class AccessCharge(Record):
    """What an operator pays to the owner of the line."""

    regime: Literal["revenue_share", "gross_t_km", "train_km", "surplus"] = label(
        "what it is counted on; `surplus` hands over all that is left after tax"
    )
    revenue_share: float = quantity("1", "of revenue", default=0.0, ge=0, le=1)
    usd_per_gross_t_km: float = quantity(
        "USD/gross t-km", "running", default=0.0, ge=0, le=1
    )
    usd_per_train_km: float = quantity("USD/train-km", "running", default=0.0, ge=0)


class StatedCash(Record):
    """Cash from operation stated half-year by half-year, instead of modelled."""

    first_usd: float = quantity("USD", "nominal, first half-year after opening")
    growth_per_half: float = quantity("1", "growth from half to half", gt=-1, le=1)
    halves: int = quantity("1", "half-years of operation", ge=1, le=400)


class Operator(Record):
    """A railway company; all rates in prices of the price year."""

    title: str = label("what people call it")
    payees: tuple[str, ...] = label("payees of services and tariffs that it is")
    services: tuple[str, ...] = label("services it runs")
    passenger_projects: tuple[str, ...] = label("projects whose passengers pay it")
    vehicles: tuple[str, ...] = label("kinds of rolling stock it buys")
    ancillary_share: float = quantity(
        "1", "advertising, land and the like, of revenue", ge=0, le=1, usual=(0, 0.2)
    )
    usd_per_train_km: float = quantity(
        "USD/train-km", "crew, upkeep", ge=0, le=200, usual=(0, 30)
    )
    usd_per_net_t_km: float = quantity("USD/t-km", "running", ge=0, le=1)
    usd_per_gross_t_km: float = quantity("USD/gross t-km", "energy", ge=0, le=1)
    train_tare_t: float = quantity("t", "wagons of a train, empty", ge=0, le=10000)
    usd_per_train_h: float = quantity("USD/h", "by the hour", ge=0, le=5000)
    usd_per_lift: float = quantity("USD", "crane move of a box", ge=0, le=500)
    lifts_per_teu: float = quantity("1/TEU", "both ends together", ge=0, le=10)
    fixed_usd_per_year: float = quantity("USD/y", "from opening", ge=0, le=1e9)
    overhead_share: float = quantity("1", "of running costs", ge=0, le=1)
    access: AccessCharge = label("track access charge")
    rolling_stock: Literal["purchased", "leased"] = label("how it gets its trains")
    lease_years: float = quantity("y", "of a lease, in half-years", ge=0.5, le=50)
    lease_rate: float = quantity("1/y", "interest in a lease", ge=0, le=1)
    depreciation_years: float = quantity(
        "y", "life of its trains in the books, in whole half-years", ge=0.5, le=100
    )
    tax: Tax = label("tax on its profits")
    working_capital_days: float = quantity(
        "d", "revenue that customers have not yet paid", ge=0, le=365
    )
    stated_cash: StatedCash | None = label(
        "cash from operation instead of all of the above", default=None
    )
