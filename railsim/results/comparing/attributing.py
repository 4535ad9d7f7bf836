"""How much of each change each input caused.

Up to MOST groups of inputs share a change by Shapley's values: a group's part is what
it adds, averaged over all orders in which the groups could have been changed. With more
groups one order is taken, that of the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from railsim.errors import InputError
from railsim.formulas.sensitivity import shapley_values
from railsim.results.comparing.inputs import InputChange, laid_over
from railsim.results.comparing.outputs import Cell, Outputs
from railsim.results.tables.panel import Floats, mean_and_half_width
from railsim.scenario import Scenario, ScenarioError, scenario_of
from railsim.scenario.paths import join_path

MOST = 8
DEPTHS = {"input": 99, "record": 2, "table": 1}  # how much of a path names a group
Evaluate = Callable[[Scenario], Outputs]


@dataclass(frozen=True, slots=True)
class Group:
    """Inputs that are changed together."""

    name: str
    changes: tuple[InputChange, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one group did to one output, with its 95 % half-width."""

    value: float
    half_width: float


@dataclass(frozen=True)
class Attribution:
    """The parts of every output, in the order of the groups."""

    groups: tuple[Group, ...]
    parts: Mapping[Cell, tuple[Part, ...]]
    is_ordered: bool
    """Whether the groups were changed in one order only."""


def groups_of(changes: Sequence[InputChange], by: str | None) -> list[Group]:
    """Changes by input, record or table; without a word, as finely as MOST allows."""
    if by is not None:
        return _grouped(changes, DEPTHS[by])
    ways = [_grouped(changes, depth) for depth in DEPTHS.values()]
    return next((groups for groups in ways if len(groups) <= MOST), ways[-1])


def _grouped(changes: Sequence[InputChange], depth: int) -> list[Group]:
    found: dict[str, list[InputChange]] = {}
    for change in changes:
        found.setdefault(join_path(change.path[:depth]), []).append(change)
    return [Group(name, tuple(some)) for name, some in found.items()]


@dataclass(frozen=True)
class Mixtures:
    """The scenarios between two: some groups as they are after, the rest as before."""

    before: dict[str, Any]
    groups: tuple[Group, ...]
    _made: dict[int, Scenario] = field(default_factory=dict, repr=False, compare=False)
    """Checked once, though asked for before the work and in it."""

    def sets(self) -> list[int]:
        """The groups that are changed together, one bit each, in order of work."""
        count = len(self.groups)
        if count <= MOST:
            return list(range(1 << count))
        return [(1 << number) - 1 for number in range(count + 1)]

    def scenario(self, chosen: int) -> Scenario:
        """One mixture; raises ScenarioError where these inputs do not fit together."""
        if chosen not in self._made:
            self._made[chosen] = self._make(chosen)
        return self._made[chosen]

    def _make(self, chosen: int) -> Scenario:
        some = [g for number, g in enumerate(self.groups) if chosen >> number & 1]
        changes = [change for group in some for change in group.changes]
        return scenario_of(laid_over(self.before, changes))


def mixtures_of(before: dict[str, Any], groups: Sequence[Group]) -> Mixtures:
    """Groups that cannot be changed alone become one.

    Raises InputError if even then some mixtures are no scenarios.
    """
    alone = _separable(before, groups)
    bound = [group for group in groups if group not in alone]
    if bound:
        name = " with ".join(group.name for group in bound)
        together = tuple(change for group in bound for change in group.changes)
        alone.append(Group(name, together))
    mixtures = Mixtures(before, tuple(alone))
    for chosen in mixtures.sets():
        try:
            mixtures.scenario(chosen)
        except ScenarioError as error:
            first = str(error).partition("\n")[0]
            raise InputError(
                f"these inputs cannot be changed one by one: {first}"
            ) from None
    return mixtures


def _separable(before: dict[str, Any], groups: Sequence[Group]) -> list[Group]:
    """Groups that fit both alone and as the only ones that are missing."""
    mixtures = Mixtures(before, tuple(groups))
    whole = (1 << len(groups)) - 1
    fitting = []
    for number, group in enumerate(groups):
        try:
            mixtures.scenario(1 << number)
            mixtures.scenario(whole ^ 1 << number)
        except ScenarioError:
            continue
        fitting.append(group)
    return fitting


def attribute(
    mixtures: Mixtures, evaluate: Evaluate, known: Mapping[int, Outputs]
) -> Attribution:
    """Evaluate every mixture whose outputs are not known, and divide the changes."""
    found = [
        known[chosen] if chosen in known else evaluate(mixtures.scenario(chosen))
        for chosen in mixtures.sets()
    ]
    groups = mixtures.groups
    is_ordered = len(groups) > MOST
    cells = [cell for cell in found[0] if cell in found[-1]]
    parts = {
        cell: tuple(_parts(_stacked(found, cell), is_ordered=is_ordered))
        for cell in cells
    }
    return Attribution(groups, parts, is_ordered)


def _stacked(found: Sequence[Outputs], cell: Cell) -> Floats:
    nothing = np.full_like(found[0][cell], np.nan)
    return np.stack([outputs.get(cell, nothing) for outputs in found])


def _parts(worths: Floats, *, is_ordered: bool) -> Iterator[Part]:
    shares = np.diff(worths, axis=0) if is_ordered else shapley_values(worths)
    means, half_widths = mean_and_half_width(shares)
    for value, half_width in zip(means.tolist(), half_widths.tolist(), strict=True):
        yield Part(value, half_width)
