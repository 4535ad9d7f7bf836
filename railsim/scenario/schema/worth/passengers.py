"""Passengers of new lines, from outside the model."""

from __future__ import annotations

from railsim.quantity import Record


class Passengers(Record):
    """Passengers of one project."""
