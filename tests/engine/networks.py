"""Small worlds of the six words in a few lines: text, plan, draws, log.

What a test wants to prescribe lot by lot, it puts into the draws by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.corridor.time.timetables import Runs
from railsim.engine import compiled, reference
from railsim.engine.draws import Draws, Lots, Vehicles, draw
from railsim.engine.log import Event, EventLog
from railsim.study.verification.worlds import small_world

Engine = Callable[[Plan, Draws], EventLog]
ENGINES: dict[str, Engine] = {
    "compiled": compiled.simulate,
    "reference": reference.simulate,
}
HOUR = 3_600_000
DAY = 24 * HOUR


def plan_of(text: str, *, year: int = 2026, memory: Memory | None = None) -> Plan:
    """The plan of a small world."""
    scenario = small_world(text)
    return make_plan(scenario, planned_state(scenario), year, memory or Memory())


def run(engine: Engine, text: str, *, seed: int = 1, replication: int = 0) -> Run:
    """Draw a small world by its seed and let an engine run it."""
    plan = plan_of(text)
    return run_plan(engine, plan, draw(plan, seed, replication))


def run_plan(engine: Engine, plan: Plan, draws: Draws) -> Run:
    """Let an engine run a plan on draws."""
    return Run(plan, draws, engine(plan, draws))


def shortened(plan: Plan, days: float) -> Plan:
    """The same plan with a year of so many days."""
    end = plan.span.begin_ms + round(days * DAY)
    return replace(plan, span=replace(plan.span, end_ms=end, stop_ms=end))


def with_lots(
    plan: Plan,
    arrival_ms: Sequence[int],
    *,
    times_ms: Sequence[Sequence[int]] | None = None,
    teu: Sequence[int] | None = None,
    flow: Sequence[int] | None = None,
) -> Draws:
    """Draws with these lots, in order of arrival, and no chance at all."""
    count = len(arrival_ms)
    flows = np.array([0] * count if flow is None else flow, dtype=np.int64)
    sizes = np.array([1] * count if teu is None else teu, dtype=np.int64)
    width = len(times_ms[0]) if times_ms else 0
    times = np.array(times_ms or [], dtype=np.int64).reshape(count, width)
    one, half = np.ones(count, dtype=np.int64), np.full(count, 0.5)
    visits = max((len(v) for v in plan.flows.visits), default=0)
    lots = Lots(
        arrival_ms=np.array(arrival_ms, dtype=np.int64),
        flow=flows,
        number=np.arange(count),
        teu=sizes,
        slots=np.where(plan.flows.cargo.is_bulk[flows], 0, sizes),
        kg=sizes * plan.flows.cargo.kg_per_teu[flows],
        boxes=sizes,
        trucks=one,
        choice=half,
        contract=half,
        ramp=half,
        stranded=half * 0.0,
        regimes=one * 0,
        time_begin=np.arange(count) * times.shape[1],
        visit_begin=np.arange(count) * visits,
        times_ms=times.ravel(),
        visits=np.full(count * visits, 0.5),
    )
    return replace(draw(plan, 1, 0), lots=lots)


def with_trains(
    plan: Plan, trains: Sequence[tuple[int, int]], seed: int = 1
) -> tuple[Plan, Draws]:
    """A plan with these departures (ms, number of the service) and its draws."""
    of_service = [
        sorted(at for at, v in trains if v == number)
        for number in range(len(plan.services.runs))
    ]
    runs = [Runs(np.array(at, np.int64), np.ones(len(at))) for at in of_service]
    services = replace(plan.services, runs=tuple(runs))
    plan = replace(plan, services=services)
    return plan, draw(plan, seed, 0)


def with_vehicle_times(draws: Draws, times_ms: Sequence[Sequence[int]]) -> Draws:
    """The same draws, but each vehicle takes these times."""
    table = np.array(times_ms, dtype=np.int64)
    vehicles = Vehicles(
        draws.vehicles.depart_ms,
        draws.vehicles.is_dropped,
        np.arange(len(table)) * table.shape[1],
        table.ravel(),
    )
    return replace(draws, vehicles=vehicles)


@dataclass(frozen=True)
class Run:
    """What went in and what came out, and the questions tests ask."""

    plan: Plan
    draws: Draws
    log: EventLog

    def number(self, resource: str) -> int:
        """Number of a resource."""
        return self.plan.resources.names.index(resource)

    def rows(self, event: Event, resource: str | None = None) -> np.ndarray:
        """Which rows tell of an event, at a resource if one is named."""
        chosen = self.log.event == event
        if resource is not None:
            chosen &= self.log.resource == self.number(resource)
        return np.flatnonzero(chosen)

    def at_h(self, event: Event, resource: str | None = None) -> dict[int, float]:
        """Unit -> hours since the clock started at which it (last) met an event."""
        rows = self.rows(event, resource)
        hours = (self.log.at_ms[rows] - self.plan.span.begin_ms) / HOUR
        return dict(zip(self.log.unit[rows].tolist(), hours.tolist(), strict=True))

    def spans_ms(self, first: Event, last: Event, resource: str) -> np.ndarray:
        """Times from one event of a unit at a resource to another, in unit order.

        Each unit meets the resource once; who has not met the last event is left out.
        """
        begin, end = self._by_unit(first, resource), self._by_unit(last, resource)
        return np.array([end[unit] - at for unit, at in begin.items() if unit in end])

    def waits_h(self, resource: str, last: Event = Event.START) -> np.ndarray:
        """Waits before a resource, in hours, in unit order."""
        return self.spans_ms(Event.WAIT, last, resource) / HOUR

    def departure_h(self, resource: str) -> dict[int, float]:
        """Lot -> hours since the clock started at which it left with a service."""
        return self.at_h(Event.BOARD, resource)

    def story(self) -> list[tuple[Any, ...]]:
        """The log with names for numbers that depend on what else there is."""
        names = (*self.plan.resources.names, "nowhere")
        return [
            (at, event, unit, names[resource], amount)
            for at, event, unit, resource, amount in zip(
                self.log.at_ms.tolist(),
                self.log.event.tolist(),
                self.log.unit.tolist(),
                self.log.resource.tolist(),
                self.log.amount.tolist(),
                strict=True,
            )
        ]

    def _by_unit(self, event: Event, resource: str) -> dict[int, int]:
        rows = self.rows(event, resource)
        rows = rows[np.argsort(self.log.unit[rows], kind="stable")]
        units = self.log.unit[rows].tolist()
        return dict(zip(units, self.log.at_ms[rows].tolist(), strict=True))
