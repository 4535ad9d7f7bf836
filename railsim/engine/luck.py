"""Uniform numbers by name: the only place where chance enters.

A stream is PCG64 on SeedSequence(seed, spawn_key=(replication, crc32(name))); its n-th
number is the same however many are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from zlib import crc32

import numpy as np

from railsim.corridor.arrays import Floats

BLOCK = 4096  # numbers that stay in the processor's cache while they are worked on


class Luck:
    """The uniform numbers of one seed, replication and year, by name of stream."""

    def __init__(self, seed: int, replication: int, year: int) -> None:
        self._seed, self._replication, self._year = seed, replication, year

    def uniforms(self, name: str, count: int, *, year: int | None = None) -> Floats:
        """The first `count` numbers of a stream, of this year unless one is named."""
        return self._stream(name, self._year if year is None else year).random(count)

    def blocks(self, name: str, count: int) -> Iterator[tuple[slice, Floats]]:
        """The same numbers piece by piece, each with the rows that it fills."""
        stream = self._stream(name, self._year)
        for begin in range(0, count, BLOCK):
            end = min(begin + BLOCK, count)
            yield slice(begin, end), stream.random(end - begin)

    def _stream(self, name: str, year: int) -> np.random.Generator:
        key = (self._replication, crc32(f"{name}.{year}".encode()))
        sequence = np.random.SeedSequence(self._seed, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))
