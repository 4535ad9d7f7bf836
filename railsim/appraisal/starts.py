"""When to begin: alternatives by start, the first-year rule, the worth of waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from railsim.appraisal.appraising import Appraisal
from railsim.appraisal.indicators import WINDOW
from railsim.errors import InputError
from railsim.formulas import evpi, regret
from railsim.formulas.decisions import value_of_waiting

NOTHING = "nothing"
"""The alternative that builds nothing and is worth nothing."""


@dataclass(frozen=True, slots=True)
class Start:
    """One alternative of the choice when to begin, discounted to one date."""

    enpv_usd: float
    fyrr: float | None
    is_ripe: bool | None
    """Does the first year earn the test rate? If not, waiting is better."""


def compare_starts(appraisals: Mapping[str, Appraisal]) -> tuple[dict[str, Start], str]:
    """Every start, and the best one; `nothing` if none is worth its cost.

    Raises InputError if they differ in years, rate or timing.
    """
    frames = {(int(a.years[0]), a.rate, a.timing) for a in appraisals.values()}
    if len(frames) > 1:
        raise InputError("starts must be compared at one rate, from one first year")
    starts = {name: _start(each) for name, each in appraisals.items()}
    best = max(starts, key=lambda name: starts[name].enpv_usd, default=NOTHING)
    if best != NOTHING and starts[best].enpv_usd <= 0.0:
        best = NOTHING
    return starts, best


def _start(appraisal: Appraisal) -> Start:
    key = ("fyrr", WINDOW, appraisal.rate)
    found = [
        i.value for i in appraisal.indicators if (i.metric, i.scope, i.rate) == key
    ]
    fyrr = found[0] if found else None
    is_ripe = None if fyrr is None else fyrr >= appraisal.rate
    return Start(appraisal.enpv_usd, fyrr, is_ripe)


def option_to_delay(
    now_usd: Sequence[float],
    later_usd: Sequence[float],
    probabilities: Sequence[float],
    *,
    learning_cost_usd: float,
) -> dict[str, float]:
    """What it is worth to wait and learn; a number a state of the world, or a draw.

    `later_usd` are net present values of the later start in the same state, discounted
    to the same date (MODEL specification 10.8; Dixit & Pindyck 1994). Keys: now,
    wait_with_learning, wait_committed, option_value, information_value.
    """
    later = [value - learning_cost_usd for value in later_usd]
    return value_of_waiting(now=now_usd, later=later, prob=probabilities)


@dataclass(frozen=True, slots=True)
class Choice:
    """Starts under uncertainty: means, what knowing is worth, and the least regret."""

    expected_usd: Mapping[str, float]
    best: str
    perfect_information_usd: float
    largest_regret_usd: Mapping[str, float]
    least_regret: str


def choose_start(
    enpv_usd: Mapping[str, Sequence[float]], probabilities: Sequence[float]
) -> Choice:
    """Alternative -> its net present value in each state; states alike in all.

    Raises ValueError if alternatives differ in length or probabilities do not sum to 1.
    """
    names, payoff = list(enpv_usd), [list(row) for row in enpv_usd.values()]
    found, worst = evpi(payoff=payoff, prob=probabilities), regret(payoff=payoff)
    return Choice(
        expected_usd=dict(zip(names, found["expected"], strict=True)),
        best=names[found["best"]],
        perfect_information_usd=found["evpi"],
        largest_regret_usd=dict(zip(names, worst["max_regret"], strict=True)),
        least_regret=names[worst["minimax"]],
    )
