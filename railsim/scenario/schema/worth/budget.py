"""The yearly purse for public works, and the rivals for it."""

from __future__ import annotations

from railsim.quantity import Record


class Budget(Record):
    """What the state may spend on railways in a year, and who else wants it."""
