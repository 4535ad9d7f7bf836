"""A plan and its draws become the tables of the compiled engine."""

from railsim.engine.compiled.filling.blank import Tables, room_for
from railsim.engine.compiled.filling.year import (
    fill,
    most_rows_at_once,
    write_addresses,
)

__all__ = ["Tables", "fill", "most_rows_at_once", "room_for", "write_addresses"]
