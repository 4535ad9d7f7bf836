"""What it is worth to know one input, or to wait until something is learned.

What is expected of an action once an input is known comes from a regression of its
payoff on a cubic spline of that input, straight beyond its outer knots; of a word, from
the mean of each word. Chance makes any fit look useful: the worth of shuffled inputs is
the noise. Source: Strong, Oakley & Brennan 2014; Harrell 2015 for the spline; Dixit &
Pindyck 1994 for waiting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.formulas.decisions import waiting_values, worth_of_knowing
from railsim.formulas.statistics import named_stream
from railsim.study.analysis.indices import Index
from railsim.study.analysis.inputs import Inputs
from railsim.study.analysis.resampling import (
    CONFIDENCE,
    Estimate,
    even_weights,
    percentile_estimate,
    reflected_estimate,
    resample_weights,
)
from railsim.study.uncertainty.quantiles import scores_of
from railsim.study.uncertainty.streams import inside

Floats = NDArray[np.float64]
KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
MOST_WORDS = 50
ROUNDS = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """Acting now against waiting, in money of now.

    `now` acting at once; `wait_with_learning` waiting and acting only where what was
    learned speaks for it; `wait_committed` waiting and acting or not, without learning.
    `option_value` what waiting adds to the better of acting now and never;
    `information_value` what learning adds to waiting.
    """

    now: Estimate
    wait_with_learning: Estimate
    wait_committed: Estimate
    option_value: Estimate
    information_value: Estimate


def worth_of_inputs(
    payoffs: Mapping[str, Floats], inputs: Inputs, *, seed: int
) -> tuple[Index, ...]:
    """What knowing each input before acting would be worth (EVPPI), in money.

    Payoffs by action on the draws of the inputs, finite. Raises InputError if the
    payoffs are not as many as the inputs or there are too few.
    """
    table = np.stack(list(payoffs.values()))
    if table.shape[1] != len(inputs.x) or table.shape[1] < 4 * len(KNOTS):
        raise InputError("the worth of an input needs as many payoffs, at least 20")
    weights = resample_weights(table.shape[1], seed, "evppi", ROUNDS)
    return tuple(
        _worth(name, _basis(inputs, name), table, weights, seed)
        for name in inputs.names
    )


def value_of_waiting(
    now: Floats, later: Floats, *, signal: Floats | None, seed: int
) -> Waiting:
    """Compare acting now with acting later, draw by draw, both in money of now.

    `later` less what learning costs; `signal` what will have been learned in each draw,
    or None if everything will be. The catalogue's `delay_option` is the same for states
    of known probability.
    """
    basis = None if signal is None else _spline(signal)

    def values(weights: Floats) -> dict[str, float]:
        expected = later if basis is None else _fitted(basis, later, weights)
        found = waiting_values(now, later, expected, weights)
        return {name: float(value) for name, value in found.items()}

    rows = resample_weights(len(now), seed, "waiting", ROUNDS)
    again = [values(row) for row in rows]
    return Waiting(
        **{
            name: percentile_estimate(value, np.array([a[name] for a in again]))
            for name, value in values(even_weights(len(now))[0]).items()
        }
    )


def signal_of(truth: Floats, correlation: float, *, name: str, seed: int) -> Floats:
    """A signal that correlates with an input, from the input's uniforms.

    Both as normal scores: r z + sqrt(1 - r^2) times a number of the stream `name`.
    """
    stream = named_stream(seed, f"signal.{name}", 0)
    other = scores_of(inside(stream.random(len(truth))))
    rest = math.sqrt((1.0 - correlation) * (1.0 + correlation))
    return np.asarray(correlation * scores_of(truth) + rest * other)


def _worth(
    name: str, basis: Floats, table: Floats, weights: Floats, seed: int
) -> Index:
    even = even_weights(table.shape[1])[0]
    raw = _gain(basis, table, even)
    again = np.array([_gain(basis, table, row) for row in weights])
    nulls = [_gain(shuffled, table, even) for shuffled in _shuffles(basis, name, seed)]
    reached = float(np.quantile(nulls, CONFIDENCE))
    estimate = reflected_estimate(raw, again)
    floored = Estimate(raw, max(estimate.ci_lo, 0.0), max(estimate.ci_hi, 0.0))
    return Index("evppi", name, floored, reached, raw <= reached)


def _gain(basis: Floats, table: Floats, weights: Floats) -> float:
    fitted = _fitted(basis, table.T, weights)
    return float(worth_of_knowing(fitted.T, weights)[1])


def _shuffles(basis: Floats, name: str, seed: int) -> Iterator[Floats]:
    stream = named_stream(seed, f"shuffle.{name}", 0)
    for _ in range(ROUNDS):
        yield basis[np.argsort(stream.random(len(basis)))]


def _fitted(basis: Floats, y: Floats, weights: Floats) -> Floats:
    """Expected y, draws or draws x actions, by the columns of a basis."""
    weighted = basis * weights[:, None]
    slopes = np.linalg.lstsq(weighted.T @ basis, weighted.T @ y, rcond=1e-12)[0]
    return np.asarray(basis @ slopes, dtype=np.float64)


def _basis(inputs: Inputs, name: str) -> Floats:
    x = inputs.column(name)
    values = np.unique(x)
    if name in inputs.words or len(values) <= len(KNOTS):
        if len(values) > MOST_WORDS:
            raise InputError(f"{name} has more than {MOST_WORDS} words")
        return np.asarray(x[:, None] == values, dtype=np.float64)
    return _spline(x)


def _spline(x: Floats) -> Floats:
    """A constant, x and bends of a cubic spline that is straight at both ends."""
    knots = np.unique(np.quantile(x, KNOTS))
    spread = max(float(knots[-1] - knots[0]), 1e-300)
    scaled, places = (x - knots[0]) / spread, (knots - knots[0]) / spread

    def bend(knot: float) -> Floats:
        return np.asarray(np.maximum(scaled - knot, 0.0) ** 3, dtype=np.float64)

    columns = [np.ones(len(x)), scaled]
    if len(places) > 2:
        before, last = float(places[-2]), float(places[-1])
        for knot in places[:-2].tolist():
            left = (last - knot) / (last - before)
            right = (before - knot) / (last - before)
            columns.append(bend(knot) - left * bend(before) + right * bend(last))
    return np.column_stack(columns)
