"""The words as SimPy resources: who waits, who is let in, and in which order.

At one instant everything that frees, arrives or changes comes first. Then the arbiter
lets touched resources grant, in rounds: departures and fleets as long as there are any,
so that a vehicle that leaves now asks for its way like one that arrives now; then all
others. What a round sets in motion at the same instant happens before the next. The
order within a round does not matter.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from bisect import bisect_right, insort

import simpy
from simpy.events import Event as Signal

from railsim.engine.log import CAPACITY, NOBODY, TAKE, Recorder

AWAY = -1  # the answer to a lot that finds no room
Ticket = tuple[int, int, int]  # priority, time of request, unit


class Arbiter:
    """Grants at the end of every instant in which something was touched."""

    def __init__(self, env: simpy.Environment, recorder: Recorder) -> None:
        self.env = env
        self.recorder = recorder
        self._first: list[Resource] = []
        self._rest: list[Resource] = []
        self.answered: list[Signal] = []
        self.is_due = False

    def touch(self, resource: Resource) -> None:
        """Let a resource grant when this instant's arrivals are over."""
        if resource.is_touched:
            return
        resource.is_touched = True
        if resource.is_first:
            self._first.append(resource)
        else:
            self._rest.append(resource)
        self.is_due = True

    def arbitrate(self) -> None:
        """A round: departures and fleets if any was touched, else all others."""
        if self._first:
            touched, self._first = self._first, []
        else:
            touched, self._rest = self._rest, []
        self.is_due = bool(self._rest)
        for resource in touched:
            resource.is_touched = False
            resource.grant()
        self._wake()

    def _wake(self) -> None:
        """What SimPy would do next; a queue of its own for it costs a third more."""
        answered, self.answered = self.answered, []
        for signal in answered:
            callbacks, signal.callbacks = signal.callbacks, None
            for callback in callbacks:
                callback(signal)


class Resource(ABC):
    """Something that can be full or closed and keeps a queue of tickets."""

    __slots__ = ("arbiter", "capacity", "is_first", "is_touched", "number", "signals")

    def __init__(self, arbiter: Arbiter, number: int, capacity: int) -> None:
        self.arbiter = arbiter
        self.number = number
        self.capacity = capacity
        self.is_touched = False
        self.is_first = False
        self.signals: dict[int, Signal] = {}

    @abstractmethod
    def grant(self) -> None:
        """Let in whoever may come in now, in the order of the house."""

    @abstractmethod
    def tickets(self) -> list[Ticket]:
        """Who waits, first come first."""

    @abstractmethod
    def withdraw(self, ticket: Ticket) -> None:
        """Take a ticket out of the queue."""

    def wait(self, unit: int) -> Signal:
        """The signal of a unit that has to wait; its value is the answer."""
        signal = self.signals[unit] = Signal(self.arbiter.env)
        return signal

    def answer(self, unit: int, value: int | None = None) -> None:
        """Let a unit go on when the round is over; a value may tell it where."""
        signal = self.signals.pop(unit)
        signal._ok, signal._value = True, value
        self.arbiter.answered.append(signal)

    def wake(self, unit: int, value: int | None = None) -> None:
        """Between rounds: let a unit go on."""
        self.signals.pop(unit).succeed(value)

    def change(self, capacity: int) -> None:
        """Get another capacity; whoever is inside finishes."""
        self.capacity = capacity
        env = self.arbiter.env
        self.arbiter.recorder.record(
            env.now, CAPACITY, NOBODY, self.number, 0, capacity
        )
        self.arbiter.touch(self)

    @property
    def is_closed(self) -> bool:
        """Nobody is let in."""
        return self.capacity == 0


class Door(Resource):
    """`travel`: no queue while open; closed, all wait and enter together."""

    __slots__ = ("queue",)

    def __init__(self, arbiter: Arbiter, number: int, capacity: int) -> None:
        super().__init__(arbiter, number, capacity)
        self.queue: list[Ticket] = []

    def request(self, ticket: Ticket) -> Signal:
        """Wait for the opening."""
        insort(self.queue, ticket)
        return self.wait(ticket[2])

    def grant(self) -> None:
        if self.is_closed:
            return
        for ticket in self.queue:
            self.answer(ticket[2])
        self.queue.clear()

    def tickets(self) -> list[Ticket]:
        return list(self.queue)

    def withdraw(self, ticket: Ticket) -> None:
        self.queue.remove(ticket)


