"""What uncertainty means for a decision: tails, regret, the worth of knowing, waiting.

Payoffs are money, more being better; rows of a table are actions, columns are states
of the world (Savage 1951).
"""

import math
from collections.abc import Sequence
from typing import TypedDict

from railsim.formulas.checks import (
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
    require_share,
)


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
    ranked = sorted(zip(outcomes, probabilities, strict=True))
    left = float(alpha)
    parts = []
    for outcome, probability in ranked:
        mass = min(probability, left)
        parts.append(mass * outcome)
        left -= mass
    return math.fsum(parts) / (alpha - left)


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
    expected = [weigh(row, prob) for row in payoff]
    best = max(expected)
    informed = weigh([max(state) for state in zip(*payoff, strict=True)], prob)
    return {
        "expected": expected,
        "best": expected.index(best),
        "evpi": max(0.0, informed - best),
    }


def weigh(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the sum of products, rounded once."""
    return math.fsum(v * w for v, w in zip(values, weights, strict=True))


def regret(*, payoff: Sequence[Sequence[float]]) -> Regret:
    """Find the action whose largest regret is least.

    regret of action a in state s = max_a' payoff - payoff_a; ``max_regret`` the
    largest of each action, ``minimax`` the first action where it is least, from 0.
    Raises ValueError if the table is empty or ragged.
    Source: Savage 1951, The Theory of Statistical Decision.
    """
    check_payoff(payoff)
    tops = [max(state) for state in zip(*payoff, strict=True)]
    worst = [
        float(max(top - value for top, value in zip(tops, row, strict=True)))
        for row in payoff
    ]
    return {"max_regret": worst, "minimax": worst.index(min(worst))}


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
    at_once = weigh(now, prob)
    learning = weigh([max(0.0, value) for value in later], prob)
    committed = max(0.0, weigh(later, prob))
    return {
        "now": at_once,
        "wait_with_learning": learning,
        "wait_committed": committed,
        "option_value": learning - max(0.0, at_once),
        "information_value": learning - committed,
    }
