"""Everything that `railsim diff` says of two runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from railsim.results.comparing.inputs import InputChange, changed_inputs
from railsim.results.comparing.outputs import OutputChange, changed_outputs, key_names
from railsim.results.comparing.tables import TableChange, changed_tables
from railsim.results.reading import Run


@dataclass(frozen=True)
class Comparison:
    """Two runs and how they differ."""

    before: Run
    after: Run
    outputs: tuple[OutputChange, ...]
    """All that both have, the same ones too."""

    @cached_property
    def inputs(self) -> tuple[InputChange, ...]:
        """Those that differ."""
        return tuple(changed_inputs(self.before, self.after))

    @cached_property
    def tables(self) -> tuple[TableChange, ...]:
        """Those that differ, to the last digit."""
        return tuple(changed_tables(self.before, self.after))

    @property
    def is_same(self) -> bool:
        """No input and no cell of a table differs."""
        return not self.inputs and not self.tables

    @property
    def key_names(self) -> tuple[str, ...]:
        """What the keys of outputs are called."""
        return key_names(self.before)


def compare(before: Run, after: Run) -> Comparison:
    """Put a run beside an earlier one; raises InputError for a run and a sweep."""
    return Comparison(before, after, tuple(changed_outputs(before, after)))
