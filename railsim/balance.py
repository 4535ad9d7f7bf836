"""What must be zero in every account, and what rounding may leave of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from railsim.rows import column


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be zero, and of what."""

    name: str
    scope: str
    residual: float
    tolerance: float

    @property
    def is_met(self) -> bool:
        """NaN never is."""
        return abs(self.residual) <= self.tolerance


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check of the accounts or of the appraisal."""

    alternative: str = column("id", "world that is compared")
    check: str = column("id", "what must hold")
    scope: str = column("id", "account, loan, point of view or item")
    residual: float = column("currency", "what should be zero; a loan's own currency")
    tolerance: float = column("currency", "what rounding may leave")
    is_met: bool = column("1", "does it hold?")


def check_rows(alternative: str, checks: Iterable[Check]) -> Iterator[CheckRow]:
    """Every check, met or not."""
    for c in checks:
        key = (alternative, c.name, c.scope)
        yield CheckRow(*key, c.residual, c.tolerance, c.is_met)
