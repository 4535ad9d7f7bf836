"""Records of the appraisal: two sides, their assets, and who gains what in each year.

All money is real US dollars of the price year, one number a calendar year; gains are
positive. What one party pays to another stands twice, with opposite signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from railsim.project.halves import Halves
from railsim.project.works import Item, Works
from railsim.traffic import Floats, Ints, Traffic

SHIPPERS, PASSENGERS, PUBLIC = "shippers", "passengers", "public"
TREASURY, WORKERS = "treasury", "workers"
GLOBAL = "global"

CHARGES, FARES, LEVIES = "charges", "fares", "taxes and tolls"
TRANSFERS = (CHARGES, FARES, LEVIES)
"""Items of which one party pays what another gets."""

INVESTMENT, RENEWALS, MAINTENANCE = "investment", "renewals", "maintenance"
FLEET, CORRECTION, RESIDUAL = "rolling stock", "shadow correction", "residual value"
COSTS = (INVESTMENT, RENEWALS, MAINTENANCE, FLEET, CORRECTION)
"""Items below the line of the benefit-cost ratio; all others stand above it."""
BOUGHT = (INVESTMENT, FLEET)
"""Items that a budget must find."""

CLASSES = ("traded", "non_traded", "skilled", "unskilled", "taxes", "land")
"""What a cost pays for, as the shadow prices tell them apart."""


class AppraisalError(AssertionError):
    """An account of the appraisal does not close: railsim is wrong, not its user."""


class Entry(NamedTuple):
    """What is gained, by whom and in which country."""

    item: str
    party: str
    country: str


Ledger = dict[Entry, Floats]


@dataclass(frozen=True, slots=True)
class Asset:
    """How long something lasts (inf for ever), and what its cost pays for."""

    life_years: float
    split: Mapping[str, float]
    """Class -> share of its cost; shares sum to 1."""


@dataclass(frozen=True, slots=True)
class Riders:
    """What passengers of one project gain and pay."""

    saving_usd_per_trip: float
    """Time and money saved by one who would travel anyway, the fare paid."""
    generated_share: float
    """Of trips that would not be made without; they gain half as much."""
    fare_usd_per_trip: float
    payee: str
    """Who takes the fares."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two worlds that are compared: its traffic and what is built there."""

    traffic: Traffic
    works: Works
    assets: Mapping[Item, Asset] = field(default_factory=dict)
    """Cost component -> what it is."""
    vehicles: Mapping[str, Asset] = field(default_factory=dict)
    """Kind of rolling stock -> what it is."""
    track_km: Mapping[str, float] = field(default_factory=dict)
    """Opening -> kilometres of track that it adds."""
    riders: Mapping[str, Riders] = field(default_factory=dict)
    """Project -> its passengers."""


class Transfer(NamedTuple):
    """A payment of the finance that uses nothing up."""

    payer: str
    payee: str
    item: str


@dataclass(frozen=True, slots=True)
class Funding:
    """What the finance of the project moves between parties, real, a number a year."""

    paid_usd: Mapping[Transfer, Floats]
    countries: Mapping[str, str]
    """Party -> its country."""
    lenders: tuple[str, ...] = ()
    """Parties whose loans may hold a gift."""


def add(ledger: Ledger, entry: Entry, amounts: Floats) -> None:
    """Book a gain, on top of what stands there."""
    before = ledger.get(entry)
    ledger[entry] = amounts if before is None else before + amounts


def move(
    ledger: Ledger,
    item: str,
    payer: tuple[str, str],
    payee: tuple[str, str],
    usd: Floats,
) -> None:
    """Book a payment from one (party, country) to another."""
    add(ledger, Entry(item, *payer), -usd)
    add(ledger, Entry(item, *payee), usd)


def minus(with_: Ledger, without: Ledger) -> Ledger:
    """What the one world has more than the other."""
    difference = dict(with_)
    for entry, amounts in without.items():
        add(difference, entry, -amounts)
    return difference


def total_of(arrays: Iterable[Floats], count: int) -> Floats:
    """Their sum; zeros of none."""
    total: Floats = np.zeros(count)
    for amounts in arrays:
        total += amounts
    return total


def yearly(halves: Halves, spent: Floats, years: Ints) -> Floats:
    """Half-years (the last axis) as calendar years; what lies outside is left out."""
    amounts = np.zeros((*spent.shape[:-1], len(years)))
    if spent.size == 0:
        return amounts
    first, last = int(years[0]), int(years[-1])
    sums = halves.yearly(spent)
    begin, count = halves.first_year, sums.shape[-1]
    low, high = max(first, begin), min(last, begin + count - 1)
    if low <= high:
        inside = sums[..., low - begin : high - begin + 1]
        amounts[..., low - first : high - first + 1] = inside
    return amounts
