"""New lines: when works may start, what they may cost and how long they take."""

from __future__ import annotations

from railsim.quantity import Record


class Project(Record):
    """A line to be built: its plan, and how such plans turn out."""


class ReferenceClass(Record):
    """How costs of like projects turned out, as a multiple of the approved total."""


class Vehicle(Record):
    """A kind of rolling stock that is bought as traffic grows."""
