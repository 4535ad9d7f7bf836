"""A plan and its draws become the tables of the compiled engine."""

from railsim.engine.compiled.filling.year import (
    MOST_EVENTS,
    fill,
    most_rows_at_once,
)

__all__ = ["MOST_EVENTS", "fill", "most_rows_at_once"]
