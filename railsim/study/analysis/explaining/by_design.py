"""Every index that the points of a design can give."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.study.analysis.explaining.distances import LEAST_DRAWS, delta, pawn
from railsim.study.analysis.explaining.regression import regress
from railsim.study.analysis.explaining.screening import screen, tornado
from railsim.study.analysis.explaining.variance import variance_shares
from railsim.study.analysis.indices import Index
from railsim.study.analysis.inputs import Inputs, as_inputs
from railsim.study.analysis.resampling import Estimate
from railsim.study.uncertainty import designs as kinds
from railsim.study.uncertainty.points import BASE, OTHER, Points
from railsim.study.uncertainty.sampling import Sample

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def explain(sample: Sample, answer: Floats, *, seed: int) -> tuple[Index, ...]:
    """All indices of an answer, one number a point of the sample, NaN where it failed.

    saltelli: Sobol' indices, and on its independent points what any draws give.
    morris: elementary effects. one_at_a_time: swings. monte_carlo, lhs, sobol:
    regression where a line explains enough, PAWN and delta from 50 draws on. A grid is
    no sample: none. Raises InputError if the answer does not vary, or if no method has
    draws enough.
    """
    points, design = sample.points, sample.design
    match design:
        case kinds.Grid():
            return ()
        case kinds.Morris():
            return screen(points, design, answer, seed=seed)
        case kinds.OneAtATime():
            return tuple(_swings(points, answer))
        case kinds.Saltelli():
            drawn = (points.moved == BASE) | (points.moved == OTHER)
            shares = variance_shares(points, answer, seed=seed).indices
            return (*shares, *_from_draws(sample, answer, drawn, seed))
        case _:
            everything = np.ones(len(answer), dtype=bool)
            found = tuple(_from_draws(sample, answer, everything, seed))
            if not found:
                raise InputError(f"too few draws for any index: {len(answer)}")
            return found


def inputs_of(sample: Sample, rows: Flags) -> Inputs:
    """The drawn inputs of some rows, as numbers and codes."""
    return as_inputs({name: column[rows] for name, column in sample.values.items()})


def _from_draws(
    sample: Sample, answer: Floats, drawn: Flags, seed: int
) -> Iterator[Index]:
    rows = drawn & np.isfinite(answer)
    known = answer[rows]
    if len(known) == 0 or np.ptp(known) == 0:
        raise InputError("an answer that does not vary has no indices")
    inputs = inputs_of(sample, rows)
    if len(known) >= len(inputs.names) + 3 and len(inputs.words) < len(inputs.names):
        for line in regress(inputs, known, seed=seed):
            r2 = Estimate(line.r2, np.nan, np.nan)
            yield Index(f"{line.method}_r2", "", r2, 0.0, is_noise=False)
            yield from line.indices
    if len(known) >= LEAST_DRAWS:
        yield from pawn(inputs, known, seed=seed)
        yield from delta(inputs, known, seed=seed)


def _swings(points: Points, answer: Floats) -> Iterator[Index]:
    for swing in tornado(points, answer):
        for method, value in (("low", swing.at_low), ("high", swing.at_high)):
            estimate = Estimate(value, np.nan, np.nan)
            yield Index(f"tornado_{method}", swing.param, estimate, 0.0, swing.is_noise)
        yield Index("tornado_swing", swing.param, swing.swing, 0.0, swing.is_noise)
