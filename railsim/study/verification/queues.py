"""Engines against the closed forms of queueing theory.

A mean passes within 3 standard errors, by batch means, and 0.2 % because batches still
hang together a little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim import formulas
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws, draw
from railsim.engine.log import Event, EventLog
from railsim.engine.reference import simulate
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.study.verification.checks import Check
from railsim.units import MS_PER_HOUR

WORLD = Path(__file__).parent / "queue.toml"
BATCHES = 20
_DESK = "stations.desk"
_QUICK, _FULL = 2.0, 10.0  # lots an hour, a year long


@dataclass(frozen=True)
class Case:
    """What to lay over the world, the expected mean wait, and where it is met."""

    name: str
    laid: dict[str, Any]
    expected_h: float
    resource: str = _DESK
    granted: Event = Event.START


def check_queues(*, is_quick: bool, seed: int) -> Iterator[Check]:
    """Mean waits of the reference engine beside their closed forms."""
    world = load_scenario(WORLD)
    for case in cases(_QUICK if is_quick else _FULL):
        plan, draws, log = run_year(overlay(world, case.laid), seed)
        mean, error = mean_and_error(waits_h(plan, log, case.resource, case.granted))
        allowed = 3.0 * error + 0.002 * case.expected_h
        yield Check(
            group="queues, reference engine",
            claim=f"{case.name}: mean wait of {len(draws.lots.flow):,} lots, h",
            expected=f"{case.expected_h:.4f}",
            found=f"{mean:.4f}",
            allowed=f"{allowed:.4f}",
            is_passed=abs(mean - case.expected_h) <= allowed,
        )


def cases(rate: float) -> Iterator[Case]:
    """The queues, each at `rate` lots an hour."""
    arrivals = {
        "flows.jobs.arrivals": {"kind": "poisson", "rate_per_h": rate},
    }

    def desk(
        name: str, load: float, servers: int, time: dict[str, Any]
    ) -> dict[str, Any]:
        size = "value_h" if name == "deterministic" else "mean_h"
        timing = {"dist": name, size: load * servers / rate, **time}
        return {
            **arrivals,
            "stations.desk.servers": servers,
            "stations.desk.time": timing,
        }

    for servers, load in ((1, 0.7), (3, 0.75)):
        known = formulas.mmc(
            arrival_rate=rate, service_rate=rate / (load * servers), servers=servers
        )
        laid = desk("exponential", load, servers, {})
        yield Case(f"M/M/{servers}", laid, known["Wq"])
    known = formulas.mg1(arrival_rate=rate, mean_service=0.7 / rate, cv=0.8)
    laid = desk("lognormal", 0.7, 1, {"cv": 0.8})
    yield Case("M/G/1 lognormal", laid, known["Wq"])
    known = formulas.mdc(arrival_rate=rate, service_time=0.8 * 3 / rate, servers=3)
    yield Case("M/D/3", desk("deterministic", 0.8, 3, {}), known["Wq"])
    yield _trains(rate, arrivals)


def _trains(rate: float, arrivals: dict[str, Any]) -> Case:
    """Lots that wait for trains of 8: scheduled bulk service, loaded to 0.8."""
    headway = 24.0 / round(24.0 * rate / (8 * 0.8))
    known = formulas.bulk_scheduled(arrival_rate=rate, headway=headway, capacity=8)
    laid = {
        **arrivals,
        "services.train.timetable.per_day": {"2000": 24.0 / headway},
        "flows.jobs.base_share": {"queue": 0.0, "train": 1.0},
    }
    return Case("trains of 8", laid, known["W"], "services.train", Event.BOARD)


def run_year(scenario: Scenario, seed: int) -> tuple[Plan, Draws, EventLog]:
    """The first year of a scenario, simulated by the reference engine."""
    state, year = planned_state(scenario), scenario.run.first_year
    plan = make_plan(scenario, state, year, Memory())
    draws = draw(plan, seed, 0)
    return plan, draws, simulate(plan, draws)


def waits_h(
    plan: Plan, log: EventLog, resource: str, granted: Event
) -> NDArray[np.float64]:
    """Waits of the lots that were served, in order of arrival."""
    at = plan.resources.names.index(resource)
    asked, got = (_times(log, event, at) for event in (Event.WAIT, granted))
    waits = got - asked
    known = (asked >= 0) & (got >= 0)
    return waits[known] / MS_PER_HOUR


def _times(log: EventLog, event: Event, resource: int) -> NDArray[np.int64]:
    rows = (log.event == event) & (log.resource == resource)
    rows &= (log.unit >= 0) & (log.unit < log.lot_count)
    times = np.full(log.lot_count, -1, dtype=np.int64)
    times[log.unit[rows]] = log.at_ms[rows] - log.at_ms[0]
    return times


def mean_and_error(observations: NDArray[np.float64]) -> tuple[float, float]:
    """Mean after a tenth for warming up, and its standard error by batch means."""
    kept = observations[len(observations) // 10 :]
    kept = kept[: len(kept) // BATCHES * BATCHES]
    means = kept.reshape(BATCHES, -1).mean(axis=1)
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(BATCHES))
