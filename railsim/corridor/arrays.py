"""Columns of the plan from whatever is at hand."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def ints(values: Iterable[int]) -> Ints:
    """A column of whole numbers."""
    return np.array(list(values), dtype=np.int64)


def floats(values: Iterable[float]) -> Floats:
    """A column of numbers."""
    return np.array(list(values), dtype=np.float64)


def flags(values: Iterable[bool]) -> Flags:
    """A column of yes and no."""
    return np.array(list(values), dtype=np.bool_)
