"""What a sweep says of chances: which mode is cheapest, how far, whom one believes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.results.answers.reading import Answers
from railsim.scenario.paths import quote
from railsim.study.analysis.deciding.actions import cheapest_share, exceedance_curve
from railsim.study.analysis.deciding.disagreement import disagreement
from railsim.study.analysis.tables import (
    DecisionRow,
    ExceedanceRow,
    belief_rows,
    decision_row,
    exceedance_rows,
)
from railsim.study.sweep.cells import World
from railsim.study.uncertainty.distributions import Mixture
from railsim.study.uncertainty.quantiles import part_of

Floats = NDArray[np.float64]
LEVELS = 41  # of a curve, from the least to the greatest value in any world


def cheapest_of(answers: Answers, metric: str, world: World) -> Iterator[DecisionRow]:
    """How likely each mode costs least, by whatever else divides the output.

    Raises InputError for an output that is not divided by mode.
    """
    output = answers.study.outputs.get(metric)
    if output is None or "mode" not in output.by:
        raise InputError(
            f"--cheapest {quote(metric)}: must be an output with by = [..., 'mode']"
        )
    place = output.by.index("mode")
    costs: dict[str, dict[str, Floats]] = {}
    for label in answers.metrics:
        name, *values = label.split(".")
        if name == metric and len(values) == len(output.by):
            mode = values.pop(place)
            group = costs.setdefault(".".join(values), {})
            group[mode] = answers.numbers(label, world)
    for group_name, modes in costs.items():
        if len(modes) > 1:
            yield from _shares(group_name, modes, world)


def _shares(
    group: str, costs: dict[str, Floats], world: World
) -> Iterator[DecisionRow]:
    known = np.any([np.isfinite(cost) for cost in costs.values()], axis=0)
    kept = {mode: cost[known] for mode, cost in costs.items()}
    for mode in costs if known.any() else ():
        yield decision_row(
            f"p_{mode}_cheapest",
            cheapest_share(kept, mode),
            alternative=world.name,
            commodity=group,
        )


def exceedance_of(
    answers: Answers, metric: str, worlds: Sequence[World]
) -> Iterator[ExceedanceRow]:
    """How likely an output is above each of the same levels, in every world."""
    values = {w.name: answers.numbers(metric, w) for w in worlds}
    known = {name: v[np.isfinite(v)] for name, v in values.items()}
    whole = np.concatenate(list(known.values()))
    if len(whole) == 0:
        raise InputError(f"{quote(metric)} has no value in any draw")
    levels = np.linspace(whole.min(), whole.max(), LEVELS).tolist()
    for name, found in known.items():
        if len(found):
            yield from exceedance_rows(metric, name, exceedance_curve(found, levels))


def beliefs_of(
    answers: Answers, metric: str, world: World, param: str
) -> Iterator[DecisionRow]:
    """What each source of an input would mean, and how much of the spread is theirs.

    Raises InputError for an input that is not drawn by source.
    """
    mixture = answers.study.uncertain.get(param)
    if not isinstance(mixture, Mixture) or mixture.drawn != "by_part":
        raise InputError(
            f"--believe {quote(param)}: must be an uncertain input of the study with "
            "dist = 'mixture' and drawn = 'by_part'"
        )
    points, values = answers.sample.points, answers.numbers(metric, world)
    whose = part_of(mixture, points.u[:, points.names.index(param)])
    known = np.isfinite(values)
    sources = [part.source or f"part {k}" for k, part in enumerate(mixture.parts, 1)]
    found = disagreement(values[known], whose[known], sources, seed=answers.seed)
    yield from belief_rows(found, param, world.name)
