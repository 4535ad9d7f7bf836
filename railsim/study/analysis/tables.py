"""Rows of the tables that tell what a sweep says, one kind a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.rows import column
from railsim.study.analysis.deciding.actions import Decision
from railsim.study.analysis.deciding.breakeven import Breakeven
from railsim.study.analysis.deciding.information import Waiting
from railsim.study.analysis.explaining.discovery import Box
from railsim.study.analysis.indices import known
from railsim.study.analysis.precision import paired_difference
from railsim.study.analysis.resampling import Estimate

Floats = NDArray[np.float64]
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


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
class SweepGridRow:
    """One metric in one cell of a sweep, over all its draws."""

    scope: str = column("id", "what is built; empty if the study does not vary it")
    start: str = column("id", "start of construction; empty if not varied")
    package: str = column("id", "financing package; empty if not varied")
    metric: str = column("id", "metric of the study")
    p05: float | None = column("see metric", "a twentieth of the draws is below")
    p25: float | None = column("see metric", "a quarter is below")
    p50: float | None = column("see metric", "half are below")
    p75: float | None = column("see metric", "three quarters are below")
    p95: float | None = column("see metric", "all but a twentieth are below")
    mean: float | None = column("see metric", "mean of the draws")
    sd: float | None = column("see metric", "standard deviation of the draws")
    n: int = column("1", "draws that succeeded")
    diff_vs_ref_mean: float | None = column("see metric", "mean less the reference's")
    diff_ci_lo: float | None = column("see metric", "lower end, 95 %, paired by draw")
    diff_ci_hi: float | None = column("see metric", "upper end, 95 %, paired by draw")
    variance_ratio: float | None = column(
        "1", "variance of unpaired over that of paired differences; empty: no variance"
    )


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


def sweep_grid_row(
    cell: Mapping[str, str], metric: str, values: Floats, reference: Floats
) -> SweepGridRow:
    """Quantiles, mean and paired difference to the reference cell; NaN is a failure.

    `cell` axis -> name of its value; axes are scope, start and package.
    """
    good = values[np.isfinite(values)]
    levels = _levels(good)
    pair = paired_difference(values, reference) if _pairs(values, reference) else None
    change = pair.difference if pair else Estimate(math.nan, math.nan, math.nan)
    return SweepGridRow(
        cell.get("scope", ""),
        cell.get("start", ""),
        cell.get("package", ""),
        metric,
        p05=levels[0],
        p25=levels[1],
        p50=levels[2],
        p75=levels[3],
        p95=levels[4],
        mean=float(np.mean(good)) if len(good) else None,
        sd=float(np.std(good, ddof=1)) if len(good) > 1 else None,
        n=len(good),
        diff_vs_ref_mean=known(change.value),
        diff_ci_lo=known(change.ci_lo),
        diff_ci_hi=known(change.ci_hi),
        variance_ratio=_finite(pair.variance_ratio) if pair else None,
    )


def _levels(values: Floats) -> list[float | None]:
    if len(values) == 0:
        return [None] * len(QUANTILES)
    return [float(level) for level in np.quantile(values, QUANTILES)]


def _pairs(values: Floats, reference: Floats) -> int:
    return int(np.count_nonzero(np.isfinite(values) & np.isfinite(reference)))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
