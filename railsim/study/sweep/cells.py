"""The cells of a grid as alternatives of one scenario, so that they share each draw.

The cells of a draw are worlds of one evaluation: they share its taste, its luck and
the worlds that the grid does not touch.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from railsim.scenario import Scenario
from railsim.scenario.schema.run import Alternative
from railsim.study.files.schema import Grid

Levels = dict[str, str]  # axis -> level


@dataclass(frozen=True, slots=True)
class Cell:
    """One combination of levels, and what it lays over a world."""

    levels: Levels
    overlay: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The levels in the order of the axes."""
        return " ".join(self.levels.values())


@dataclass(frozen=True, slots=True)
class World:
    """An alternative in a cell; outside the grid the cell is empty."""

    name: str
    alternative: str
    cell: Levels

    @property
    def cell_name(self) -> str:
        """The levels in the order of the axes; empty outside the grid."""
        return " ".join(self.cell.values())


def cells_of(grid: Grid | None) -> list[Cell]:
    """All combinations of levels, the last axis fastest; none without a grid."""
    if grid is None:
        return []
    cells = []
    for levels in itertools.product(*(axis.items() for axis in grid.axes.values())):
        names = dict(zip(grid.axes, (name for name, _ in levels), strict=True))
        overlay = {k: v for _, values in levels for k, v in values.items()}
        cells.append(Cell(names, overlay))
    return cells


def cell_of(grid: Grid, levels: Mapping[str, str]) -> str:
    """The name of a cell from a level for each axis."""
    return " ".join(levels[axis] for axis in grid.axes)


def worlds_of(alternatives: Mapping[str, Any], grid: Grid | None) -> list[World]:
    """The worlds of a draw, in the order of alternatives and cells."""
    found = []
    for name in alternatives:
        if grid is None or name not in grid.alternatives:
            found.append(World(name, name, {}))
            continue
        found += [World(f"{name} {c.name}", name, c.levels) for c in cells_of(grid)]
    return found


def with_cells(scenario: Scenario, grid: Grid | None) -> Scenario:
    """The scenario with an alternative for every world of the grid."""
    if grid is None:
        return scenario
    overlays = {tuple(cell.levels.values()): cell.overlay for cell in cells_of(grid)}
    alternatives = {}
    for world in worlds_of(scenario.alternatives, grid):
        own = scenario.alternatives[world.alternative]
        laid = overlays.get(tuple(world.cell.values()), {})
        alternatives[world.name] = Alternative(
            title=own.title, overlay={**own.overlay, **laid}
        )
    return scenario.model_copy(update={"alternatives": alternatives})
