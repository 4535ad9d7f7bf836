"""`departure`: who leaves with which vehicle, and when a vehicle does not run."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass

from simpy.events import Event as Signal

from railsim.engine.log import BOARD, CANCELLED, PART, Cause
from railsim.engine.reference.resources import Arbiter, Resource, Ticket

TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits and habits of a service."""

    capacity_teu: int
    capacity_kg: int
    cutoff_ms: int
    min_load_share: float
    max_cancel: int
    is_overtaking: bool
    is_splittable: bool


@dataclass(slots=True)
class Load:
    """What of a lot is still to be loaded."""

    teu: int
    slots_per_teu: int
    kg_per_teu: int


@dataclass(frozen=True, slots=True)
class Call:
    """A departure: its vehicle, its hour by the timetable, the operator's mood."""

    unit: int
    scheduled_ms: int
    is_dropped: bool


class Platform(Resource):
    """One direction of a service: lots wait, vehicles call and take them along."""

    __slots__ = (
        "boarding",
        "cancelled",
        "deciding",
        "loads",
        "queue",
        "riders",
        "rules",
    )

    def __init__(
        self, arbiter: Arbiter, number: int, capacity: int, rules: Rules
    ) -> None:
        super().__init__(arbiter, number, capacity)
        self.is_first = True
        self.rules = rules
        self.queue: list[Ticket] = []
        self.loads: dict[int, Load] = {}
        self.deciding: list[Call] = []
        self.boarding: list[Call] = []
        self.riders: dict[int, list[int]] = {}
        self.cancelled = 0

    def join(self, ticket: Ticket, load: Load) -> Signal:
        """Wait for a vehicle; the answer comes on arrival at the other end."""
        insort(self.queue, ticket)
        self.loads[ticket[2]] = load
        return self.wait(ticket[2])

    def decide(self, call: Call) -> Signal:
        """A vehicle asks whether it runs."""
        self.deciding.append(call)
        self.arbiter.touch(self)
        return self.wait(call.unit)

    def board(self, call: Call) -> Signal:
        """A vehicle takes its lots; the answer is their TEU."""
        self.boarding.append(call)
        self.arbiter.touch(self)
        return self.wait(call.unit)

    def set_down(self, vehicle: int) -> None:
        """The riders of a vehicle have arrived."""
        for lot in self.riders.pop(vehicle):
            self.wake(lot)

    def grant(self) -> None:
        """Answer the vehicles in the order of their numbers, boarding ones first."""
        boarding, deciding = self.boarding, self.deciding
        self.boarding, self.deciding = [], []
        for call in sorted(boarding, key=_unit):
            self.answer(call.unit, self._load(call))
        for call in sorted(deciding, key=_unit):
            self.answer(call.unit, self._decide(call))

    def tickets(self) -> list[Ticket]:
        return list(self.queue)

    def withdraw(self, ticket: Ticket) -> None:
        self.queue.remove(ticket)
        del self.loads[ticket[2]]

    def cancel(self, unit: int, cause: Cause) -> None:
        """Write down that a departure does not run."""
        now = self.arbiter.env.now
        self.arbiter.recorder.record(now, CANCELLED, unit, self.number, cause)

    def _reason_to_cancel(self, call: Call) -> Cause | None:
        if call.is_dropped:
            return Cause.DROPPED
        if self.is_closed:
            return Cause.CLOSED
        if self.cancelled < self.rules.max_cancel and self._is_too_empty(call):
            return Cause.LOW_LOAD
        return None

    def _decide(self, call: Call) -> bool:
        cause = self._reason_to_cancel(call)
        if cause is None:
            self.cancelled = 0
            return True
        self.cancelled += cause == Cause.LOW_LOAD
        self.cancel(call.unit, cause)
        return False

    def _is_too_empty(self, call: Call) -> bool:
        """Is the fuller of slots and tonnes below the least load?"""
        slots = kg = 0
        for ticket, teu in self._packed(call):
            load = self.loads[ticket[2]]
            slots += teu * load.slots_per_teu
            kg += teu * load.kg_per_teu
        share = max(
            slots / max(self.rules.capacity_teu, 1), kg / max(self.rules.capacity_kg, 1)
        )
        return share < self.rules.min_load_share - TOLERANCE

    def _load(self, call: Call) -> int:
        """Whole lots and last parts leave; of the others a part goes ahead."""
        riders, total = [], 0
        now, record = self.arbiter.env.now, self.arbiter.recorder.record
        for ticket, teu in list(self._packed(call)):
            lot, load = ticket[2], self.loads[ticket[2]]
            total += teu
            if teu < load.teu:
                load.teu -= teu
                record(now, PART, lot, self.number, call.unit, teu)
                continue
            record(now, BOARD, lot, self.number, call.unit, teu)
            del self.loads[lot]
            riders.append(lot)
        self.queue = [ticket for ticket in self.queue if ticket[2] in self.loads]
        self.riders[call.unit] = riders
        return total

    def _packed(self, call: Call) -> Iterator[tuple[Ticket, int]]:
        """Lots in order of (priority, ready time, number) with the TEU that fit."""
        limit = call.scheduled_ms - self.rules.cutoff_ms
        slots, kg = self.rules.capacity_teu, self.rules.capacity_kg
        for ticket in self.queue:
            if ticket[1] > limit:
                continue
            load = self.loads[ticket[2]]
            teu = min(load.teu, kg // load.kg_per_teu)
            if load.slots_per_teu:
                teu = min(teu, slots // load.slots_per_teu)
            if teu == load.teu or (self.rules.is_splittable and teu > 0):
                slots -= teu * load.slots_per_teu
                kg -= teu * load.kg_per_teu
                yield ticket, teu
            if teu < load.teu and not self.rules.is_overtaking:
                return


def _unit(call: Call) -> int:
    return call.unit
