"""Capacity of every resource over time: calendars, holidays, outages, breakdowns.

Capacity at t = floor(full x product of the factors in force), at least 1 unless a
factor is 0, less the broken servers, never below 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.corridor.time.hours import Factor

BROKEN = -1.0  # stands among the factors for a server less


@dataclass(frozen=True, slots=True)
class Changes:
    """At `at_ms[i]` resource `resource[i]` gets `capacity[i]`; sorted by time."""

    at_ms: Ints
    resource: Ints
    capacity: Ints


@dataclass(slots=True)
class _Load:
    """What presses on a resource at an instant."""

    factors: list[float]
    broken: int = 0

    def capacity(self, full: int) -> int:
        if 0.0 in self.factors:
            return 0
        open_count = math.floor(full * math.prod(sorted(self.factors)) + 1e-9)
        return max(max(min(full, 1), open_count) - self.broken, 0)


def capacity_changes(
    full: Ints,
    factors: Mapping[int, Iterable[Factor]],
    broken: Mapping[int, Iterable[tuple[int, int]]],
    *,
    begin_ms: int,
) -> Changes:
    """Merge factors and broken servers into changes, none that changes nothing."""
    rows: list[tuple[int, int, int]] = []
    for resource in sorted({*factors, *broken}):
        rows += _changes_of(
            resource,
            int(full[resource]),
            factors.get(resource, ()),
            broken.get(resource, ()),
            begin_ms,
        )
    rows.sort()
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return Changes(columns[:, 0].copy(), columns[:, 1].copy(), columns[:, 2].copy())


def _changes_of(
    resource: int,
    full: int,
    factors: Iterable[Factor],
    broken: Iterable[tuple[int, int]],
    begin_ms: int,
) -> list[tuple[int, int, int]]:
    edges: dict[int, list[tuple[bool, float]]] = {}
    spells = [*factors, *((begin, end, BROKEN) for begin, end in broken)]
    for begin, end, value in spells:
        if begin < end:
            edges.setdefault(max(begin, begin_ms), []).append((True, value))
            edges.setdefault(max(end, begin_ms), []).append((False, value))
    load, rows, reached = _Load([]), [], full
    for at_ms in sorted(edges):
        for is_begin, value in sorted(edges[at_ms], key=lambda e: not e[0]):
            _apply(load, is_begin, value)
        capacity = load.capacity(full)
        if capacity != reached:
            rows.append((at_ms, resource, capacity))
            reached = capacity
    return rows


def _apply(load: _Load, is_begin: bool, value: float) -> None:
    if value == BROKEN:
        load.broken += 1 if is_begin else -1
    elif is_begin:
        load.factors.append(value)
    else:
        load.factors.remove(value)
