"""Which outputs differ between two runs, and which of them by no more than luck.

Outputs are paired by replication or draw where both runs have the same futures. Of
those that are called changed at most one in twenty is expected to be noise (Benjamini
& Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.stats import false_discovery_control

from railsim.errors import InputError
from railsim.results.answers.reading import open_sweep
from railsim.results.gates.judging import Change, change_of
from railsim.results.gates.measuring import Measured, futures_of, measured_of
from railsim.results.reading import Run
from railsim.results.tables.panel import Floats
from railsim.results.tables.replications import KEYS, replications_of

Result = Literal["same", "changed", "noise", "unknown"]
Cell = tuple[Any, ...]
Outputs = Mapping[Cell, Floats]
FALSE_DISCOVERIES = 0.05
ROUNDING = 1e-9  # tables have ten digits


@dataclass(frozen=True, slots=True)
class OutputChange:
    """One output before and after; `result` says whether luck could explain it."""

    cell: Cell
    before: Measured
    after: Measured
    change: Change
    result: Result


def outputs_of(run: Run) -> Outputs:
    """Keys of an output -> its values, one a replication or draw."""
    if run.is_sweep:
        return open_sweep(run.folder).everything()
    return replications_of(run)


def key_names(run: Run) -> tuple[str, ...]:
    """What the keys of its outputs are called."""
    return ("output", "world") if run.is_sweep else KEYS


def changed_outputs(before: Run, after: Run) -> list[OutputChange]:
    """Every output that both runs have; raises InputError for a run and a sweep."""
    if key_names(before) != key_names(after):
        raise InputError("one is a run, the other a sweep: they have no common outputs")
    return changes_between(
        outputs_of(before),
        outputs_of(after),
        is_paired=futures_of(before) == futures_of(after),
        has_luck=before.has_luck or after.has_luck,
    )


def changes_between(
    olds: Outputs, news: Outputs, *, is_paired: bool, has_luck: bool
) -> list[OutputChange]:
    """The outputs that both have; without luck, what differs has changed."""
    measured = {
        cell: (measured_of(olds[cell]), measured_of(news[cell]))
        for cell in olds
        if cell in news and _is_known(olds[cell]) and _is_known(news[cell])
    }
    changes = {
        cell: change_of(new, old, is_paired=is_paired)
        for cell, (old, new) in measured.items()
    }
    results = _judged(measured, changes, has_luck=has_luck)
    return [
        OutputChange(cell, *measured[cell], changes[cell], results[cell])
        for cell in measured
    ]


def _is_known(values: Floats) -> bool:
    return bool(np.isfinite(values).any())


def _judged(
    measured: Mapping[Cell, tuple[Measured, Measured]],
    changes: Mapping[Cell, Change],
    *,
    has_luck: bool,
) -> dict[Cell, Result]:
    results: dict[Cell, Result] = {}
    doubtful: dict[Cell, float] = {}
    for cell, change in changes.items():
        size = max(abs(each.mean) for each in measured[cell])
        if abs(change.difference) <= ROUNDING * size:
            results[cell] = "same"
        elif not has_luck:
            results[cell] = "changed"
        elif math.isnan(chance := change.chance(0.0)):
            results[cell] = "unknown"
        else:
            doubtful[cell] = chance
    results.update(_without_false_discoveries(doubtful))
    return results


def _without_false_discoveries(
    chances: Mapping[Cell, float],
) -> Iterator[tuple[Cell, Result]]:
    if not chances:
        return
    adjusted = false_discovery_control(list(chances.values()))
    for cell, chance in zip(chances, adjusted.tolist(), strict=True):
        yield cell, "changed" if chance <= FALSE_DISCOVERIES else "noise"
