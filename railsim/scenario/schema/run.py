"""What to simulate: years, replications, engine, alternatives."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, Self

from pydantic import field_validator, model_validator

from railsim.quantity import Record, label, quantity


class Run(Record):
    """Settings of a run; none of them says anything about the corridor."""

    title: str = label("heading of the printed table")
    seed: int = quantity("1", "root of all chance", ge=0, le=2**53)
    first_year: int = quantity("year", "first year", ge=1950, le=2100)
    last_year: int = quantity("year", "last year", ge=1950, le=2100)
    simulate_years: Literal["all", "anchors", "interpolated"] | tuple[int, ...] = label(
        "years that are simulated: all, a list, or anchors; between anchors the level "
        "of service is interpolated, in the analytic fidelity only if it says so"
    )
    anchor_years: tuple[int, ...] = label(
        "anchors beside the first and the last year of each state of the network",
        default=(),
    )
    anchor_lags_years: tuple[int, ...] = label(
        "whole years from an opening to further anchors", default=()
    )
    replications: int = quantity("1", "years of daily luck", ge=1, le=100_000)
    warmup_days: float = quantity("d", "before the measured year", ge=0, le=365)
    drain_days: float = quantity("d", "after it, without new lots", ge=0, le=3650)
    fidelity: Literal["event", "analytic"] = label(
        "event follows every lot, analytic solves closed forms for a year in no time"
    )
    engine: Literal["compiled", "reference"] = label(
        "compiled is fast, reference is SimPy; both give the same events"
    )
    is_deterministic: bool = label("central values instead of chance")
    delivery_luck: Literal["stated", "drawn"] = label(
        "how projects turn out: as `projects.X.luck` states, or drawn", default="stated"
    )
    report_market: str | None = label("market printed on the screen", default=None)
    report_year: int | None = quantity(
        "year", "year printed on the screen; without it the last", default=None
    )
    diary_years: tuple[int, ...] = label(
        "years that are told day by day, if they are simulated by events", default=()
    )
    diary_resources: tuple[str, ...] = label(
        "resources whose queues are told day by day, as `stations.X`", default=()
    )
    diary_day: str | None = label(
        "month and day whose trains are told station by station, as 11-17", default=None
    )
    max_events: int = quantity(
        "1", "a simulated year stops with an error after so many events", ge=1
    )

    @model_validator(mode="after")
    def _years_fit(self) -> Self:
        if self.first_year > self.last_year:
            raise ValueError("first_year must not be after last_year")
        if not isinstance(self.simulate_years, str):
            if not self.simulate_years:
                raise ValueError("simulate_years must name at least one year")
            for year in self.simulate_years:
                if not self.first_year <= year <= self.last_year:
                    raise ValueError(f"simulate_years: {year} is outside the horizon")
        return self

    @field_validator("diary_day")
    @classmethod
    def _day_is_in_every_year(cls, day: str | None) -> str | None:
        try:
            date.fromisoformat(f"2026-{day or '01-01'}")
        except ValueError:
            raise ValueError(
                "must be a month and a day of every year, as 11-17"
            ) from None
        return day


class Alternative(Record):
    """A named overlay: what is different in this world."""

    title: str = label("what people call it")
    overlay: dict[str, Any] = label("dotted path -> value", default={})
