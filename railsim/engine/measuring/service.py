"""`Service`: times, waits, loads and the use of every resource in a simulated year.

Lots count when they were created in the measured year; resources are watched during
it. Hours everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from railsim.corridor.arrays import Floats, Ints
from railsim.engine.diary.records import Days, Trains

MOST_DAYS = 90
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90, 0.95)


@dataclass(frozen=True, slots=True)
class RouteService:
    """Per chain: what its lots met. Times are weighted by TEU, `lot_*` by lots.

    Amounts are counted by the event fidelity and expected by the analytic one.

    `quantiles_h` has a row a chain and a column for each of `QUANTILES`; chains without
    deliveries have NaN times.
    """

    lots: Ints | Floats
    teu: Ints | Floats
    kg: Ints | Floats
    undelivered: Ints
    lost: Ints
    mean_h: Floats
    sd_h: Floats
    lot_mean_h: Floats
    lot_sd_h: Floats
    quantiles_h: Floats


@dataclass(frozen=True, slots=True)
class StepService:
    """Per step: lots that visited it, their waits and times, hours since creation.

    `wait_h` and `time_h` are TEU-hours, so that the steps of a route add up to its
    mean time, which is weighted by TEU.

    `waited_days` counts TEU by whole days (rounded up) of waiting for a departure.
    """

    visits: Ints | Floats
    wait_h: Floats
    time_h: Floats
    elapsed_p10_h: Floats
    elapsed_p90_h: Floats
    waited_days: Ints | Floats


@dataclass(frozen=True, slots=True)
class DepartureService:
    """Per service and direction: departures, what they carried, hours on the way."""

    run: Ints
    cancelled: Ints
    teu: Ints | Floats
    kg: Ints | Floats
    slots: Ints | Floats
    run_h: Floats


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """Per resource, in the measured year; waits of requests made in it, in hours.

    `utilisation` is busy over open server-hours (stations, whole fleets; else NaN);
    `closed_wait_h` is the part of the mean wait spent before a closed door.
    """

    units: Ints | Floats
    trucks: Ints | Floats
    wait_mean_h: Floats
    wait_p95_h: Floats
    closed_wait_h: Floats
    queue_mean: Floats
    queue_max: Ints | Floats
    open_h: Floats
    utilisation: Floats


@dataclass(frozen=True, slots=True)
class SectionUse:
    """Per section of every line, lines one after another, in the measured year."""

    line: Ints
    section: Ints
    trains: Ints
    occupied_share: Floats
    conflict_h: Floats


@dataclass(frozen=True, slots=True)
class Service:
    """What one simulated year offered, and its diary if one was kept."""

    routes: RouteService
    steps: StepService
    departures: DepartureService
    resources: ResourceUse
    sections: SectionUse
    days: Days | None = None
    trains: Trains | None = None
