"""What nobody controls: storms, floods, closures, quarantine regimes."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity


class Outage(Record):
    """What one event does to a group of resources."""

    resources: tuple[str, ...] = label("table.id of stations, links, lines, services")
    low_h: float = quantity("h", "shortest closure", ge=0)
    mode_h: float = quantity("h", "likeliest closure", ge=0)
    high_h: float = quantity("h", "longest closure", ge=0)
    capacity_factor: float = quantity(
        "1",
        "capacity left, 0 is closed; links and lines only open or close",
        ge=0,
        le=1,
    )

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.low_h <= self.mode_h <= self.high_h:
            raise ValueError("low_h <= mode_h <= high_h must hold")
        return self


class Severity(Record):
    """How bad an event is, with what it closes."""

    share: float = quantity("1", "of events that are this bad", ge=0, le=1)
    outages: dict[str, Outage] = label("what it closes")


class Disruption(Record):
    """Events that strike several resources at once: one event, many outages."""

    name: str = label("what people call it")
    events_per_year: float = quantity("1/y", "mean number", ge=0, le=365)
    month_weights: tuple[float, ...] = quantity("1", "January to December")
    common_share: float = quantity(
        "1", "rank correlation of the outages of one event", ge=0, le=1
    )
    severities: dict[str, Severity] = label("classes of severity")
    listed: dict[str, str] = label(
        "ISO local date -> severity: events that do happen", default={}
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if len(self.month_weights) != 12 or min(self.month_weights) < 0:
            raise ValueError("month_weights needs 12 numbers of at least 0")
        if sum(self.month_weights) <= 0:
            raise ValueError("one of month_weights must be above 0")
        if abs(sum(s.share for s in self.severities.values()) - 1) > 1e-9:
            raise ValueError("shares of severities must sum to 1")
        for date, severity in self.listed.items():
            if severity not in self.severities:
                raise ValueError(f"{date}: no severity {severity}")
        return self


class Regime(Record):
    """A rule that comes and goes by the month, such as strict quarantine."""

    name: str = label("what people call it")
    entry_per_month: float = quantity("1/mo", "probability to begin", ge=0, le=1)
    mean_months: float = quantity("mo", "mean length", ge=1, le=120)
    resources: tuple[str, ...] = label("stations whose capacity it cuts", default=())
    capacity_factor: float = quantity("1", "of those stations", ge=0, le=1)
    listed: dict[str, float] = quantity(
        "mo", "ISO month it begins -> months it lasts", default={}
    )


class Opening(Record):
    """The day a new piece of the network becomes usable."""

    name: str = label("what opens")
    is_built: bool = label("is it built at all?")
    opens_year: float | None = quantity(
        "year",
        "decimal year of opening; without it a project says when",
        default=None,
        ge=1900,
        le=2300,
    )
    running_in_days: float = quantity("d", "first days at reduced speed", ge=0, le=3650)
    running_in_speed_factor: float = quantity("1", "speed then", gt=0, le=1)
    running_in_train_share: float = quantity("1", "of trains that run then", ge=0, le=1)
    ramp_up_years: float = quantity(
        "y", "shippers who consider it: 1 - exp(-t / this)", gt=0, le=50
    )
    cost_constant: float = quantity(
        "utils", "added to the constant of the route it resembles", ge=-10, le=10
    )
