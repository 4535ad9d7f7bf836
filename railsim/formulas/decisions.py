"""What uncertainty means for a decision: tails, regret, the worth of knowing, waiting.

Payoffs are money, more being better; rows of a table are actions, columns are states
of the world (Savage 1951).
"""

import math
from collections.abc import Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
    require_share,
)

Array = NDArray[np.float64]


class Evpi(TypedDict):
    """Expected payoff of each action, the best action and what knowing is worth."""

    expected: list[float]
    best: int
    evpi: float


class Regret(TypedDict):
    """Largest regret of each action and the action where it is least."""

    max_regret: list[float]
    minimax: int


def check_probabilities(name: str, probabilities: Sequence[float]) -> None:
    """Demand shares which sum to 1."""
    require_sequence(name, probabilities)
    for share in probabilities:
        require_share(name, share)
    total = math.fsum(probabilities)
    if not math.isclose(total, 1.0, abs_tol=1e-9):
        raise ValueError(f"{name} must sum to 1, found {total}")


def cvar(
    *, outcomes: Sequence[float], probabilities: Sequence[float], alpha: float
) -> float:
    """Average the worst outcomes: the lowest ones that hold probability alpha.

    The outcome at the boundary counts with the part of its probability that is
    needed; alpha 1 gives the mean. In the unit of ``outcomes``, more being better.
    Raises ValueError if alpha is 0 or above 1, probabilities do not sum to 1, or
    lengths differ.
    Source: Rockafellar & Uryasev 2002.
    """
    require_sequence("outcomes", outcomes)
    check_probabilities("probabilities", probabilities)
    require_same_length(outcomes=outcomes, probabilities=probabilities)
    require_share("alpha", alpha)
    require_positive("alpha", alpha)
    for outcome in outcomes:
        require_finite("outcomes", outcome)
    worst = tail_means(np.asarray(outcomes), np.asarray(probabilities), alpha)
    return float(worst)


def tail_means(outcomes: Array, weights: Array, alpha: float) -> Array:
    """Average the worst share alpha of outcomes under each row of weights.

    ``weights`` (..., outcomes), each row summing to 1; see ``cvar``.
    """
    order = np.argsort(outcomes, kind="stable")
    ranked = np.take(weights, order, axis=-1)
    before = np.cumsum(ranked, axis=-1) - ranked
    mass = np.clip(alpha - before, 0.0, ranked)
    worst = np.sum(mass * np.take(outcomes, order), axis=-1) / np.sum(mass, axis=-1)
    return np.asarray(worst, dtype=np.float64)


def check_payoff(payoff: Sequence[Sequence[float]]) -> None:
    """Demand a table of finite numbers with at least one action and one state."""
    require_sequence("payoff", payoff)
    for row in payoff:
        require_sequence("payoff", row)
    if len(payoff) == 0 or len(payoff[0]) == 0:
        raise ValueError("payoff must have at least one action and state, found none")
    for row in payoff:
        if len(row) != len(payoff[0]):
            raise ValueError(f"payoff must have equally long rows, found {len(row)}")
        for value in row:
            require_finite("payoff", value)


def evpi(*, payoff: Sequence[Sequence[float]], prob: Sequence[float]) -> Evpi:
    """Value knowing the state before acting: E[max payoff] - max E[payoff].

    ``payoff`` rows are actions, columns states of probability ``prob``; ``best`` is
    the first action of highest expected payoff, from 0; money as ``payoff``.
    Raises ValueError if the table is empty or ragged or prob does not suit it.
    Source: Raiffa & Schlaifer 1961, Applied Statistical Decision Theory.
    """
    check_payoff(payoff)
    check_probabilities("prob", prob)
    require_same_length(payoff=payoff[0], prob=prob)
    expected, gain = worth_of_knowing(np.asarray(payoff), np.asarray(prob))
    return {
        "expected": expected.tolist(),
        "best": int(np.argmax(expected)),
        "evpi": float(gain),
    }


