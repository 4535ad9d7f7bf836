"""What is built in a world: records that delivery makes and money reads.

Money is real US dollars of the price year, on the half-years of the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from railsim.project.halves import Halves
from railsim.traffic import Floats


class Item(NamedTuple):
    """A cost component of a project, such as land, civil works or equipment."""

    project: str
    component: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How one project goes under one luck; decimal years."""

    project: str
    start: float
    """Main works."""
    openings: Mapping[str, float]
    """Opening of the scenario -> the day it opens."""
    works_end: float
    """Spending ends."""
    overrun: float
    """Outturn over the approved total, real; costs of delay and crowding apart."""
    delay_years: float
    """Opening of the last section after the day the plan gives for it."""
    spent_usd: Mapping[str, Floats]
    """Cost component -> real spending of each half-year, overrun included."""
    prolonged_years: float = 0.0
    """Works and commissioning beyond their planned length."""
    slowed_years: float = 0.0
    """Of the delay, what rivals for the same purse cause."""

    @property
    def opening(self) -> float:
        """The day the line is whole: its last section opens."""
        return max(self.openings.values())


@dataclass(frozen=True, slots=True)
class PassengerTraffic:
    """Passengers of one project; one number a year each."""

    trips: Floats
    passenger_km: Floats


@dataclass(frozen=True, slots=True)
class Works:
    """All that is built in a world, and what it takes."""

    halves: Halves
    deliveries: Mapping[str, Delivery]
    spent_usd: Mapping[Item, Floats]
    """Real spending of each half-year, overruns included."""
    vehicles_usd: Mapping[str, Floats]
    """Kind of rolling stock -> purchases of each half-year, renewals included.

    What the projects' own lines for rolling stock pay for is in `spent_usd` only.
    """
    passengers: Mapping[str, PassengerTraffic]
    """Project -> its passengers."""
    lender_share_left: float = 1.0
    """Of the loans that works want, what the lender can give beside other claims."""

    @property
    def opening(self) -> float:
        """The first day on which anything that is built opens; inf if nothing is."""
        days = [d for each in self.deliveries.values() for d in each.openings.values()]
        return min(days, default=float("inf"))
