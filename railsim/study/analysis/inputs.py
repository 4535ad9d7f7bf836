"""Columns of drawn inputs as numbers that an analysis can order or group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Drawn values, draws x names.

    A column of words holds codes, and `words` their meaning by code; it has no order.
    """

    names: tuple[str, ...]
    x: Floats
    words: Mapping[str, tuple[str, ...]]

    def only(self, rows: Flags) -> Inputs:
        """The same of some draws."""
        return Inputs(self.names, self.x[rows], self.words)

    def column(self, name: str) -> Floats:
        """The numbers or codes of one input."""
        return self.x[:, self.names.index(name)]


def as_inputs(values: Mapping[str, Sequence[Any] | NDArray[Any]]) -> Inputs:
    """Inputs from columns of numbers, truth values or words by path."""
    columns, words = [], {}
    for name, column in values.items():
        cells = column.tolist() if isinstance(column, np.ndarray) else list(column)
        if any(isinstance(cell, str) for cell in cells):
            known = sorted({str(cell) for cell in cells})
            words[name] = tuple(known)
            cells = [known.index(str(cell)) for cell in cells]
        columns.append(np.array(cells, dtype=np.float64))
    return Inputs(tuple(values), np.column_stack(columns), words)


def ranks_of(x: Floats) -> Floats:
    """Ranks from 1 of each column; equal values share their mean rank."""
    found = np.empty(x.shape)
    for k, column in enumerate(x.T):
        _, place, count = np.unique(column, return_inverse=True, return_counts=True)
        found[:, k] = (np.cumsum(count) - (count - 1) / 2.0)[place]
    return found


def slices_of(x: Floats, count: int) -> NDArray[np.int64]:
    """Number of the slice each value falls in: about equally full, ties together.

    Few distinct values make a slice each.
    """
    distinct, place = np.unique(x, return_inverse=True)
    if len(distinct) <= count:
        return np.asarray(place, dtype=np.int64)
    edges = np.quantile(x, np.linspace(0.0, 1.0, count + 1)[1:-1], method="lower")
    found = np.searchsorted(np.unique(edges), x, side="left")
    return np.unique(found, return_inverse=True)[1].astype(np.int64)