def worth_of_knowing(payoff: Array, weights: Array) -> tuple[Array, Array]:
    """Value knowing the state under each row of weights; see ``evpi``.

    ``payoff`` actions x states, ``weights`` (..., states), each row summing to 1.
    Expected payoffs (..., actions) and the value of knowing (...).
    """
    expected = np.stack([weights @ action for action in payoff], axis=-1)
    informed = weights @ np.max(payoff, axis=0)
    return expected, np.maximum(informed - np.max(expected, axis=-1), 0.0)


def regret(*, payoff: Sequence[Sequence[float]]) -> Regret:
    """Find the action whose largest regret is least.

    regret of action a in state s = max_a' payoff - payoff_a; ``max_regret`` the
    largest of each action, ``minimax`` the first action where it is least, from 0.
    Raises ValueError if the table is empty or ragged.
    Source: Savage 1951, The Theory of Statistical Decision.
    """
    check_payoff(payoff)
    worst = regrets(np.asarray(payoff, dtype=np.float64)).max(axis=1)
    return {"max_regret": worst.tolist(), "minimax": int(np.argmin(worst))}


def regrets(payoff: Array) -> Array:
    """What each action (row) misses in each state (column); see ``regret``."""
    return np.asarray(np.max(payoff, axis=0) - payoff, dtype=np.float64)


def delay_option(
    *,
    enpv_now: Sequence[float],
    prob: Sequence[float],
    enpv_later_factor: float,
    learn_cost: float,
) -> dict[str, float]:
    """Compare building now with waiting one period, with and without learning.

    now = E[v]; wait_with_learning = sum p max(0, v f - c); wait_committed = max(0,
    sum p (v f - c)); option_value = wait_with_learning - max(0, now);
    information_value = wait_with_learning - wait_committed. ``enpv_now`` v by
    state, money; f discounts one period; c the cost of learning.
    Raises ValueError if there is no state, prob does not suit, or f or c is
    negative.
    Source: Dixit & Pindyck 1994, Investment under Uncertainty.
    """
    require_sequence("enpv_now", enpv_now)
    check_probabilities("prob", prob)
    require_same_length(enpv_now=enpv_now, prob=prob)
    require_nonnegative("enpv_later_factor", enpv_later_factor)
    require_nonnegative("learn_cost", learn_cost)
    for value in enpv_now:
        require_finite("enpv_now", value)
    later = [value * enpv_later_factor - learn_cost for value in enpv_now]
    return value_of_waiting(now=enpv_now, later=later, prob=prob)


def value_of_waiting(
    *, now: Sequence[float], later: Sequence[float], prob: Sequence[float]
) -> dict[str, float]:
    """Compare acting now with acting later, by states; keys as of `delay_option`.

    ``now`` and ``later`` money by state, of one date, what learning costs included.
    Raises ValueError if there is no state or lengths or probabilities do not suit.
    Source: Dixit & Pindyck 1994, Investment under Uncertainty.
    """
    check_probabilities("prob", prob)
    require_same_length(now=now, later=later, prob=prob)
    states = np.asarray(later)
    found = waiting_values(np.asarray(now), states, states, np.asarray(prob))
    return {name: float(value) for name, value in found.items()}


def waiting_values(
    now: Array, later: Array, expected: Array, weights: Array
) -> dict[str, Array]:
    """Compare acting now with waiting under each row of weights.

    ``now``, ``later`` payoffs by state; ``expected`` what is expected of ``later``
    once something was learned: ``later`` itself if everything was. ``weights`` (...,
    states), each row summing to 1; see ``delay_option``.
    """
    at_once = np.asarray(weights @ now)
    learning = np.asarray(weights @ np.maximum(expected, 0.0))
    committed = np.maximum(np.asarray(weights @ later), 0.0)
    return {
        "now": at_once,
        "wait_with_learning": learning,
        "wait_committed": committed,
        "option_value": learning - np.maximum(at_once, 0.0),
        "information_value": learning - committed,
    }
