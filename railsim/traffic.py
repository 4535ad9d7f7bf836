"""What a world carried, year by year, as money and society see it: arrays over years.

Made once for a world; delivery, finance and appraisal read it and never the rows.
All money is real US dollars of the price year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Payment(NamedTuple):
    """Who is paid what for, on routes of which main mode."""

    mode: str
    payee: str
    cause: str


class Leg(NamedTuple):
    """How and in which country goods move."""

    mode: str
    country: str


@dataclass(frozen=True, slots=True)
class ServiceTraffic:
    """One service, both directions together; one number a year each."""

    departures: Floats
    """Vehicles that ran."""
    vehicle_km: Floats
    vehicle_h: Floats
    """Hours between departure and arrival."""
    teu: Floats
    """Carried; of bulk, what its tonnes would fill."""
    tonnes: Floats
    teu_km: Floats
    t_km: Floats
    peak_teu: Floats
    """Of the heavier direction."""
    peak_t: Floats


@dataclass(frozen=True, slots=True)
class FlowTraffic:
    """One flow over all its routes; one number a year each."""

    market: str
    commodity: str
    direction: str
    origin_country: str
    destination_country: str
    teu: Floats
    tonnes: Floats
    composite_usd_per_teu: Floats
    """-logsum / theta; only differences between worlds count."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """All years of a world, ascending without a gap."""

    years: Ints
    paid_usd: Mapping[Payment, Floats]
    services: Mapping[str, ServiceTraffic]
    flows: Mapping[str, FlowTraffic]
    t_km: Mapping[Leg, Floats]
    """Net tonne-kilometres by mode of the leg and country."""
    truck_km: Mapping[str, Floats]
    """Country -> kilometres of laden trucks."""
    lifted_t: Mapping[str, Floats]
    """Country -> tonnes handled at its stations, once each time."""
    t_co2e: Mapping[str, Floats]
    """Country of emission -> well to wheel, legs and hubs."""
