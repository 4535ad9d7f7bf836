"""Columns of the plan from whatever is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def ints(values: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.fromiter(values, dtype=np.int64)


def floats(values: Iterable[float]) -> Floats:
    """A column of numbers."""
    return np.fromiter(values, dtype=np.float64)


def flags(values: Iterable[bool]) -> Flags:
    """A column of yes and no."""
    return np.fromiter(values, dtype=np.bool_)


def joined(parts: Sequence[NDArray[Any]], dtype: type) -> NDArray[Any]:
    """Columns one below the other; of no parts, an empty column."""
    return (
        np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)
    )


def sums(group: Ints, values: NDArray[Any], count: int) -> Floats:
    """Sum of the values of each of so many groups, added in their order."""
    found: Floats = np.bincount(group, values, count).astype(np.float64)
    return found