class Station(Resource):
    """`station`: servers, a room before them, a rule for closing."""

    __slots__ = ("busy", "newcomers", "queue", "reductions_ms", "room", "times")

    def __init__(
        self,
        arbiter: Arbiter,
        number: int,
        capacity: int,
        *,
        room: int,
        reductions_ms: list[int] | None,
    ) -> None:
        """`reductions_ms`: when capacity falls, for `must_finish`; else None."""
        super().__init__(arbiter, number, capacity)
        self.room = room
        self.reductions_ms = reductions_ms
        self.busy = 0
        self.queue: list[Ticket] = []
        self.newcomers: list[Ticket] = []
        self.times: dict[int, int] = {}

    def request(self, ticket: Ticket, time_ms: int, *, is_lot: bool) -> Signal:
        """Join the queue; a lot that finds the room full is answered `AWAY`."""
        heapq.heappush(self.queue, ticket)
        self.times[ticket[2]] = time_ms
        if is_lot and self.room >= 0:
            self.newcomers.append(ticket)
        self.arbiter.touch(self)
        return self.wait(ticket[2])

    def release(self) -> None:
        """A server is free again."""
        self.busy -= 1
        if self.queue:
            self.arbiter.touch(self)

    def grant(self) -> None:
        while self.queue and self.busy < self.capacity:
            unit = self.queue[0][2]
            if not self._ends_in_time(self.times[unit]):
                break
            heapq.heappop(self.queue)
            del self.times[unit]
            self.busy += 1
            self.answer(unit)
        if self.newcomers:
            self._turn_away()

    def tickets(self) -> list[Ticket]:
        return sorted(self.queue)

    def withdraw(self, ticket: Ticket) -> None:
        self.queue.remove(ticket)
        heapq.heapify(self.queue)
        del self.times[ticket[2]]

    def _turn_away(self) -> None:
        """Lots of this instant that find the room full, the last in order first."""
        waiting = [t for t in sorted(self.newcomers, reverse=True) if t in self.queue]
        self.newcomers.clear()
        for ticket in waiting[: max(len(self.queue) - self.room, 0)]:
            self.withdraw(ticket)
            self.answer(ticket[2], AWAY)

    def _ends_in_time(self, time_ms: int) -> bool:
        if self.reductions_ms is None:
            return True
        now = self.arbiter.env.now
        following = bisect_right(self.reductions_ms, now)
        if following == len(self.reductions_ms):
            return True
        return bool(now + time_ms <= self.reductions_ms[following])


class Pool(Resource):
    """`fleet` at a place: tokens, taken all at once by the head of the queue."""

    __slots__ = ("deadlines", "needs", "queue", "tokens")

    def __init__(self, arbiter: Arbiter, number: int, capacity: int) -> None:
        super().__init__(arbiter, number, capacity)
        self.is_first = True
        self.tokens = capacity
        self.queue: list[Ticket] = []
        self.needs: dict[int, int] = {}
        self.deadlines: dict[int, int] = {}

    def request(
        self, ticket: Ticket, count: int, deadline_ms: int | None = None
    ) -> Signal:
        """Wait for `count` tokens; the signal's value tells whether they came."""
        unit = ticket[2]
        heapq.heappush(self.queue, ticket)
        self.needs[unit] = count
        if deadline_ms is not None:
            self.deadlines[unit] = deadline_ms
            delay = deadline_ms - self.arbiter.env.now
            timer = self.arbiter.env.timeout(delay)
            timer.callbacks.append(lambda _: self.arbiter.touch(self))
        self.arbiter.touch(self)
        return self.wait(unit)

    def give(self, count: int) -> None:
        """Tokens are back."""
        self.tokens += count
        self.arbiter.touch(self)

    def grant(self) -> None:
        while self.queue and self.needs[self.queue[0][2]] <= self.tokens:
            unit = heapq.heappop(self.queue)[2]
            count = self.needs.pop(unit)
            self.deadlines.pop(unit, None)
            self.tokens -= count
            now = self.arbiter.env.now
            self.arbiter.recorder.record(now, TAKE, unit, self.number, 0, count)
            self.answer(unit, True)
        if self.deadlines:
            self._dismiss_late()

    def tickets(self) -> list[Ticket]:
        return sorted(self.queue)

    def withdraw(self, ticket: Ticket) -> None:
        self.queue.remove(ticket)
        heapq.heapify(self.queue)
        del self.needs[ticket[2]]
        self.deadlines.pop(ticket[2], None)

    def _dismiss_late(self) -> None:
        now = self.arbiter.env.now
        late = [
            t for t in sorted(self.queue) if self.deadlines.get(t[2], now + 1) <= now
        ]
        for ticket in late:
            self.withdraw(ticket)
            self.answer(ticket[2], False)
        if late:
            self.arbiter.touch(self)
