"""Uniform numbers by name: the only place where chance enters.

A stream is PCG64 on SeedSequence(seed, spawn_key=(replication, crc32(name))); its n-th
number is the same however many are asked for.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray


class Luck:
    """The uniform numbers of one seed, replication and year, by name of stream."""

    def __init__(self, seed: int, replication: int, year: int) -> None:
        self._seed, self._replication, self._year = seed, replication, year

    def uniforms(
        self, name: str, count: int, *, year: int | None = None
    ) -> NDArray[np.float64]:
        """The first `count` numbers of a stream, of this year unless one is named."""
        label = f"{name}.{self._year if year is None else year}"
        key = (self._replication, crc32(label.encode()))
        sequence = np.random.SeedSequence(self._seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence)).random(count)
