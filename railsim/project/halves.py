"""The grid of half-years on which works are paid for and debt is served."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.traffic import Floats, Ints

PER_YEAR = 2


@dataclass(frozen=True, slots=True)
class Halves:
    """Half-years from 1 January of a first year; they end 30 June and 31 December."""

    first_year: int
    count: int

    @classmethod
    def of_years(cls, first_year: int, last_year: int) -> Halves:
        """The halves of whole years, both included."""
        return cls(first_year, PER_YEAR * (last_year - first_year + 1))

    @property
    def begins(self) -> Floats:
        """Decimal years at which they begin."""
        return self.first_year + np.arange(self.count) / PER_YEAR

    @property
    def ends(self) -> Floats:
        """Decimal years at which they end."""
        return self.first_year + np.arange(1, self.count + 1) / PER_YEAR

    @property
    def mids(self) -> Floats:
        """Decimal years of their middles."""
        return self.first_year + (np.arange(self.count) + 0.5) / PER_YEAR

    @property
    def years(self) -> Ints:
        """The calendar year of each half."""
        return self.first_year + np.arange(self.count, dtype=np.int64) // PER_YEAR

    def yearly(self, halves: Floats) -> Floats:
        """Sums over the halves of each calendar year (the last axis)."""
        sums: Floats = halves.reshape(*halves.shape[:-1], -1, PER_YEAR).sum(axis=-1)
        return sums

    def open_share(self, opening: float) -> Floats:
        """The part of each half that lies after an opening (decimal year)."""
        return _open_share(self, opening)

    def spread(self, yearly: Floats, opening: float) -> Floats:
        """Amounts of calendar years on the halves, after an opening only.

        A year's amount falls evenly on the part of it that lies after the opening; of a
        year wholly before it on both halves, so that nothing is ever lost.
        """
        return np.asarray((yearly[:, None] * _weights(self, opening)).ravel())


OPENINGS_AT_ONCE = 256


@lru_cache(OPENINGS_AT_ONCE)
def _open_share(halves: Halves, opening: float) -> Floats:
    """Read only, as many ask for the same opening."""
    share = np.minimum(np.maximum((halves.ends - opening) * PER_YEAR, 0.0), 1.0)
    share.flags.writeable = False
    return share


@lru_cache(OPENINGS_AT_ONCE)
def _weights(halves: Halves, opening: float) -> Floats:
    """Year by half: the part of the year's amount; read only."""
    share = _open_share(halves, opening).reshape(-1, PER_YEAR).copy()
    share[share.sum(axis=1) == 0.0] = 1.0
    weights: Floats = share / share.sum(axis=1, keepdims=True)
    weights.flags.writeable = False
    return weights
