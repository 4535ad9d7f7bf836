"""Event delays over those of closed forms, node by node: what `[kappa]` holds.

Every simulated year is answered by closed forms too, at the lots that the events show,
with all factors 1. Delays of all alternatives and replications of a year are added,
weighted by who met them, before they are divided.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.corridor.tables import Plan, Word
from railsim.engine.analytic import Year, answer, prepare_year
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.engine.measuring.meter import measure
from railsim.engine.measuring.service import Service
from railsim.scenario import Scenario
from railsim.study.replications import Replication, run_replications

Factors = dict[str, dict[str, dict[int, float]]]  # resource -> kind -> year -> kappa
LEAST_H = 0.02  # a mean delay below this is left alone: its factor is noise
LEAST_FORM_H = 0.001  # no factor makes a delay of nothing
LOWEST, HIGHEST = 1e-3, 1e3


@dataclass(frozen=True)
class Learnt:
    """Factors of every node and year, and how much was simulated for them."""

    years: tuple[int, ...]
    replications: int
    seed: int
    factors: Factors


def learn_kappas(
    scenario: Scenario, *, jobs: int, advance: Callable[[], None]
) -> Learnt:
    """Simulate all alternatives and replications of a scenario by events, and learn."""
    run = scenario.run
    done = run_replications(
        scenario,
        run.seed,
        range(run.replications),
        jobs=jobs,
        advance=advance,
        trace_year=compare_year,
    )
    sums = _added(done)
    factors: Factors = defaultdict(lambda: defaultdict(dict))
    for (year, resource, kind), (units, event, form) in sums.items():
        is_delay = max(event, form) >= LEAST_H * units
        if is_delay and form >= LEAST_FORM_H * units:
            ratio = min(max(event / form, LOWEST), HIGHEST)
            factors[resource][kind][year] = ratio
    years = sorted({year for year, _, _ in sums})
    return Learnt(tuple(years), run.replications, run.seed, factors)


def _added(done: Iterable[Replication]) -> dict[tuple[int, str, str], list[float]]:
    """Units, event hours and closed-form hours by year, resource and kind."""
    total: dict[tuple[int, str, str], list[float]] = {}
    for year, resource, kind, hours in _rows(done):
        known = total.setdefault((year, resource, kind), [0.0, 0.0, 0.0])
        for i, amount in enumerate(hours):
            known[i] += amount
    return total


def _rows(
    done: Iterable[Replication],
) -> Iterator[tuple[int, str, str, list[float]]]:
    for one in done:
        for trace in one.traces:
            for resource, kind, *hours in json.loads(trace.content):
                yield trace.year, resource, kind, hours


def compare_year(
    _replication: int, _name: str, _year: int, plan: Plan, draws: Draws, log: EventLog
) -> bytes:
    """Units, event hours and closed-form hours of every node, as JSON."""
    met = measure(plan, draws, log)
    year = prepare_year(plan, {})
    rows = [
        (resource, kind, units, units * event, units * form)
        for resource, kind, units, event, form in (
            *_waits(year, met),
            *_rides(year, met),
        )
        if units > 0.0 and math.isfinite(event)
    ]
    return json.dumps(rows).encode()


Row = tuple[str, str, float, float, float]


def _waits(year: Year, met: Service) -> Iterator[Row]:
    """Mean waits at stations, before doors and for others, and for departures."""
    plan, m, use = year.plan, year.model, met.resources
    lots = np.asarray(met.routes.lots[: len(m.chains)], dtype=np.float64)
    solution = answer(m, lots)
    ready = _ready_h(year)
    for n, r in enumerate(m.nodes["resource"].tolist()):
        name, units = plan.resources.names[r], float(use.units[r])
        wait, shut = float(use.wait_mean_h[r]), float(use.closed_wait_h[r])
        form, form_shut = float(solution.wait_h[n]), float(solution.shut_h[n])
        match plan.resources.word[r]:
            case Word.STATION:
                yield name, "shut", units, shut, form_shut
                yield name, "queue", units, wait - shut, form - form_shut
            case Word.DEPARTURE:
                yield name, "wait", units, max(wait - ready[r], 0.0), form


def _ready_h(year: Year) -> Floats:
    """Cut-off and lateness of the services, by resource."""
    ready = np.zeros(len(year.plan.resources.names))
    ready[year.plan.services.resource] = year.rides.cutoff_h + year.rides.late_h
    return ready


def _rides(year: Year, met: Service) -> Iterator[Row]:
    """What runs of the lots' services lose, by what they take beyond a free run."""
    plan, rides = year.plan, year.rides
    nodes = year.model.nodes
    for r in nodes["resource"][nodes["is_service"] > 0].tolist():
        v = int(plan.services.of_resource[r])
        lost = float(met.departures.run_h[v]) - float(rides.free_h[v])
        runs = float(met.departures.run[v])
        yield plan.resources.names[r], "ride", runs, max(lost, 0.0), rides.lost_h[v]
