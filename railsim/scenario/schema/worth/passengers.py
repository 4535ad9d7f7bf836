"""Passengers of new lines, from outside the model."""

from __future__ import annotations

from itertools import pairwise
from typing import Self

from pydantic import model_validator

from railsim.quantity import Record, quantity


class Passengers(Record):
    """A published forecast for one project, corrected and moved to its opening."""

    forecast_years: tuple[int, ...] = quantity("year", "years of the forecast")
    forecast_trips: tuple[float, ...] = quantity("1/y", "trips in each of them")
    forecast_opens_year: float = quantity(
        "year", "opening that the forecast takes for granted", ge=1950, le=2300
    )
    forecast_factor: float = quantity(
        "1", "trips over such forecasts, where lines came", ge=0, le=5
    )
    ramp_up_years: float = quantity("y", "1 - exp(-t / this) of them come", ge=0, le=50)
    mean_km: float = quantity("km", "mean length of a trip", gt=0, le=5000)
    yield_usd_per_passenger_km: float = quantity(
        "USD/passenger-km", "fare, real", ge=0, le=10, usual=(0.005, 0.2)
    )
    time_saving_h: float = quantity("h", "a trip, on the mean", ge=-50, le=50)
    value_of_time_usd_per_h: float = quantity(
        "USD/h", "what an hour is worth to them", ge=0, le=500
    )
    cost_saving_usd: float = quantity("USD", "a trip, on the mean", ge=-500, le=500)
    generated_share: float = quantity(
        "1", "of trips that would not be made without; they count half", ge=0, le=1
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.forecast_years or any(
            b <= a for a, b in pairwise(self.forecast_years)
        ):
            raise ValueError("forecast_years must ascend, at least one")
        if len(self.forecast_trips) != len(self.forecast_years):
            raise ValueError("forecast_trips needs a number for each of the years")
        if min(self.forecast_trips) <= 0:
            raise ValueError("forecast_trips must be above 0")
        return self
