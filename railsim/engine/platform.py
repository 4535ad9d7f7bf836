"""`departure`: who leaves with which vehicle, and when a vehicle does not run."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator
from dataclasses import dataclass

from simpy.events import Event as Signal

from railsim.engine.log import Cause, Event
from railsim.engine.resources import Arbiter, Resource, Ticket

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
class _Call:
    unit: int
    scheduled_ms: int
    is_boarding: bool
    is_dropped: bool


class Platform(Resource):
    """One direction of a service: lots wait, vehicles call and take them along."""

    __slots__ = ("calls", "cancelled", "loads", "queue", "riders", "rules")

    def __init__(
        self, arbiter: Arbiter, number: int, capacity: int, rules: Rules
    ) -> None:
        super().__init__(arbiter, number, capacity)
        self.rules = rules
        self.queue: list[Ticket] = []
        self.loads: dict[int, Load] = {}
        self.calls: list[_Call] = []
        self.riders: dict[int, list[Signal]] = {}
        self.cancelled = 0

    def join(self, ticket: Ticket, load: Load) -> Signal:
        """Wait for a vehicle; the signal comes on arrival at the other end."""
        insort(self.queue, ticket)
        self.loads[ticket[2]] = load
        signal = self.signals[ticket[2]] = Signal(self.arbiter.env)
        return signal

    def call(
        self, unit: int, scheduled_ms: int, *, is_boarding: bool, is_dropped: bool
    ) -> Signal:
        """A vehicle asks whether it runs, or takes its lots; the signal's value: TEU.

        The value is None when the departure is cancelled.
        """
        insort(
            self.calls,
            _Call(unit, scheduled_ms, is_boarding, is_dropped),
            key=lambda call: call.unit,
        )
        signal = self.signals[unit] = Signal(self.arbiter.env)
        self.arbiter.touch(self)
        return signal

    def grant(self) -> None:
        calls = self.calls
        self.calls = []
        for call in calls:
            answer = self._board(call) if call.is_boarding else self._decide(call)
            self.signals.pop(call.unit).succeed(answer)

    def tickets(self) -> list[Ticket]:
        return list(self.queue)

    def withdraw(self, ticket: Ticket) -> None:
        self.queue.remove(ticket)
        del self.loads[ticket[2]]

    def cancel(self, unit: int, cause: Cause) -> None:
        """Write down that a departure does not run."""
        now = self.arbiter.env.now
        self.arbiter.recorder.record(now, Event.CANCELLED, unit, self.number, cause)

    def _reason_to_cancel(self, call: _Call) -> Cause | None:
        if call.is_dropped:
            return Cause.DROPPED
        if self.is_closed:
            return Cause.CLOSED
        is_patient = self.cancelled < self.rules.max_cancel
        if is_patient and self._load_share(call) < (
            self.rules.min_load_share - TOLERANCE
        ):
            return Cause.LOW_LOAD
        return None

    def _decide(self, call: _Call) -> int | None:
        cause = self._reason_to_cancel(call)
        if cause is None:
            self.cancelled = 0
            return 0
        self.cancelled += cause == Cause.LOW_LOAD
        self.cancel(call.unit, cause)
        return None

    def _load_share(self, call: _Call) -> float:
        """Fuller of slots and tonnes."""
        slots = kg = 0
        for ticket, teu in self._packed(call):
            load = self.loads[ticket[2]]
            slots += teu * load.slots_per_teu
            kg += teu * load.kg_per_teu
        return max(
            slots / max(self.rules.capacity_teu, 1), kg / max(self.rules.capacity_kg, 1)
        )

    def _board(self, call: _Call) -> int:
        riders, total = [], 0
        now, record = self.arbiter.env.now, self.arbiter.recorder.record
        for ticket, teu in list(self._packed(call)):
            unit, load = ticket[2], self.loads[ticket[2]]
            total += teu
            if teu < load.teu:
                load.teu -= teu
                record(now, Event.PART, unit, self.number, call.unit, teu)
                continue
            record(now, Event.BOARD, unit, self.number, call.unit, teu)
            self.withdraw(ticket)
            riders.append(self.signals.pop(unit))
        self.riders[call.unit] = riders
        return total

    def _packed(self, call: _Call) -> Iterator[tuple[Ticket, int]]:
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
