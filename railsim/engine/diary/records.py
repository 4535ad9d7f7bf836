"""What a diary tells."""

from __future__ import annotations

from dataclasses import dataclass

from railsim.corridor.arrays import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class Days:
    """Per resource (row) and day of the measured year (column).

    `queue_mean` and `queue_max` count units that waited, those who were never let in
    left out; `utilisation` is busy over open server-hours, NaN where nothing was open.
    """

    resource: Ints
    units: Ints
    queue_mean: Floats
    queue_max: Ints
    utilisation: Floats


@dataclass(frozen=True, slots=True)
class Trains:
    """A row each time a train left a station of a line or came to one, on one day.

    `station` numbers the ends of the line's sections; rows are in the order of time.
    """

    begin_ms: int
    vehicle: Ints
    service: Ints
    line: Ints
    station: Ints
    at_ms: Ints
    is_departure: Flags
    is_up: Flags
