"""What replications say, gathered as they come: numbers, not rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from railsim.outcome import Outcome, YearRow
from railsim.results.catalogue import (
    CALIBRATION,
    COST_COMPONENTS,
    DAYS,
    DEPARTURES,
    EFFECTS,
    EMISSIONS,
    FLOW_VALUES,
    LINE,
    RESOURCES,
    REVENUES,
    ROUTE_KEYS,
    ROUTE_VALUES,
    STEP_KEYS,
    STEP_VALUES,
    TRAINS,
)
from railsim.results.tables.columns import Table
from railsim.results.tables.money import MONEY
from railsim.results.tables.panel import Panel, Stack


def _stack_of(table: Table) -> Stack:
    return Stack(
        table.key_names,
        [value.name for value in table.values],
        [text.name for text in table.texts],
    )


def _stacks() -> dict[str, Stack]:
    """Field of an outcome -> its rows."""
    return {
        "routes": Stack(ROUTE_KEYS, ROUTE_VALUES),
        "flows": Stack(EFFECTS.key_names, FLOW_VALUES),
        "revenues": _stack_of(REVENUES),
        "steps": Stack(STEP_KEYS, STEP_VALUES),
        "costs": _stack_of(COST_COMPONENTS),
        "emissions": _stack_of(EMISSIONS),
        "resources": _stack_of(RESOURCES),
        "sections": _stack_of(LINE),
        "days": _stack_of(DAYS),
        "trains": _stack_of(TRAINS),
        "departures": _stack_of(DEPARTURES),
        "calibration": _stack_of(CALIBRATION),
        **{field: _stack_of(table) for field, table in MONEY.items()},
    }


@dataclass
class Gathered:
    """Outcomes in the order of their replications, by kind of row."""

    count: int = 0
    years: tuple[YearRow, ...] = ()
    warnings: list[tuple[str, ...]] = field(default_factory=list)
    _stacks: dict[str, Stack] = field(default_factory=_stacks)

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> Gathered:
        """All of them."""
        gathered = cls()
        for outcome in outcomes:
            gathered.add(outcome)
        return gathered

    def add(self, outcome: Outcome) -> None:
        """The next replication; nothing of it is kept but its numbers and keys."""
        for name, stack in self._stacks.items():
            stack.add(getattr(outcome, name))
        self.years = outcome.years
        self.warnings.append(outcome.warnings)
        self.count += 1

    def first(self, count: int) -> Gathered:
        """The same as if only so many replications had come."""
        return Gathered(count, self.years, self.warnings[:count], self._stacks)

    def panel(self, name: str) -> Panel:
        """Rows of a field of the outcomes, replications side by side."""
        return self._stacks[name].panel(self.count)
