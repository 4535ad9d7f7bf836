"""A plan and its draws become the tables of the compiled engine."""

from railsim.engine.compiled.filling.blank import Tables, room_for
from railsim.engine.compiled.filling.year import (
    MOST_EVENTS,
    fill,
    most_rows_at_once,
    write_addresses,
)

__all__ = [
    "MOST_EVENTS",
    "Tables",
    "fill",
    "most_rows_at_once",
    "room_for",
    "write_addresses",
]
