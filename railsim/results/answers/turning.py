"""The value of one input at which a verdict on a study turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.results.answers.reading import Answers, open_sweep
from railsim.results.store import check_root, make_folder
from railsim.results.sweeps.planning import Progress, Sweep
from railsim.results.sweeps.running import run_sweep
from railsim.scenario.paths import quote
from railsim.study.analysis.deciding.breakeven import (
    Breakeven,
    breakeven_on_grid,
    find_breakeven,
)
from railsim.study.analysis.goals import Verdict
from railsim.study.sweep.cells import World
from railsim.study.sweep.crews import Crew

Floats = NDArray[np.float64]
TOLERANCE_SHARE = 1e-3  # of the range
Plan = Callable[[float], Sweep]  # value of the input -> the study with it


@dataclass(frozen=True, slots=True)
class Range:
    """Where a verdict is looked for, and at how many values first."""

    low: float
    high: float
    scans: int


def folder_of_turns(root: Path, sweep: Sweep) -> Path:
    """Where the sweeps of a break-even are kept; raises StorageError."""
    check_root(root)
    return make_folder(root / f"{sweep.planned.stem}-breakeven")


def breakeven_of(
    plan: Plan,
    verdict: Verdict,
    world: str,
    span: Range,
    *,
    folder: Path,
    crew: Crew,
    progress: Progress,
) -> Breakeven:
    """Evaluate all draws of a study at some values of an input, the same draws always.

    `world` is the name of the world that is judged. The sweep at each value is kept in
    a folder of its own in `folder`: asked again, or after a kill, only what is missing
    is computed. Raises InputError for an unknown world or output.
    """
    first = plan(span.low)
    names = [w.name for w in first.shared.worlds]
    if world not in names:
        raise InputError(f"the study has no world {quote(world)}: {', '.join(names)}")
    if verdict.metric not in first.shared.outputs:
        raise InputError(f"the study has no output {quote(verdict.metric)}")

    def ask(value: float) -> Floats:
        answers = open_sweep(run_sweep(plan(value), folder, crew, progress).folder)
        judged = next(w for w in answers.worlds if w.name == world)
        return answers.numbers(verdict.metric, judged)

    return find_breakeven(
        ask,
        verdict,
        low=span.low,
        high=span.high,
        scans=span.scans,
        tolerance=TOLERANCE_SHARE * (span.high - span.low),
        seed=first.shared.seed,
    )


def breakeven_on_axis(
    answers: Answers, axis: str, verdict: Verdict, world: World
) -> Breakeven:
    """The same along an axis of a grid whose levels are numbers, from its draws.

    The other axes stay where `world` is. Raises InputError for an axis that is not
    there or whose levels are not numbers.
    """
    grid = answers.study.grid
    if grid is None or axis not in grid.axes or axis not in world.cell:
        known = ", ".join(grid.axes) if grid else "none"
        raise InputError(f"the sweep has no axis {quote(axis)}: {known}")
    try:
        levels = sorted((float(level), level) for level in grid.axes[axis])
    except ValueError:
        raise InputError(f"axis {quote(axis)}: its levels are not numbers") from None
    if len(levels) < 2:
        raise InputError(f"axis {quote(axis)}: has one level")
    cells = [" ".join({**world.cell, axis: name}.values()) for _, name in levels]
    rows = [
        answers.numbers(verdict.metric, answers.world(world.alternative, cell))
        for cell in cells
    ]
    values = np.array([level for level, _ in levels])
    return breakeven_on_grid(values, np.stack(rows), verdict, seed=answers.seed)
