"""The value of one input at which a verdict turns, with its interval.

The model is asked for one input value after the other, always on the same draws: first
across the whole range, then between the two values where the verdict turned. The
interval resamples the draws and reads, between the values asked, where the verdict of
the resample would turn; so it costs no further run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.study.analysis.goals import Verdict
from railsim.study.analysis.resampling import (
    RESAMPLES,
    TAIL,
    Estimate,
    even_weights,
    resample_weights,
)

Floats = NDArray[np.float64]
Ask = Callable[
    [float], Floats
]  # value of the input -> metric in each draw, NaN: failed
Turn = Literal["once", "never", "always", "several"]
NEAR = 0.02  # of the range: where two more values are asked, for the interval


@dataclass(frozen=True, slots=True)
class Breakeven:
    """Where a verdict turns.

    `turn` says whether it turns once in the range, never holds, always holds, or turns
    several times, which `crossings` then lists. `estimate` is infinite or NaN on a side
    where more than a fortieth of the resamples do not turn. `asked` and `margins` what
    was tried.
    """

    turn: Turn
    estimate: Estimate
    crossings: tuple[float, ...]
    asked: tuple[float, ...]
    margins: tuple[float, ...]


def find_breakeven(
    ask: Ask,
    verdict: Verdict,
    *,
    low: float,
    high: float,
    scans: int,
    tolerance: float,
    seed: int,
) -> Breakeven:
    """Find the value of an input between `low` and `high` at which a verdict turns.

    `scans` values across the range first, then bisection to `tolerance` (in the unit of
    the input). A draw that failed at any value is left out at all of them. Raises
    InputError if the range is empty or no draw is whole.
    """
    if not low < high or scans < 2 or tolerance <= 0:
        raise InputError("a break-even needs low < high, 2 scans and a tolerance")
    answers = {float(x): ask(float(x)) for x in np.linspace(low, high, scans)}
    spans = _spans(answers, verdict)
    if len(spans) == 1:
        left, right = spans[0]
        while right - left > tolerance and left < (left + right) / 2 < right:
            middle = (left + right) / 2
            answers[middle] = ask(middle)
            left, right = _spans(answers, verdict)[0]
        for beside in (left - NEAR * (high - low), right + NEAR * (high - low)):
            if low < beside < high and beside not in answers:
                answers[beside] = ask(beside)
    return _read(answers, verdict, seed)


def breakeven_on_grid(
    values: Floats, answers: Floats, verdict: Verdict, *, seed: int
) -> Breakeven:
    """The same from answers that are there already: input values x draws."""
    known = {float(x): row for x, row in zip(values, answers, strict=True)}
    return _read(known, verdict, seed)


def _whole(answers: dict[float, Floats]) -> tuple[Floats, Floats]:
    asked = np.array(sorted(answers), dtype=np.float64)
    table = np.stack([answers[x] for x in asked.tolist()])
    table = table[:, np.all(np.isfinite(table), axis=0)]
    if table.shape[1] == 0:
        raise InputError("no draw succeeded at every value of the input")
    return asked, table


def _spans(answers: dict[float, Floats], verdict: Verdict) -> list[tuple[float, float]]:
    """Neighbouring values between which the verdict turns."""
    asked, table = _whole(answers)
    holds = _margins(table, verdict, even_weights(table.shape[1]))[:, 0] >= 0
    turns = np.flatnonzero(holds[1:] != holds[:-1])
    return [(float(asked[k]), float(asked[k + 1])) for k in turns]


def _margins(table: Floats, verdict: Verdict, weights: Floats) -> Floats:
    return np.stack([verdict.margins(row, weights) for row in table])


def _read(answers: dict[float, Floats], verdict: Verdict, seed: int) -> Breakeven:
    asked, table = _whole(answers)
    margins = _margins(table, verdict, even_weights(table.shape[1]))[:, 0]
    crossings = _crossings(asked, margins)
    estimate = Estimate(math.nan, math.nan, math.nan)
    if len(crossings) == 1:
        weights = resample_weights(table.shape[1], seed, "breakeven", RESAMPLES)
        again = _margins(table, verdict, weights).T
        rises = bool(margins[-1] >= 0)
        turns = np.array([_turn(asked, row, crossings[0], rises) for row in again])
        estimate = Estimate(crossings[0], _rank(turns, TAIL), _rank(turns, 1.0 - TAIL))
    return Breakeven(
        _kind(crossings, bool(margins[0] >= 0)),
        estimate,
        crossings,
        tuple(asked.tolist()),
        tuple(margins.tolist()),
    )


def _kind(crossings: tuple[float, ...], holds: bool) -> Turn:
    if len(crossings) == 1:
        return "once"
    if crossings:
        return "several"
    return "always" if holds else "never"


def _crossings(asked: Floats, margins: Floats) -> tuple[float, ...]:
    holds = margins >= 0
    found = []
    for k in np.flatnonzero(holds[1:] != holds[:-1]).tolist():
        x, y = asked[k : k + 2], margins[k : k + 2]
        found.append(float(x[0] - y[0] * (x[1] - x[0]) / (y[1] - y[0])))
    return tuple(found)


def _turn(asked: Floats, margins: Floats, near: float, rises: bool) -> float:
    """Where a resample turns, nearest to the estimate; infinite where it does not."""
    found = _crossings(asked, margins)
    if found:
        return min(found, key=lambda x: abs(x - near))
    always_holds = bool(margins[0] >= 0)
    return -math.inf if always_holds == rises else math.inf


def _rank(turns: Floats, p: float) -> float:
    """A quantile that is one of the values, as some may be infinite."""
    return float(np.quantile(turns, p, method="nearest"))
