"""What a sweep says: which input matters, where something happens, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.results.answers.reading import Answers
from railsim.scenario.paths import quote
from railsim.study.analysis.deciding.actions import decide
from railsim.study.analysis.deciding.information import (
    signal_of,
    value_of_waiting,
    worth_of_inputs,
)
from railsim.study.analysis.explaining.boxes import Box, Flags
from railsim.study.analysis.explaining.by_design import explain, inputs_of
from railsim.study.analysis.explaining.discovery import find_boxes, peeling
from railsim.study.analysis.explaining.tree import grow_tree
from railsim.study.analysis.explaining.variance import noise_share
from railsim.study.analysis.indices import (
    LUCK,
    Index,
    SensitivityRow,
    sensitivity_rows,
)
from railsim.study.analysis.inputs import Inputs
from railsim.study.analysis.precision import share_estimate
from railsim.study.analysis.resampling import Estimate
from railsim.study.analysis.tables import (
    BoxRow,
    DecisionRow,
    box_rows,
    decision_row,
    decision_rows,
    waiting_rows,
)
from railsim.study.sweep.cells import World
from railsim.study.sweep.expressions import Condition

Floats = NDArray[np.float64]
Find = Callable[[Inputs, Flags], tuple[Box, ...]]
MOST_BOXES = 3
NOTHING = Estimate(np.nan, np.nan, np.nan)


@dataclass(frozen=True, slots=True)
class Method:
    """A way to find boxes, and the table that holds them."""

    find: Find
    table: str


METHODS = {
    "prim": Method(partial(find_boxes, most=MOST_BOXES), "boxes"),
    "peeling": Method(peeling, "peeling"),
    "cart": Method(grow_tree, "tree"),
}


def sensitivity_of(
    answers: Answers, metrics: Sequence[str], world: World
) -> Iterator[SensitivityRow]:
    """Every index of these outputs that the design can give.

    An output that does not vary is passed over unless it is the only one.
    """
    for metric in metrics:
        values = answers.numbers(metric, world)
        try:
            indices = explain(answers.sample, values, seed=answers.seed)
        except InputError:
            if len(metrics) == 1:
                raise
            continue
        luck = _noise(answers, metric, world)
        yield from sensitivity_rows(f"{metric} of {world.name}", (*luck, *indices))


def _noise(answers: Answers, metric: str, world: World) -> Iterator[Index]:
    """The share of the variance of one run that is luck, where draws were repeated."""
    table = answers.by_replication(metric, world)
    whole = table[np.all(np.isfinite(table), axis=1)]
    if min(whole.shape) >= 2 and np.ptp(whole) > 0:
        yield Index("noise_share", LUCK, noise_share(whole), 0.0, is_noise=False)


def boxes_of(
    answers: Answers, when: Condition, world: World, method: str = "prim"
) -> Iterator[BoxRow]:
    """Where a condition holds, as boxes of inputs that one of METHODS finds."""
    values = answers.numbers(when.metric, world)
    known = np.isfinite(values)
    inputs = inputs_of(answers.sample, known)
    boxes = METHODS[method].find(inputs, when.holds(values[known]))
    yield from box_rows(str(when), boxes)


def payoffs_of(answers: Answers, metric: str, alternative: str) -> dict[str, Floats]:
    """Action -> payoff in each draw: the cells of an alternative, or alternatives."""
    worlds = [w for w in answers.worlds if w.alternative == alternative and w.cell]
    if not worlds:
        return {w.name: answers.numbers(metric, w) for w in answers.worlds}
    return {w.cell_name: answers.numbers(metric, w) for w in worlds}


def decision_of(
    answers: Answers, payoffs: dict[str, Floats], tail_share: float
) -> Iterator[DecisionRow]:
    """Means, tails, regrets, and what knowing everything or one input is worth."""
    decision = decide(payoffs, tail_share=tail_share, seed=answers.seed)
    yield from decision_rows(decision)
    table = np.stack(list(payoffs.values()))
    whole = np.all(np.isfinite(table), axis=0)
    kept = {name: values[whole] for name, values in payoffs.items()}
    inputs = inputs_of(answers.sample, whole)
    try:
        worths = worth_of_inputs(kept, inputs, seed=answers.seed)
    except InputError:
        return  # too few draws for it
    for index in worths:
        told = NOTHING if index.is_noise else index.estimate
        yield decision_row("evppi", told, alternative=index.param)


def chances_of(answers: Answers, when: Condition) -> Iterator[DecisionRow]:
    """How likely a condition is in every world."""
    for world in answers.worlds:
        values = answers.numbers(when.metric, world)
        known = values[np.isfinite(values)]
        if len(known):
            estimate = share_estimate(when.holds(known))
            yield decision_row(f"P({when})", estimate, alternative=world.name)


def waiting_of(
    answers: Answers,
    payoffs: dict[str, Floats],
    now: str,
    later: str,
    learnt: tuple[str, float] | None,
) -> Iterator[DecisionRow]:
    """What acting later instead of now is worth, with what is learnt until then.

    `learnt` an input and how well a signal of it correlates with the truth; without
    it, everything is known by then. Raises InputError for unknown names.
    """
    for name in (now, later):
        if name not in payoffs:
            raise InputError(f"--wait: the sweep has no cell {quote(name)}")
    whole = np.isfinite(payoffs[now]) & np.isfinite(payoffs[later])
    signal = None if learnt is None else _signal(answers, *learnt)[whole]
    found = value_of_waiting(
        payoffs[now][whole], payoffs[later][whole], signal=signal, seed=answers.seed
    )
    yield from waiting_rows(found, alternative=f"{now} or {later}")


def _signal(answers: Answers, name: str, correlation: float) -> Floats:
    points = answers.sample.points
    if name not in points.names:
        raise InputError(f"--learn: {quote(name)} is no uncertain input of the study")
    if not 0.0 <= correlation <= 1.0:
        raise InputError("--learn: a correlation lies between 0 and 1")
    truth = points.u[:, points.names.index(name)]
    return signal_of(truth, correlation, name=name, seed=answers.seed)
