"""From numbers to outcomes: passed, failed, or no telling.

A change since the baseline is paired draw by draw where both have the same futures,
else it is Welch's. All metrics together raise a false alarm with the chance that the
file states, by Holm's rule. Source: Welch 1947; Holm 1979; Wilson 1927.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from scipy.special import stdtr, stdtrit

from railsim.results.gates.measuring import HALF, Measured
from railsim.results.gates.schema import Baseline, Checks, Reading, Threshold, Verdict
from railsim.study.analysis.precision import quantile_estimate, share_estimate

Result = Literal["passed", "failed", "undecided"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one check."""

    name: str
    result: Result
    detail: str
    line: int = 0
    """Of the file of checks."""


@dataclass(frozen=True, slots=True)
class Change:
    """Now less the baseline: difference, its standard error and degrees of freedom."""

    difference: float
    error: float
    freedom: float
    is_paired: bool

    @property
    def half_width(self) -> float:
        """Of the 95 % interval; infinite where the noise is not known."""
        if math.isnan(self.error):
            return math.inf
        return float(stdtrit(max(self.freedom, 1.0), HALF)) * self.error

    def chance(self, allowed: float) -> float:
        """Of a difference this far from 0 where the true one is at most `allowed`.

        The largest over all true ones, which is that at the bound itself.
        """
        size = abs(self.difference)
        if size <= allowed:
            return 1.0
        if math.isnan(self.error):
            return math.nan
        if self.error == 0.0:
            return 0.0
        near, far = (allowed - size) / self.error, (-allowed - size) / self.error
        return float(stdtr(self.freedom, near) + stdtr(self.freedom, far))


def judge(
    checks: Checks,
    now: Mapping[str, Measured],
    before: Mapping[str, Measured] | None,
    *,
    is_paired: bool,
) -> Iterator[Outcome]:
    """The outcome of every check; the baseline's only if there is one.

    `is_paired`: draws of both are of the same futures.
    """
    for threshold in checks.thresholds:
        yield _judge_threshold(threshold, now[threshold.metric])
    for verdict in checks.verdicts:
        yield _judge_verdict(verdict, now)
    if checks.baseline is not None and before is not None:
        yield from _judge_changes(checks.baseline, now, before, is_paired)


def _judge_threshold(told: Threshold, found: Measured) -> Outcome:
    value, low, high = statistic_of(told, found)
    name = f"{told.statistic} of {told.metric}"
    limits = (
        -math.inf if told.at_least is None else told.at_least,
        math.inf if told.at_most is None else told.at_most,
    )
    said = f"{value:.5g} ({low:.5g} to {high:.5g})"
    if told.at_least is not None:
        said += f", at least {told.at_least:g}"
    if told.at_most is not None:
        said += f", at most {told.at_most:g}"
    if told.half_width is not None and not (high - low) / 2.0 <= told.half_width:
        return Outcome(name, "undecided", f"{said}: wider than ± {told.half_width:g}")
    if high < limits[0] or low > limits[1]:
        return Outcome(name, "failed", said)
    is_inside = limits[0] <= low and high <= limits[1]
    return Outcome(name, "passed" if is_inside else "undecided", said)


def statistic_of(told: Reading, found: Measured) -> tuple[float, float, float]:
    """Value and 95 % interval; what needs draws and has none is not known."""
    if told.statistic == "mean":
        return found.mean, *found.interval()
    draws = np.array(found.draws)
    draws = draws[np.isfinite(draws)]
    if len(draws) == 0:
        return math.nan, -math.inf, math.inf
    if told.level is not None:
        estimate = share_estimate(draws > told.level)
    else:
        estimate = quantile_estimate(draws, float(told.statistic[1:]) / 100.0)
    return estimate.value, estimate.ci_lo, estimate.ci_hi


def _judge_verdict(told: Verdict, now: Mapping[str, Measured]) -> Outcome:
    """Every step of the ranking, the worst of them first."""
    said, results = [], []
    for less, more in pairwise(told.ranking):
        step = change_of(now[more], now[less], is_paired=True)
        half = step.half_width
        is_clear = abs(step.difference) > half or half == 0.0
        holds = step.difference > 0.0
        result: Result = ("passed" if holds else "failed") if is_clear else "undecided"
        results.append(result)
        said.append(f"{more} less {less} is {step.difference:.5g} ± {half:.3g}")
    worst = next(r for r in ("failed", "undecided", "passed") if r in results)
    return Outcome(told.says, worst, "; ".join(said))


def _judge_changes(
    told: Baseline,
    now: Mapping[str, Measured],
    before: Mapping[str, Measured],
    is_paired: bool,
) -> Iterator[Outcome]:
    names = told.metrics or tuple(now)
    changes = {
        name: change_of(now[name], before[name], is_paired=is_paired)
        for name in names
        if name in before
    }
    chances = {n: c.chance(_allowed(told, before[n])) for n, c in changes.items()}
    alarmed = holm(chances, told.level)
    for name in names:
        title = f"{name} since the baseline"
        if name not in changes:
            yield Outcome(title, "undecided", "the baseline does not know it")
            continue
        said = _say_change(changes[name], before[name])
        if math.isnan(chances[name]):
            yield Outcome(title, "undecided", f"{said}: one replication has no noise")
        else:
            yield Outcome(title, "failed" if name in alarmed else "passed", said)


def _allowed(told: Baseline, before: Measured) -> float:
    return max(told.absolute, told.relative * abs(before.mean))


def _say_change(change: Change, before: Measured) -> str:
    how = "paired" if change.is_paired else "unpaired"
    return (
        f"{before.mean:.6g} became {before.mean + change.difference:.6g}, a change of "
        f"{change.difference:.4g} ± {change.half_width:.3g} ({how})"
    )


def change_of(now: Measured, before: Measured, *, is_paired: bool) -> Change:
    """The change of a mean; paired if asked for and draws pair off."""
    difference = now.mean - before.mean
    if is_paired and _pairs_off(now, before):
        steps = np.array(now.draws) - np.array(before.draws)
        steps = steps[np.isfinite(steps)]
        count = len(steps)
        spread = float(np.std(steps, ddof=1)) if count > 1 else math.nan
        mean = float(np.mean(steps))
        return Change(mean, spread / math.sqrt(count), count - 1.0, True)
    parts = (now.error**2, before.error**2)
    whole = math.fsum(parts)
    freedom = math.inf
    if whole > 0.0:
        freedom = whole**2 / math.fsum(
            part**2 / max(each.count - 1, 1)
            for part, each in zip(parts, (now, before), strict=True)
        )
    return Change(difference, math.sqrt(whole), freedom, False)


def _pairs_off(now: Measured, before: Measured) -> bool:
    """Whether some draws of both are of the same future."""
    if len(now.draws) != len(before.draws):
        return False
    return bool(np.isfinite(np.array(now.draws) - np.array(before.draws)).any())


def holm(chances: Mapping[str, float], level: float) -> set[str]:
    """Names whose chance is too small, all together at most `level` false alarms."""
    known = sorted((p, name) for name, p in chances.items() if not math.isnan(p))
    alarmed: set[str] = set()
    for rank, (chance, name) in enumerate(known):
        if chance > level / (len(known) - rank):
            break
        alarmed.add(name)
    return alarmed
