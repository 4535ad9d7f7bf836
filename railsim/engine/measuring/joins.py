"""Pairing rows of a log: the same unit and mark, and a time in each."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Ints

NONE = -1


def time_of(unit: Ints, mark: Ints, of_unit: Ints, of_mark: Ints, at_ms: Ints) -> Ints:
    """For each (unit, mark) the time of the other's row with both alike, else -1.

    Units and marks are at least 0; a pair occurs at most once in `of_unit, of_mark`.
    """
    found = np.full(len(unit), NONE, dtype=np.int64)
    if len(of_unit) == 0 or len(unit) == 0:
        return found
    base = int(max(mark.max(), of_mark.max())) + 1
    key = unit.astype(np.int64) * base + mark
    other = of_unit.astype(np.int64) * base + of_mark
    order = np.argsort(other, kind="stable")
    place = np.minimum(np.searchsorted(other[order], key), len(order) - 1)
    is_found = other[order][place] == key
    found[is_found] = at_ms[order][place[is_found]]
    return found


def granted_at(
    unit: Ints, mark: Ints, asked_ms: Ints, of_unit: Ints, of_mark: Ints, at_ms: Ints
) -> Ints:
    """For each request the time of the grant it got, else -1.

    A grant answers the last request of the same unit and mark before it; requests that
    were withdrawn have none.
    """
    found = np.full(len(unit), NONE, dtype=np.int64)
    if len(of_unit) == 0 or len(unit) == 0:
        return found
    base = int(max(mark.max(), of_mark.max())) + 1
    first_ms = int(min(asked_ms.min(), at_ms.min()))
    length = int(max(asked_ms.max(), at_ms.max())) - first_ms + 1
    key = (unit.astype(np.int64) * base + mark) * length + (asked_ms - first_ms)
    other = (of_unit.astype(np.int64) * base + of_mark) * length + (at_ms - first_ms)
    order = np.argsort(key, kind="stable")
    place = np.searchsorted(key[order], other, side="right") - 1
    request = order[np.maximum(place, 0)]
    is_answer = (place >= 0) & (key[request] // length == other // length)
    found[request[is_answer]] = at_ms[is_answer]
    return found


def occurrence(unit: Ints) -> Ints:
    """How many rows of the same unit stand before each row."""
    rank = np.zeros(len(unit), dtype=np.int64)
    order = np.argsort(unit, kind="stable")
    for_unit = unit[order]
    begins = np.flatnonzero(np.diff(for_unit, prepend=NONE - 1))
    lengths = np.diff(begins, append=len(unit))
    rank[order] = np.arange(len(unit)) - np.repeat(begins, lengths)
    return rank
