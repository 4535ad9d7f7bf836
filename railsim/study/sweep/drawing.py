"""One draw of a study, evaluated on all cells and measured: a pure function.

What every draw shares travels as one text, so that any executor can carry it and a
worker makes the scenario of it once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from railsim.case import evaluate
from railsim.engine.analytic.years import UNSOLVED
from railsim.errors import DeadlockError, RailsimError
from railsim.outcome import Outcome
from railsim.scenario import Scenario, ScenarioError, scenario_of
from railsim.scenario.overlays import lay_over
from railsim.sharing import once_for
from railsim.study.files.schema import Grid, Output
from railsim.study.sweep.cells import World, with_cells, worlds_of
from railsim.study.sweep.metrics import measure_worlds

MOST_DRAWS = 1_000_000  # luck of further replications begins beyond these

FAILURES = (RailsimError, DeadlockError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Draw:
    """A point of a study: which luck it has, and what it lays over the scenario."""

    number: int
    luck: int
    overlay: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Number:
    """One output of one world under one year of luck."""

    replication: int
    world: int
    metric: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a draw: numbers, or why there are none."""

    draw: int
    numbers: tuple[Number, ...] = ()
    failure: str = ""
    is_killed: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """What all draws of a study have in common."""

    tables: Mapping[str, Any]
    outputs: Mapping[str, Output]
    grid: Grid | None
    seed: int
    replications: int

    @property
    def worlds(self) -> list[World]:
        """The worlds of every draw."""
        return worlds_of(self.tables["alternatives"], self.grid)


def write_shared(shared: Shared) -> str:
    """As a text that travels."""
    return json.dumps(
        {
            "tables": shared.tables,
            "outputs": {n: o.model_dump() for n, o in shared.outputs.items()},
            "grid": None if shared.grid is None else shared.grid.model_dump(),
            "seed": shared.seed,
            "replications": shared.replications,
        },
        ensure_ascii=False,
    )


@lru_cache(maxsize=4)
def read_shared(text: str) -> Shared:
    """Back from a text."""
    said = json.loads(text)
    outputs = {
        name: Output.model_validate_json(json.dumps(output))
        for name, output in said["outputs"].items()
    }
    grid = said["grid"]
    return Shared(
        tables=said["tables"],
        outputs=outputs,
        grid=None if grid is None else Grid.model_validate_json(json.dumps(grid)),
        seed=said["seed"],
        replications=said["replications"],
    )


def answer_draws(text: str, fidelity: str, draws: Sequence[Draw]) -> tuple[Answer, ...]:
    """Evaluate draws one after another; a draw that cannot be is a failed one."""
    shared = read_shared(text)
    return tuple(_answer(shared, fidelity, draw) for draw in draws)


def _answer(shared: Shared, fidelity: str, draw: Draw) -> Answer:
    try:
        return Answer(draw.number, tuple(_numbers(shared, fidelity, draw)))
    except FAILURES as error:
        return Answer(draw.number, failure=_reason(error))


def _numbers(shared: Shared, fidelity: str, draw: Draw) -> list[Number]:
    scenario = scenario_of_draw(shared, fidelity, draw)
    worlds = shared.worlds
    places = {world.name: i for i, world in enumerate(worlds)} | {"": -1}
    kinds = {output.table for output in shared.outputs.values()}
    numbers = []
    for i in range(shared.replications):
        luck = draw.luck + i * MOST_DRAWS
        outcome = evaluate(scenario, shared.seed, replication=luck, kinds=kinds)
        _demand_fixed_point(outcome)
        found = measure_worlds(outcome, shared.outputs, worlds)
        numbers += [
            Number(i, places[world], metric, value)
            for (world, metric), value in found.items()
        ]
    return numbers


def scenario_of_draw(shared: Shared, fidelity: str, draw: Draw) -> Scenario:
    """The scenario of a draw with its cells; raises ScenarioError."""
    values = {**draw.overlay, "run.fidelity": fidelity}
    base = _base_of(shared.tables)
    checked, problems = lay_over(base, shared.tables, values, label="draw")
    if checked is None or checked.scenario is None:
        raise ScenarioError(problems)
    return with_cells(checked.scenario, shared.grid)


@once_for(most=4)
def _base_of(tables: Mapping[str, Any]) -> Scenario:
    """The scenario that draws are laid over."""
    return scenario_of(tables)


def _demand_fixed_point(outcome: Outcome) -> None:
    """Closed forms that never agreed with themselves are no answer."""
    for warning in outcome.warnings:
        if warning.startswith(UNSOLVED):
            raise ArithmeticError(warning)


def _reason(error: BaseException) -> str:
    """The first line of what went wrong."""
    if isinstance(error, ScenarioError):
        return str(error.problems[0]).partition("\n")[0]
    text = str(error).partition("\n")[0]
    if isinstance(error, RailsimError):
        return text
    return f"{type(error).__name__}: {text}"
