"""How society counts: shadow prices, external costs, countries."""

from __future__ import annotations

from railsim.quantity import Record


class Appraisal(Record):
    """The frame of the economic appraisal."""
