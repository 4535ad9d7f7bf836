"""What the parts of the engine share: clock, log, resources, steps and movers."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import simpy
from simpy.events import Event as Signal

from railsim.corridor.tables import Act, Plan, Unit
from railsim.engine.draws import Draws
from railsim.engine.log import Recorder
from railsim.engine.reference.building import build_resources
from railsim.engine.reference.resources import Arbiter, Pool, Resource, Ticket
from railsim.engine.shippers import Shippers

Walk = Generator[Signal, Any, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the plan, with the thing it happens at."""

    number: int
    resource: Resource
    is_giving: bool
    is_optional: bool
    slot: int
    visit: int
    low: float
    high: float
    regime: int
    is_regime_on: bool
    unit: int
    place: int
    first: int
    last: int


@dataclass(slots=True)
class Mover:
    """A lot or a vehicle on its way: its number, its urgency, its own times."""

    number: int
    priority: int
    times_ms: memoryview
    first_time: int
    tokens: tuple[tuple[Pool, int], ...] = ()

    def ticket(self, now: int) -> Ticket:
        """Its place in a queue that it joins now."""
        return (self.priority, now, self.number)

    def time(self, slot: int) -> int:
        """The time drawn for a step, in ms."""
        time_ms: int = self.times_ms[self.first_time + slot]
        return time_ms


class World:
    """Everything of one year; plain numbers, for numpy's are slow one by one."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self.plan, self.draws = plan, draws
        self.env = simpy.Environment(initial_time=plan.span.begin_ms)
        self.recorder = Recorder(plan.max_events)
        self.record = self.recorder.record
        self.arbiter = Arbiter(self.env, self.recorder)
        self.resources = build_resources(plan, draws.changes, self.arbiter)
        self.steps = _read_steps(plan, self.resources)
        self.begin: list[int] = plan.chains.begin.tolist()
        self.shippers = Shippers(plan, draws)
        self.lot_count = len(draws.lots.arrival_ms)
        self.fleet = [name.partition("@")[0] for name in plan.resources.names]
        self.slots_per_teu = (1 - plan.flows.cargo.is_bulk).tolist()
        self.kg_per_teu = plan.flows.cargo.kg_per_teu.tolist()
        lots = draws.lots
        self.flow, self.teu, self.regimes = (
            lots.flow.data,
            lots.teu.data,
            lots.regimes.data,
        )
        self.visits, self.visit_begin = lots.visits.data, lots.visit_begin.data

    def chain_steps(self, chain: int) -> list[Step]:
        """The steps of a chain in walking order."""
        return self.steps[self.begin[chain] : self.begin[chain + 1]]

    def tokens_needed(self, mover: Mover, step: Step) -> int:
        """How many tokens of a fleet it takes: a vehicle one, a lot by its size."""
        lot, lots = mover.number, self.draws.lots
        if lot >= self.lot_count:
            return 1
        match step.unit:
            case Unit.BOX:
                return int(lots.boxes[lot])
            case Unit.TEU:
                return int(lots.teu[lot])
            case Unit.TRUCK:
                return int(lots.trucks[lot])
            case Unit.TONNE:
                return -(-int(lots.kg[lot]) // 1000)
            case _:
                return 1


def _read_steps(plan: Plan, resources: list[Resource]) -> list[Step]:
    steps = plan.steps
    columns = zip(
        steps.resource.tolist(),
        (steps.act == Act.GIVE).tolist(),
        ((steps.visit >= 0) | (steps.regime >= 0)).tolist(),
        steps.slot.tolist(),
        steps.visit.tolist(),
        steps.low.tolist(),
        steps.high.tolist(),
        steps.regime.tolist(),
        steps.is_regime_on.tolist(),
        steps.unit.tolist(),
        steps.place.tolist(),
        steps.first.tolist(),
        steps.last.tolist(),
        strict=True,
    )
    return [
        Step(number, resources[resource], *rest)
        for number, (resource, *rest) in enumerate(columns)
    ]
