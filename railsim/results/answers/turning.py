"""The value of one input at which a verdict on a study turns."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.results.sweeps.planning import Progress, Sweep
from railsim.scenario.paths import quote
from railsim.study.analysis.deciding.breakeven import Breakeven, find_breakeven
from railsim.study.analysis.goals import Verdict
from railsim.study.sweep.crews import Crew, answer_chunks

Floats = NDArray[np.float64]
TOLERANCE_SHARE = 1e-3  # of the range
Plan = Callable[[float], Sweep]  # value of the input -> the study with it


@dataclass(frozen=True, slots=True)
class Range:
    """Where a verdict is looked for, and at how many values first."""

    low: float
    high: float
    scans: int


def breakeven_of(
    plan: Plan,
    verdict: Verdict,
    world: str,
    span: Range,
    *,
    crew: Crew,
    progress: Progress,
) -> Breakeven:
    """Evaluate all draws of a study at some values of an input, the same draws always.

    `world` is the name of the world that is judged.
    """

    def ask(value: float) -> Floats:
        sweep = plan(value)
        progress.expect(sum(len(c.draws) for _, c in sweep.chunks()))
        return _numbers(sweep, verdict.metric, world, crew, progress)

    first = plan(span.low)
    names = [w.name for w in first.shared.worlds]
    if world not in names:
        raise InputError(f"the study has no world {quote(world)}: {', '.join(names)}")
    if verdict.metric not in first.shared.outputs:
        raise InputError(f"the study has no output {quote(verdict.metric)}")
    return find_breakeven(
        ask,
        verdict,
        low=span.low,
        high=span.high,
        scans=span.scans,
        tolerance=TOLERANCE_SHARE * (span.high - span.low),
        seed=first.shared.seed,
    )


def _numbers(
    sweep: Sweep, metric: str, world: str, crew: Crew, progress: Progress
) -> Floats:
    """The output in each draw; NaN where it failed."""
    place = [w.name for w in sweep.shared.worlds].index(world)
    fidelity, count = next(iter(sweep.levels.items()))
    found = np.full(count, np.nan)
    chunks = (chunk for _, chunk in sweep.chunks() if chunk.fidelity == fidelity)
    for chunk, answers in answer_chunks(sweep.text, chunks, crew):
        for answer in answers:
            values = [
                math.nan if n.value is None else n.value
                for n in answer.numbers
                if n.world == place and n.metric == metric
            ]
            if values:
                found[answer.draw] = math.fsum(values) / len(values)
        progress.advance(len(chunk.draws))
    return found
