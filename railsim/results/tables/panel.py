"""Rows of all replications side by side, and what they say together.

The interval is `mean +- t(0.975, n - 1) s / sqrt(n)` over replications (Law 2015, ch.
9); one replication has none. Additions run in a fixed order, so bytes do not depend on
the machine.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.results.tables.columns import VARIES
from railsim.rows import cells_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Key = tuple[Any, ...]
CONFIDENCE = 0.95
ROUNDING = 1e-12  # a spread below this share of the mean is rounding, not chance


@dataclass(frozen=True)
class Panel:
    """A row a key, a column a replication; NaN where a replication has no value."""

    keys: list[Key]
    is_present: Flags
    columns: dict[str, Floats]
    texts: dict[str, list[Any]]

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name]

    def zero_if_absent(self, name: str) -> Floats:
        """For amounts: what a replication does not mention did not happen."""
        return np.where(self.is_present, self.columns[name], 0.0)


class Stack:
    """Rows of one kind, replication after replication, kept as numbers."""

    def __init__(
        self, keys: Sequence[str], values: Sequence[str], texts: Sequence[str] = ()
    ) -> None:
        self._keys, self._values, self._texts = map(tuple, (keys, values, texts))
        self._said: list[Key] = []
        self._place: dict[Key, int] = {}
        self._added: list[_Added] = []

    def add(self, rows: Sequence[Any]) -> None:
        """The rows of the next replication; those of equal key add up."""
        place = self._place
        where = [place.setdefault(key, len(place)) for key in _keys(rows, self._keys)]
        if self._texts:
            self._listen(_keys(rows, self._texts), where)
        found = np.zeros((len(rows), len(self._values)))
        for v, name in enumerate(self._values):
            found[:, v] = cells_of(rows, name)
        self._added.append(_Added(np.array(where, np.int64), found, len(place)))

    def panel(self, count: int) -> Panel:
        """The first `count` replications side by side."""
        added = self._added[:count]
        height = added[-1].height if added else 0
        shape = (len(self._values), height, count)
        filled, present = np.zeros(shape), np.zeros(shape[1:], dtype=np.bool_)
        for r, each in enumerate(added):
            present[each.where, r] = True
            for v in range(len(self._values)):
                np.add.at(filled[v, :, r], each.where, each.found[:, v])
        filled[:, ~present] = np.nan
        columns = {name: filled[v] for v, name in enumerate(self._values)}
        keys = [*itertools.islice(self._place, height)]
        texts = {n: [s[i] for s in self._said] for i, n in enumerate(self._texts)}
        return Panel(keys, present, columns, texts)

    def _listen(self, said: list[Key], where: list[int]) -> None:
        """Keep what rows say; what they do not agree on varies."""
        for words, k in zip(said, where, strict=True):
            if k == len(self._said):
                self._said.append(words)
            elif self._said[k] != words:
                pairs = zip(self._said[k], words, strict=True)
                self._said[k] = tuple(a if a == b else VARIES for a, b in pairs)


@dataclass(frozen=True)
class _Added:
    """Where the rows of a replication went, their values, and how many keys since."""

    where: NDArray[np.int64]
    found: Floats
    height: int


def add_up(values: Floats, group: NDArray[np.int64], count: int) -> Floats:
    """Sum rows by group, replication by replication; NaN counts as nothing."""
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, group, np.nan_to_num(values, nan=0.0))
    return total


def group_by(keys: Iterable[Key]) -> tuple[list[Key], NDArray[np.int64]]:
    """Different keys in their first order, and the number of each row's key."""
    place: dict[Key, int] = {}
    numbers = [place.setdefault(key, len(place)) for key in keys]
    return list(place), np.array(numbers, dtype=np.int64)


def divide(part: Floats, whole: Floats) -> Floats:
    """Quotients; NaN where there is nothing to divide by."""
    nothing = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=nothing, where=whole != 0.0)
    return nothing


def mean_and_half_width(values: Floats) -> tuple[Floats, Floats]:
    """Mean over the replications that have a value, and its 95 % half-width."""
    is_known = np.isfinite(values)
    count = np.count_nonzero(is_known, axis=1).astype(np.float64)
    mean = divide(_total(np.where(is_known, values, 0.0)), count)
    deviation = np.where(is_known, values - mean[:, None], 0.0)
    variance = divide(_total(deviation * deviation), np.maximum(count - 1.0, 0.0))
    half_width = _t_quantiles(count) * np.sqrt(divide(variance, count))
    return mean, np.where(half_width < ROUNDING * np.abs(mean), 0.0, half_width)


def _total(values: Floats) -> Floats:
    total = np.zeros(values.shape[0])
    for r in range(values.shape[1]):
        total += values[:, r]
    return total


def _t_quantiles(count: Floats) -> Floats:
    quantiles = np.full(count.shape, np.nan)
    for n in np.unique(count[count > 1.0]).tolist():
        quantiles[count == n] = _t_quantile(n - 1.0)
    return quantiles


def _t_quantile(degrees: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + CONFIDENCE / 2.0))


def _keys(rows: Sequence[Any], names: Sequence[str]) -> list[Key]:
    """The cells of some columns, row by row."""
    return [*zip(*(cells_of(rows, name) for name in names), strict=True)]
