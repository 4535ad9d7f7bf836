"""`EventLog`: what happened to whom, where and when; no prices, no averages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from railsim.errors import BudgetError

NOBODY = -1
NOWHERE = -1


class Event(IntEnum):
    """What can happen. `value` and `amount` of a row mean what is said here."""

    CHOSE = 0  # a lot is created and takes a chain (value)
    WAIT = 1  # a unit asks a resource, for step (value)
    START = 2  # travel or service begins, step (value)
    END = 3  # it ends
    BOARD = 4  # a lot, or its last part, leaves with vehicle (value): TEU (amount)
    PART = 5  # a part of a lot leaves with vehicle (value): TEU (amount)
    ENTER = 6  # a train enters section (value)
    CLEAR = 7  # it has left section (value) at the next station
    TAKE = 8  # tokens (amount) leave a pool
    GIVE = 9  # tokens (amount) are back in a pool
    DEPART = 10  # a vehicle leaves with TEU (amount)
    ARRIVE = 11  # it has done its steps
    CANCELLED = 12  # a departure does not run, because of (value), see `Cause`
    DELIVERED = 13  # a lot has done its steps; chain (value)
    LOST = 14  # a lot finds no room or no route
    REROUTED = 15  # a stranded lot changes to chain (value)
    CAPACITY = 16  # a resource gets capacity (amount)


# By name: in Python 3.11 `Event.WAIT` costs ten times as much as `WAIT`.
(
    CHOSE,
    WAIT,
    START,
    END,
    BOARD,
    PART,
    ENTER,
    CLEAR,
    TAKE,
    GIVE,
    DEPART,
    ARRIVE,
    CANCELLED,
    DELIVERED,
    LOST,
    REROUTED,
    CAPACITY,
) = Event


class Cause(IntEnum):
    """Why a departure was cancelled."""

    LOW_LOAD = 0
    DROPPED = 1
    CLOSED = 2
    NO_TOKEN = 3


@dataclass(frozen=True, slots=True)
class EventLog:
    """Columns of equal length, ordered by (time, unit), within them as it happened.

    Units 0 to `lot_count` - 1 are lots, those above are vehicles, -1 is nobody.
    """

    lot_count: int
    at_ms: NDArray[np.int64]
    event: NDArray[np.int8]
    unit: NDArray[np.int32]
    resource: NDArray[np.int32]
    value: NDArray[np.int32]
    amount: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.at_ms)

    def count(self, event: Event) -> int:
        """How often something happened."""
        return int(np.count_nonzero(self.event == event))

    @property
    def still_inside(self) -> int:
        """Lots created and neither delivered nor lost when the clock stopped."""
        ended = self.count(Event.DELIVERED) + self.count(Event.LOST)
        return self.count(Event.CHOSE) - ended


_ROW = Struct("<qiiiii")
_packed = _ROW.pack
_COLUMNS = np.dtype(
    [
        ("at_ms", "<i8"),
        ("event", "<i4"),
        ("unit", "<i4"),
        ("resource", "<i4"),
        ("value", "<i4"),
        ("amount", "<i4"),
    ]
)


class Recorder:
    """Collects rows while the clock runs, packed, at most `max_events` of them."""

    def __init__(self, max_events: int) -> None:
        self._max_events = max_events
        self._most_bytes = max_events * _ROW.size
        self._rows = bytearray()

    def record(
        self,
        at_ms: int,
        event: Event,
        unit: int,
        resource: int,
        value: int = 0,
        amount: int = 0,
    ) -> None:
        """Append a row."""
        self._rows += _packed(at_ms, event, unit, resource, value, amount)

    def check_budget(self) -> None:
        """Stop a year that has grown beyond its budget of events."""
        if len(self._rows) > self._most_bytes:
            raise BudgetError(
                f"more than run.max_events = {self._max_events} events in one year"
            )

    def finish(self, lot_count: int) -> EventLog:
        """The log in its canonical order."""
        rows = np.frombuffer(self._rows, dtype=_COLUMNS)
        order = np.lexsort((rows["unit"], rows["at_ms"]))
        return EventLog(
            lot_count=lot_count,
            at_ms=rows["at_ms"][order],
            event=rows["event"][order].astype(np.int8),
            unit=rows["unit"][order],
            resource=rows["resource"][order],
            value=rows["value"][order],
            amount=rows["amount"][order],
        )
