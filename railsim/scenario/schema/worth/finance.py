"""How works are paid for: operators, loans, taxes, exchange rates, public debt."""

from __future__ import annotations

from railsim.quantity import Record


class Finance(Record):
    """Rates and rules that every package of finance shares."""


class Operator(Record):
    """Who runs services, for whom they are paid and what they cost."""


class Package(Record):
    """One way to pay for all that is built."""
