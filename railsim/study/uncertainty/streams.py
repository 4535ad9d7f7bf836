"""Uniform numbers of a study by purpose and name, never by position or order."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.formulas.statistics import named_stream

Floats = NDArray[np.float64]
SMALLEST = 2.0**-54  # so that no quantile is infinite


def open_streams(
    seed: int, purpose: str, names: Sequence[str]
) -> list[np.random.Generator]:
    """A stream for each name, at its beginning.

    Raises InputError if two names would get the same stream (a chance of one in four
    thousand million for any two).
    """
    keys: dict[int, str] = {}
    for name in names:
        other = keys.setdefault(crc32(f"{purpose}.{name}".encode()), name)
        if other != name:
            raise InputError(f"{name} and {other} would draw the same numbers: rename")
    return [named_stream(seed, f"{purpose}.{name}", 0) for name in names]


def inside(u: Floats) -> Floats:
    """Uniforms moved off 0 and 1, where quantiles may be infinite."""
    return np.asarray(np.clip(u, SMALLEST, 1.0 - SMALLEST * 2), dtype=np.float64)
