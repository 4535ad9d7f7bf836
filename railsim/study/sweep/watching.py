"""Whether the draws so far are enough, asked at fixed counts of draws.

Only the draws up to a count decide at that count, so the answer does not depend on who
computed which draw first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from railsim.study.analysis.stopping import is_enough, progress_towards
from railsim.study.files.schema import Grid, Rule, Stopping
from railsim.study.sweep.cells import cell_of

Key = tuple[str, str, str]  # cell, alternative, metric


@dataclass
class Watch:
    """The numbers that a stopping rule looks at, as they come."""

    stopping: Stopping | None
    grid: Grid | None
    size: int
    known: dict[int, Mapping[Key, float | None]] = field(default_factory=dict)
    asked: int = 0
    enough: int | None = None

    def note(self, draw: int, numbers: Mapping[Key, float | None]) -> None:
        """What came of a draw; a failed one has no numbers."""
        keys = [self.key_of(rule) for rule in self._rules]
        self.known[draw] = {key: numbers.get(key) for key in keys}

    @property
    def count(self) -> int:
        """Draws that count: all, or the first count that is enough."""
        return self.size if self.enough is None else self.enough

    def is_enough(self) -> bool:
        """Ask at every count that is complete and was not asked yet."""
        if self.stopping is None or self.enough is not None:
            return self.enough is not None
        for count in self._counts():
            if any(draw not in self.known for draw in range(self.asked, count)):
                return False
            self.asked = count
            if all(self._is_met(rule, count) for rule in self._rules):
                self.enough = count
                return True
        return False

    @property
    def _rules(self) -> tuple[Rule, ...]:
        return () if self.stopping is None else self.stopping.rules

    def _counts(self) -> list[int]:
        assert self.stopping is not None
        counts = range(self.stopping.least, self.size + 1, self.stopping.every)
        return [count for count in counts if count > self.asked]

    def _is_met(self, rule: Rule, count: int) -> bool:
        key = self.key_of(rule)
        told = (self.known[draw].get(key) for draw in range(count))
        values = np.array([np.nan if v is None else v for v in told])
        return is_enough(progress_towards((rule,), {rule.metric: values}))

    def key_of(self, rule: Rule) -> Key:
        """Cell, alternative and output of a rule; the reference cell if none is named.

        Alternatives that the grid does not touch have no cell.
        """
        grid = self.grid
        if grid is None or rule.alternative not in grid.alternatives:
            return "", rule.alternative, rule.metric
        cell = cell_of(grid, rule.cell or grid.reference)
        return cell, rule.alternative, rule.metric
