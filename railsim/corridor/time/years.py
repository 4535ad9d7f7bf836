"""Capacities that change on 1 January: servers, tracks, tokens, slots, net loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

Capacity = TypeVar("Capacity", int, float)


def in_year(first: Capacity, by_year: Mapping[str, Capacity], year: int) -> Capacity:
    """Capacity of a calendar year: that of the last year reached, before it `first`."""
    reached = [(int(key), value) for key, value in by_year.items() if int(key) <= year]
    return max(reached)[1] if reached else first
