"""What ties the two fidelities together: event delays over closed-form delays."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity

Factors = tuple[Annotated[float, Field(gt=0, le=1e6)], ...]


class StationKappa(Record):
    """A station: event waits over those of closed forms, a number a year."""

    shut: Factors = quantity("1", "of waits before closed doors", default=())
    queue: Factors = quantity(
        "1", "of waits for others, and behind a closure", default=()
    )


class ServiceKappa(Record):
    """A service: event delays over those of closed forms, a number a year."""

    wait: Factors = quantity(
        "1", "of the wait for a departure, cut-off left out", default=()
    )
    ride: Factors = quantity(
        "1", "of what a run loses to others and shut lines", default=()
    )
    wait_back: Factors = quantity("1", "wait, return direction", default=())
    ride_back: Factors = quantity("1", "ride, return direction", default=())


class Kappa(Record):
    """Event delays over those of closed forms; written by `railsim verify --kappa`."""

    years: tuple[int, ...] = quantity("year", "simulated years, ascending")
    event_runs: tuple[str, ...] = label("the runs that were compared")
    stations: dict[str, StationKappa] = label("id -> factors", default={})
    services: dict[str, ServiceKappa] = label("id -> factors", default={})

    @model_validator(mode="after")
    def _has_a_number_a_year(self) -> Self:
        if not self.years or any(b <= a for a, b in pairwise(self.years)):
            raise ValueError("years must ascend, at least one")
        for name, row in {**self.stations, **self.services}.items():
            for key, values in row.model_dump().items():
                if len(values) not in (0, len(self.years)):
                    raise ValueError(f"{name}.{key} needs a number for each of years")
        return self
