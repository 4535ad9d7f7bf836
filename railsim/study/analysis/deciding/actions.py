"""What to decide: how often a verdict holds, tails, regret, the worth of knowing.

Payoffs are money, more being better: actions x draws, every action on the same draws,
every draw as likely. Source: Savage 1951; Rockafellar & Uryasev 2002; Raiffa &
Schlaifer 1961.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.formulas.decisions import regrets, tail_means, worth_of_knowing
from railsim.study.analysis.precision import mean_estimate, share_estimate
from railsim.study.analysis.resampling import (
    RESAMPLES,
    Estimate,
    even_weights,
    percentile_estimate,
    reflected_estimate,
    resample_weights,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Exceedance:
    """How likely an answer is above a level."""

    level: float
    probability: Estimate


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that can be done.

    `cvar` the mean of its worst draws, `mean_regret` and `max_regret` what it misses
    of the best action of each draw, `best_share` how often it is that action.
    """

    name: str
    mean: Estimate
    cvar: Estimate
    mean_regret: Estimate
    max_regret: float
    best_share: Estimate


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice among actions.

    `best` has the highest mean, `minimax` the least largest regret. `evpi` what knowing
    everything beforehand would be worth; noise if its interval begins at zero.
    """

    actions: tuple[Action, ...]
    best: str
    minimax: str
    evpi: Estimate


def exceedance_curve(values: Floats, levels: Sequence[float]) -> tuple[Exceedance, ...]:
    """The probability of more than each level, with Wilson's intervals."""
    return tuple(
        Exceedance(float(level), share_estimate(values > level)) for level in levels
    )


def cheapest_share(costs: Mapping[str, Floats], mode: str) -> Estimate:
    """Share of draws in which a mode costs less than every other.

    `costs` mode -> cost in each draw, NaN where a mode is not offered; draws without
    the mode itself count as lost.
    """
    others = np.stack([cost for name, cost in costs.items() if name != mode])
    least = np.min(np.where(np.isnan(others), np.inf, others), axis=0)
    return share_estimate(costs[mode] < least)


def decide(payoffs: Mapping[str, Floats], *, tail_share: float, seed: int) -> Decision:
    """Judge actions by their payoffs in the same draws; NaN in any leaves the draw out.

    `tail_share` the worst share of draws that CVaR averages. Raises InputError if fewer
    than two draws are whole or there is no action.
    """
    names = list(payoffs)
    table = np.stack(list(payoffs.values())) if names else np.empty((0, 0))
    table = table[:, np.all(np.isfinite(table), axis=0)]
    if table.shape[1] < 2:
        raise InputError("a decision needs at least two whole draws")
    count = table.shape[1]
    weights = resample_weights(count, seed, "decision", RESAMPLES)
    missed = regrets(table)
    means, gain = worth_of_knowing(table, even_weights(count))
    _, gains = worth_of_knowing(table, weights)
    return Decision(
        actions=tuple(
            _action(name, table[k], missed[k], weights, tail_share)
            for k, name in enumerate(names)
        ),
        best=names[int(np.argmax(means[0]))],
        minimax=names[int(np.argmin(missed.max(axis=1)))],
        evpi=reflected_estimate(float(gain[0]), gains),
    )


def _action(
    name: str, payoff: Floats, missed: Floats, weights: Floats, tail_share: float
) -> Action:
    worst = tail_means(payoff, even_weights(len(payoff)), tail_share)
    again = tail_means(payoff, weights, tail_share)
    return Action(
        name,
        mean_estimate(payoff),
        percentile_estimate(float(worst[0]), again),
        mean_estimate(missed),
        float(missed.max()),
        share_estimate(missed == 0.0),
    )
