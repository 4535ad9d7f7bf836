"""How long things take and when places are open: distributions, calendars, holidays."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity


class Deterministic(Record):
    """Always the same time."""

    dist: Literal["deterministic"]
    value_h: float = quantity("h", "the time", ge=0)


class Exponential(Record):
    """Memoryless time."""

    dist: Literal["exponential"]
    mean_h: float = quantity("h", "mean", gt=0)


class Erlang(Record):
    """Sum of `shape` memoryless phases of equal mean."""

    dist: Literal["erlang"]
    shape: int = quantity("1", "number of phases", ge=1, le=1000)
    mean_h: float = quantity("h", "mean of the sum", gt=0)


class Gamma(Record):
    """Gamma by mean and coefficient of variation."""

    dist: Literal["gamma"]
    mean_h: float = quantity("h", "mean", gt=0)
    cv: float = quantity("1", "coefficient of variation", gt=0, le=20)


class Lognormal(Record):
    """Lognormal by mean and coefficient of variation."""

    dist: Literal["lognormal"]
    mean_h: float = quantity("h", "mean", gt=0)
    cv: float = quantity("1", "coefficient of variation", ge=0, le=20)


class Triangular(Record):
    """Triangular by its lowest, likeliest and highest value."""

    dist: Literal["triangular"]
    low_h: float = quantity("h", "lowest value")
    mode_h: float = quantity("h", "likeliest value")
    high_h: float = quantity("h", "highest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.low_h <= self.mode_h <= self.high_h:
            raise ValueError("low_h <= mode_h <= high_h must hold")
        return self


class Uniform(Record):
    """Every time between two bounds alike."""

    dist: Literal["uniform"]
    low_h: float = quantity("h", "lowest value")
    high_h: float = quantity("h", "highest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low_h > self.high_h:
            raise ValueError("low_h <= high_h must hold")
        return self


class Empirical(Record):
    """One of the listed times, each with the same probability."""

    dist: Literal["empirical"]
    values_h: tuple[float, ...] = quantity("h", "observed times")

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if not self.values_h:
            raise ValueError("values_h must hold at least one time")
        return self


Distribution = Annotated[
    Deterministic
    | Exponential
    | Erlang
    | Gamma
    | Lognormal
    | Triangular
    | Uniform
    | Empirical,
    Field(discriminator="dist"),
]

Window = tuple[
    Annotated[float, Field(ge=0, le=24)], Annotated[float, Field(ge=0, le=24)]
]


class Calendar(Record):
    """The weekly hours of a place and the holidays that reduce its capacity."""

    utc_offset_h: float = quantity("h", "local time minus UTC", ge=-12, le=14)
    windows_h: tuple[Window, ...] = quantity(
        "h", "[open, close) in local hours, every day unless `weekly_h` names the day"
    )
    weekly_h: dict[
        Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], tuple[Window, ...]
    ] = quantity("h", "windows of single weekdays instead of `windows_h`", default={})
    holidays: tuple[str, ...] = label("ids of holidays kept here", default=())
    also_open: tuple[str, ...] = label(
        "calendars that must be open too: a border needs both sides", default=()
    )

    @model_validator(mode="after")
    def _windows_are_ordered(self) -> Self:
        for opens, closes in (*self.windows_h, *sum(self.weekly_h.values(), ())):
            if opens >= closes:
                raise ValueError(f"a window must open before it closes: {opens}")
        return self


class HolidayPhase(Record):
    """Consecutive days of a holiday on which capacity is multiplied by a factor."""

    first_day: int = quantity("d", "first day, 0 is the day itself", ge=-60, le=60)
    last_day: int = quantity("d", "last day, inclusive", ge=-60, le=60)
    capacity_factor: float = quantity(
        "1", "open servers over all servers, 0 is shut", ge=0, le=1
    )


class Holiday(Record):
    """A yearly holiday, by the sun or by the moon."""

    name: str = label("what people call it")
    rule: Literal["lunar", "solar"] = label("which calendar fixes the day")
    utc_offset_h: float = quantity(
        "h", "meridian of the lunar calendar: 7 Viet Nam, 8 China", ge=-12, le=14
    )
    month: int = quantity("1", "month of its calendar", ge=1, le=12)
    day: int = quantity("1", "day of the month", ge=1, le=31)
    phases: dict[str, HolidayPhase] = label("what happens on which days")
