"""`line`: sections, loops and the rule that keeps trains from locking each other up.

A train needs its section and a track at the next station, together. Trains of one
direction hold or have reserved at most L - 1 of the L tracks of a station between two
sections; the ends are unbounded. Then the foremost train of either direction always
finds a track ahead, so some train can always move (MODEL specification, DD-06).
"""

from __future__ import annotations

from bisect import insort

from simpy.events import Event as Signal

from railsim.engine.log import ENTER
from railsim.engine.reference.resources import Arbiter, Resource, Ticket
from railsim.errors import DeadlockError

FORWARD, BACKWARD = 0, 1
Entry = tuple[int, int, int, int, int, bool]  # ticket, section, direction, is first


class Track(Resource):
    """A line of the corridor, its trains and the requests before its sections."""

    __slots__ = ("clear_ms", "held", "loops", "queue", "sections", "stop_loss_ms")

    def __init__(
        self,
        arbiter: Arbiter,
        number: int,
        capacity: int,
        *,
        section_count: int,
        loop_tracks: list[int],
        track_count: int,
        clear_ms: int,
        stop_loss_ms: int,
    ) -> None:
        super().__init__(arbiter, number, capacity)
        free = [False] * section_count
        second = list(free) if track_count > 1 else free
        self.sections = (free, second)
        self.loops = [0, *loop_tracks, 0]
        self.held = ([0] * (section_count + 1), [0] * (section_count + 1))
        self.clear_ms = clear_ms
        self.stop_loss_ms = stop_loss_ms
        self.queue: list[Entry] = []

    def request(
        self, ticket: Ticket, section: int, direction: int, *, is_first: bool
    ) -> Signal:
        """Ask to enter a section, from outside the line or from the one before."""
        insort(self.queue, (*ticket, section, direction, is_first))
        self.arbiter.touch(self)
        return self.wait(ticket[2])

    def leave(self, section: int, direction: int, *, is_last: bool) -> None:
        """Stand at the next station; the section is free `clear_ms` later."""
        ahead = section + 1 - direction
        if is_last and self._is_bounded(ahead):
            self.held[direction][ahead] -= 1
            self._look_again()
        if self.clear_ms == 0:
            self._clear(section, direction)
            return
        timer = self.arbiter.env.timeout(self.clear_ms)
        timer.callbacks.append(lambda _: self._clear(section, direction))

    def grant(self) -> None:
        """Let the first feasible request in, again and again."""
        while not self.is_closed:
            entry = next((e for e in self.queue if self._is_feasible(e[3], e[4])), None)
            if entry is None:
                return
            self.queue.remove(entry)
            _, _, unit, section, direction, is_first = entry
            self._occupy(section, direction, is_first)
            recorder, now = self.arbiter.recorder, self.arbiter.env.now
            recorder.record(now, ENTER, unit, self.number, section)
            self.answer(unit)

    def tickets(self) -> list[Ticket]:
        return [entry[:3] for entry in self.queue]

    def withdraw(self, ticket: Ticket) -> None:  # noqa: ARG002  never asked of trains
        raise AssertionError("trains do not leave the queue of a line")

    def check(self, name: str) -> None:
        """Raise when trains wait on an open line on which nothing moves."""
        is_still = not any(self.sections[0]) and not any(self.sections[1])
        feasible = any(self._is_feasible(e[3], e[4]) for e in self.queue)
        if self.queue and is_still and not self.is_closed and not feasible:
            waiting = [(e[2], e[3], e[4]) for e in self.queue]
            raise DeadlockError(f"{name}: (train, section, direction) {waiting}")

    def _is_bounded(self, station: int) -> bool:
        return 0 < station < len(self.loops) - 1

    def _is_feasible(self, section: int, direction: int) -> bool:
        if self.sections[direction][section]:
            return False
        ahead = section + 1 - direction
        if not self._is_bounded(ahead):
            return True
        own = self.held[direction][ahead]
        tracks = self.loops[ahead]
        return own < tracks - 1 and own + self.held[1 - direction][ahead] < tracks

    def _occupy(self, section: int, direction: int, is_first: bool) -> None:
        """Enter; the track of the station behind is free at once."""
        self.sections[direction][section] = True
        behind = section + direction
        if not is_first and self._is_bounded(behind):
            self.held[direction][behind] -= 1
        ahead = section + 1 - direction
        if self._is_bounded(ahead):
            self.held[direction][ahead] += 1

    def _clear(self, section: int, direction: int) -> None:
        self.sections[direction][section] = False
        self._look_again()

    def _look_again(self) -> None:
        if self.queue:
            self.arbiter.touch(self)
