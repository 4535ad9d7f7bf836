"""One claim, what was expected, what was found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """A row of the proof; `allowed` is the difference that still passes."""

    group: str
    claim: str
    expected: str
    found: str
    allowed: str
    is_passed: bool
