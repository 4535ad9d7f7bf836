"""Capacity of every resource over time: calendars, holidays, outages, breakdowns.

Capacity at t = floor(full x product of the factors in force), at least 1 unless a
factor is 0, less the broken servers, never below 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Ints, ints, joined
from railsim.corridor.time.hours import Factor

BROKEN = -1.0  # stands among the factors for a server less


@dataclass(frozen=True, slots=True)
class Changes:
    """At `at_ms[i]` resource `resource[i]` gets `capacity[i]`; sorted by time."""

    at_ms: Ints
    resource: Ints
    capacity: Ints


def capacity_changes(
    full: Ints,
    factors: Mapping[int, Iterable[Factor]],
    broken: Mapping[int, Iterable[tuple[int, int]]],
    *,
    begin_ms: int,
) -> Changes:
    """Merge factors and broken servers into changes, none that changes nothing."""
    resources = sorted({*factors, *broken})
    found = [
        _changes_of(int(full[r]), factors.get(r, ()), broken.get(r, ()), begin_ms)
        for r in resources
    ]
    resource = np.repeat(ints(resources), [len(at_ms) for at_ms, _ in found])
    at_ms = joined([at_ms for at_ms, _ in found], np.int64)
    capacity = joined([capacity for _, capacity in found], np.int64)
    order = np.lexsort((resource, at_ms))
    return Changes(at_ms[order], resource[order], capacity[order])


def _changes_of(
    full: int,
    factors: Iterable[Factor],
    broken: Iterable[tuple[int, int]],
    begin_ms: int,
) -> tuple[Ints, Ints]:
    """When the capacity of one resource changes, and to what."""
    spells = [*factors, *((begin, end, BROKEN) for begin, end in broken)]
    spells = [spell for spell in spells if spell[0] < spell[1]]
    if not spells:
        return ints(()), ints(())
    begin, end, value = (np.array(column) for column in zip(*spells, strict=True))
    edges = np.maximum(np.concatenate([begin, end]), begin_ms)
    at_ms, place = np.unique(edges, return_inverse=True)
    begins, ends = np.split(place, 2)
    in_force = {
        v: np.cumsum(
            _count(begins[value == v], at_ms) - _count(ends[value == v], at_ms)
        )
        for v in np.unique(value).tolist()
    }
    broken_count = in_force.pop(BROKEN, 0)
    capacity = np.maximum(_open_servers(full, in_force, len(at_ms)) - broken_count, 0)
    is_change = np.diff(capacity, prepend=full) != 0
    return at_ms[is_change], capacity[is_change]


def _count(places: Ints, at_ms: Ints) -> Ints:
    return np.bincount(places, minlength=len(at_ms))


def _open_servers(full: int, in_force: Mapping[float, Ints], length: int) -> Ints:
    """What the factors leave; `in_force[v]` of value v, ascending, press at once."""
    product = np.ones(length)
    for value, count in in_force.items():
        for k in range(int(count.max())):
            product[count > k] *= value
    servers = np.floor(full * product + 1e-9).astype(np.int64)
    return np.where(product > 0.0, np.maximum(servers, min(full, 1)), 0)
