"""Departures of every service, what they carried and how long they took."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Tables, World
from railsim.engine.log import Cause
from railsim.engine.measuring.service import DepartureService
from railsim.engine.measuring.tables import (
    NEVER,
    cancelled_at,
    flow_at,
    lot_at,
    service_at,
    vehicle_at,
)
from railsim.engine.measuring.watching import is_inside
from railsim.units import MS_PER_HOUR

CAUSES = len(Cause)


@kernel
def depart(w: World, at: int, v: int) -> None:
    """A vehicle leaves; those of other years do not count."""
    if is_inside(w, at):
        vehicle_at(w, v).depart_ms = at
        service_at(w, vehicle_at(w, v).service).run += 1


@kernel
def cancel(w: World, at: int, v: int, cause: int) -> None:
    """A departure does not run."""
    if is_inside(w, at):
        cancelled_at(w, vehicle_at(w, v).service * CAUSES + cause).count += 1


@kernel
def load(w: World, at: int, lot: int, v: int, teu: int) -> None:
    """A lot, or a part of it, leaves with a vehicle."""
    if not is_inside(w, at):
        return
    service, flow = (
        service_at(w, vehicle_at(w, v).service),
        flow_at(w, lot_at(w, lot).flow),
    )
    service.teu += teu
    service.kg += teu * flow.kg_per_teu
    service.slots += teu * flow.slots_per_teu


def measure_departures(tables: Tables) -> DepartureService:
    """What was counted, service by service."""
    services = tables["services"]
    return DepartureService(
        run=services["run"].copy(),
        cancelled=tables["cancelled"]["count"].reshape(-1, CAUSES).copy(),
        teu=services["teu"].copy(),
        kg=services["kg"].copy(),
        slots=services["slots"].copy(),
        run_h=_run_hours(tables),
    )


def _run_hours(tables: Tables) -> Floats:
    """Mean time from departure to arrival; NaN for a service that never arrived.

    Times add in the order of departure.
    """
    vehicles, count = tables["vehicles"], len(tables["services"])
    has_run = (vehicles["depart_ms"] > NEVER) & (vehicles["arrive_ms"] > NEVER)
    vehicles = vehicles[has_run]
    vehicles = vehicles[np.argsort(vehicles["depart_ms"], kind="stable")]
    hours = (vehicles["arrive_ms"] - vehicles["depart_ms"]) / MS_PER_HOUR
    runs = np.bincount(vehicles["service"], minlength=count)
    total = np.bincount(vehicles["service"], hours, count)
    return np.where(runs > 0, total / np.maximum(runs, 1), np.nan)
