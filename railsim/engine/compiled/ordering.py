"""The rows of an instant in the order of their units, within a unit as it happened."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.engine.compiled.rows import (
    log_amount_at,
    log_event_at,
    log_resource_at,
    log_unit_at,
    log_value_at,
)
from railsim.engine.kernels.jit import rare
from railsim.engine.kernels.tables import World

LOW = 0xFFFFFFFF


@rare
def reorder(w: World, begin: int, end: int) -> None:
    """Sort rows of the log by unit, stably."""
    keys = np.empty(end - begin, np.int64)
    for i in range(len(keys)):
        keys[i] = (log_unit_at(w, begin + i).number << 32) + i
    keys = _sorted(keys)
    rows = np.empty((len(keys), 5), np.int64)
    for i in range(len(keys)):
        _read(w, begin + (keys[i] & LOW), rows, i)
    for i in range(len(keys)):
        _write(w, rows, i, begin + i)


@rare
def _read(w: World, i: int, rows: Ints, to: int) -> None:
    rows[to, 0] = log_event_at(w, i).event
    rows[to, 1] = log_unit_at(w, i).number
    rows[to, 2] = log_resource_at(w, i).number
    rows[to, 3] = log_value_at(w, i).number
    rows[to, 4] = log_amount_at(w, i).number


@rare
def _write(w: World, rows: Ints, i: int, to: int) -> None:
    log_event_at(w, to).event = rows[i, 0]
    log_unit_at(w, to).number = rows[i, 1]
    log_resource_at(w, to).number = rows[i, 2]
    log_value_at(w, to).number = rows[i, 3]
    log_amount_at(w, to).number = rows[i, 4]


@rare
def _sorted(keys: Ints) -> Ints:
    """Merge sort, from pairs upward."""
    count, width, other = len(keys), 1, np.empty_like(keys)
    while width < count:
        for begin in range(0, count, 2 * width):
            middle = min(begin + width, count)
            _merge(keys, other, begin, middle, min(begin + 2 * width, count))
        keys, other = other, keys
        width *= 2
    return keys


@rare
def _merge(keys: Ints, merged: Ints, begin: int, middle: int, end: int) -> None:
    i, j = begin, middle
    for k in range(begin, end):
        if i < middle and (j == end or keys[i] < keys[j]):
            merged[k] = keys[i]
            i += 1
        else:
            merged[k] = keys[j]
            j += 1
