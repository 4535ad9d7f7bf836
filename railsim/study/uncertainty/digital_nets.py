"""Scrambled Sobol' points whose columns belong to names.

A name keeps one dimension of the sequence and scrambles it by itself, so a further
factor leaves the columns of the others alone. The dimension is one of 1,024 by the
hash of the name; of two names with the same one, the later in the alphabet moves on.
High dimensions of the sequence cover pairs of factors less evenly than the first ones:
that is the price of columns which do not depend on their place.

Source: Sobol' 1967; Joe & Kuo 2008; Owen 1995 for the nested uniform scramble.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from railsim.study.uncertainty.streams import open_streams

Floats = NDArray[np.float64]
Bits = NDArray[np.uint64]
DIMENSIONS = 1024
DIGITS = 32
BLOCK = 256  # points held in all dimensions at once
ODD = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)


def scrambled_points(names: Sequence[str], count: int, seed: int) -> Floats:
    """Points x names, each inside 0 to 1; a longer sequence begins with a shorter.

    `count` a power of two; at most 1,024 names.
    """
    digits = _plain_digits(dimensions_of(names), count)
    streams = open_streams(seed, "owen", names)
    keys = [np.uint64(int(stream.random() * 2.0**53)) for stream in streams]
    columns = [_scrambled(digits[:, k], key) for k, key in enumerate(keys)]
    return (np.column_stack(columns).astype(np.float64) + 0.5) / 2.0**DIGITS


def dimensions_of(names: Sequence[str]) -> list[int]:
    """The dimension of the sequence that each name keeps."""
    taken: dict[int, str] = {}
    for name in sorted(names):
        dimension = int.from_bytes(sha256(name.encode()).digest()[:8]) % DIMENSIONS
        while dimension in taken:
            dimension = (dimension + 1) % DIMENSIONS
        taken[dimension] = name
    place = {name: dimension for dimension, name in taken.items()}
    return [place[name] for name in names]


def _plain_digits(dimensions: list[int], count: int) -> Bits:
    from scipy.stats import qmc  # slow to load

    sequence = qmc.Sobol(max(dimensions) + 1, scramble=False, bits=DIGITS)
    blocks = [
        sequence.random(min(BLOCK, count))[:, dimensions]
        for _ in range(0, count, BLOCK)
    ]
    return (np.concatenate(blocks) * 2.0**DIGITS).astype(np.uint64)


def _scrambled(digits: Bits, key: np.uint64) -> Bits:
    """Flip each digit by a coin that belongs to the digits before it."""
    found = np.zeros_like(digits)
    for place in range(DIGITS):
        after = np.uint64(DIGITS - place)
        node = (digits >> after) | np.uint64(1 << place)
        coin = _mixed(_mixed(node * ODD ^ key) + key) & np.uint64(1)
        digit = (digits >> (after - np.uint64(1))) & np.uint64(1)
        found |= (digit ^ coin) << (after - np.uint64(1))
    return found


def _mixed(x: Bits) -> Bits:
    """All bits of x spread over all bits (Steele, Lea & Flood 2014, splitmix64)."""
    x = (x ^ (x >> np.uint64(30))) * FIRST
    x = (x ^ (x >> np.uint64(27))) * SECOND
    return x ^ (x >> np.uint64(31))
