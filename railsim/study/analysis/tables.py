"""Rows of the tables that tell what a sweep says, one kind a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from railsim.rows import column
from railsim.study.analysis.deciding.actions import Decision, Exceedance
from railsim.study.analysis.deciding.breakeven import Breakeven
from railsim.study.analysis.deciding.disagreement import Disagreement
from railsim.study.analysis.deciding.information import Waiting
from railsim.study.analysis.explaining.boxes import Box
from railsim.study.analysis.resampling import Estimate


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One figure that bears on a decision."""

    metric: str = column("id", "what the figure is")
    alternative: str = column("id", "action or world; empty if of none")
    commodity: str = column("id", "commodity; empty if of all")
    value: float | None = column("see metric", "the figure; empty where noise makes it")
    ci_lo: float | None = column("see metric", "lower end of its 95 % interval")
    ci_hi: float | None = column("see metric", "upper end of its 95 % interval")


@dataclass(frozen=True, slots=True)
class ExceedanceRow:
    """How likely an output is above a level."""

    metric: str = column("id", "output")
    alternative: str = column("id", "world")
    level: float = column("as the output", "level")
    probability: float = column("1", "share of draws above it")
    ci_lo: float = column("1", "lower end of its 95 % interval")
    ci_hi: float = column("1", "upper end of its 95 % interval")


@dataclass(frozen=True, slots=True)
class BoxRow:
    """What one box of inputs demands of one of them."""

    verdict: str = column("id", "what happens in the box")
    box: int = column("id", "number of the box, from 1")
    param: str = column("id", "dotted path")
    low: float | None = column("as the path", "least value; empty: any")
    high: float | None = column("as the path", "greatest value; empty: any")
    kept: str = column("id", "words that stay, with semicolons; empty: a number")
    quasi_p_value: float = column("1", "chance of such a box without this demand")
    coverage: float = column("1", "share of all cases that lie in the box")
    density: float = column("1", "share of the box's draws that are cases")
    mass: float = column("1", "share of all draws that lie in the box")


def box_rows(verdict: str, boxes: Sequence[Box]) -> Iterator[BoxRow]:
    """The rows of all boxes, the surest demand first."""
    for number, box in enumerate(boxes, start=1):
        for side in box.sides:
            yield BoxRow(
                verdict,
                number,
                side.param,
                _finite(side.low),
                _finite(side.high),
                ";".join(side.kept),
                side.quasi_p_value,
                box.coverage,
                box.density,
                box.mass,
            )


def breakeven_row(param: str, found: Breakeven) -> DecisionRow:
    """The value at which a verdict turns; empty if it does not turn just once."""
    return decision_row(f"breakeven_{found.turn}", found.estimate, alternative=param)


def decision_row(
    metric: str, estimate: Estimate, *, alternative: str = "", commodity: str = ""
) -> DecisionRow:
    """A row of `decision`; what is not a number stays empty."""
    bounds = (_finite(estimate.ci_lo), _finite(estimate.ci_hi))
    return DecisionRow(metric, alternative, commodity, _finite(estimate.value), *bounds)


def decision_rows(decision: Decision) -> Iterator[DecisionRow]:
    """Means, tails, regrets and the worth of knowing; noise without its value."""
    for action in decision.actions:
        worst = Estimate(action.max_regret, math.nan, math.nan)
        for metric, estimate in (
            ("payoff_mean", action.mean),
            ("cvar", action.cvar),
            ("regret_mean", action.mean_regret),
            ("regret_max", worst),
            ("best_share", action.best_share),
        ):
            yield decision_row(metric, estimate, alternative=action.name)
    is_told = decision.evpi.is_above(0.0) or decision.evpi.value == 0.0
    nothing = Estimate(math.nan, math.nan, math.nan)
    yield decision_row("evpi", decision.evpi if is_told else nothing)


def exceedance_rows(
    metric: str, world: str, curve: Sequence[Exceedance]
) -> Iterator[ExceedanceRow]:
    """The rows of one curve, the lowest level first."""
    for step in curve:
        found = step.probability
        bounds = (found.value, found.ci_lo, found.ci_hi)
        yield ExceedanceRow(metric, world, step.level, *bounds)


def belief_rows(found: Disagreement, param: str, world: str) -> Iterator[DecisionRow]:
    """The share that sources disagree about, and the mean if one of them is right."""
    nothing = Estimate(math.nan, math.nan, math.nan)
    share = nothing if found.is_noise else found.share
    yield decision_row(f"disagreement {param}", share, alternative=world)
    for source, mean in found.believed.items():
        yield decision_row(f"mean if {source} is right", mean, alternative=world)


def waiting_rows(waiting: Waiting, *, alternative: str) -> Iterator[DecisionRow]:
    """What waiting is worth for one alternative."""
    yield decision_row("act_now", waiting.now, alternative=alternative)
    for metric, estimate in (
        ("wait_with_learning", waiting.wait_with_learning),
        ("wait_committed", waiting.wait_committed),
        ("delay_option", waiting.option_value),
        ("learning_value", waiting.information_value),
    ):
        yield decision_row(metric, estimate, alternative=alternative)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
