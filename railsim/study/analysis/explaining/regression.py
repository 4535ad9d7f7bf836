"""How far a straight line explains an answer: standardised regression coefficients.

On ranks instead of values where the answer rises or falls without being straight.
Coefficients are given only where the line explains enough. Source: Saltelli & Marivoet
1990; Helton & Davis 2003.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.study.analysis.indices import Index
from railsim.study.analysis.inputs import Inputs, ranks_of
from railsim.study.analysis.resampling import (
    even_weights,
    percentile_estimate,
    resample_weights,
)

Floats = NDArray[np.float64]
LEAST_R2 = 0.7
ROUNDS = 400
BLOCK = 512  # draws whose products are held at once
SRC, SRRC = "src", "srrc"


@dataclass(frozen=True, slots=True)
class Regression:
    """Coefficients of all inputs, or none if the line explains too little.

    `r2` share of the variance that the line explains; `left_out` inputs that are words
    or do not vary.
    """

    method: str
    r2: float
    indices: tuple[Index, ...]
    left_out: tuple[str, ...]


def regress(inputs: Inputs, answer: Floats, *, seed: int) -> tuple[Regression, ...]:
    """SRC and SRRC of an answer, which must be finite and as long as the inputs.

    Raises InputError if no input or the answer does not vary, or there are too few
    draws.
    """
    is_number = [name not in inputs.words for name in inputs.names]
    varies = (np.ptp(inputs.x, axis=0) > 0) & np.array(is_number)
    names = [n for n, v in zip(inputs.names, varies, strict=True) if v]
    left_out = tuple(n for n, v in zip(inputs.names, varies, strict=True) if not v)
    if not names or np.ptp(answer) == 0:
        raise InputError("a regression needs inputs and an answer that vary")
    if len(answer) < len(names) + 3:
        raise InputError(f"a regression on {len(names)} inputs needs more draws")
    x = inputs.x[:, varies]
    table = np.column_stack([x, answer])
    return tuple(
        _regression(method, names, left_out, _standardised(columns), seed)
        for method, columns in ((SRC, table), (SRRC, ranks_of(table)))
    )


def _standardised(table: Floats) -> Floats:
    return np.asarray((table - table.mean(axis=0)) / table.std(axis=0))


def _regression(
    method: str, names: list[str], left_out: tuple[str, ...], table: Floats, seed: int
) -> Regression:
    count = len(table)
    slopes = _slopes(table, even_weights(count))[0]
    rest = table[:, -1] - table[:, :-1] @ slopes
    r2 = 1.0 - float(np.mean(rest**2))
    if r2 < LEAST_R2:
        return Regression(method, r2, (), left_out)
    weights = resample_weights(count, seed, method, ROUNDS)
    again = _slopes(table, weights)
    return Regression(
        method,
        r2,
        tuple(
            _coefficient(method, name, float(slopes[k]), again[:, k])
            for k, name in enumerate(names)
        ),
        left_out,
    )


def _slopes(table: Floats, weights: Floats) -> Floats:
    """Standardised slopes of the last column on the others, rounds x inputs."""
    width = table.shape[1]
    moments = np.zeros((len(weights), width * width))
    for begin in range(0, len(table), BLOCK):
        rows = table[begin : begin + BLOCK]
        products = (rows[:, :, None] * rows[:, None, :]).reshape(len(rows), -1)
        moments += weights[:, begin : begin + BLOCK] @ products
    mean = weights @ table
    spread = moments.reshape(-1, width, width) - mean[:, :, None] * mean[:, None, :]
    scale = np.sqrt(np.maximum(np.diagonal(spread, axis1=1, axis2=2), 1e-300))
    ties = spread / (scale[:, :, None] * scale[:, None, :])
    return np.stack([_solved(tie) for tie in ties])


def _solved(ties: Floats) -> Floats:
    found = np.linalg.lstsq(ties[:-1, :-1], ties[:-1, -1], rcond=None)[0]
    return np.asarray(found, dtype=np.float64)


def _coefficient(method: str, name: str, value: float, again: Floats) -> Index:
    estimate = percentile_estimate(value, again)
    is_noise = estimate.ci_lo <= 0.0 <= estimate.ci_hi
    return Index(method, name, estimate, 0.0, is_noise)
