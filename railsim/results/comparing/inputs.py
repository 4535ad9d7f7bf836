"""Which inputs differ between two runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from railsim.results.reading import Run
from railsim.results.sweeps.gathering import STUDY
from railsim.scenario.files.merging import TAGS
from railsim.scenario.paths import Segments, copy_tables


@dataclass(frozen=True, slots=True)
class InputChange:
    """An input that differs; None where a run does not have it."""

    path: Segments
    before: Any
    after: Any


def changed_inputs(before: Run, after: Run) -> list[InputChange]:
    """Every input that differs, in the order of the scenario.

    A table that only one run has, or of another kind, is one input. The inputs of a
    sweep are those of its scenario and, below study.json, of its study.
    """
    return list(changes_of(assumed(before), assumed(after), ()))


def assumed(run: Run) -> dict[str, Any]:
    """The tables of a run's whole scenario; raises StorageError if unreadable."""
    if STUDY not in run.manifest["files"]:
        return run.scenario
    try:
        return {STUDY: json.loads(run.read(STUDY)), **run.scenario}
    except ValueError:
        raise run.damaged(STUDY) from None


def laid_over(tables: dict[str, Any], changes: list[InputChange]) -> dict[str, Any]:
    """A copy of tables with inputs as they are after these changes."""
    mixed = copy_tables(tables)
    for change in changes:
        *way, last = change.path
        node = mixed
        for step in way:
            node = node[step]
        if change.after is None:
            del node[last]
        else:
            node[last] = copy_tables(change.after)
    return dict(mixed)


def changes_of(before: Any, after: Any, path: Segments) -> Iterator[InputChange]:
    """What differs at and below a path of two tables."""
    if isinstance(before, dict) and isinstance(after, dict) and _is_like(before, after):
        for key in dict.fromkeys([*before, *after]):
            yield from changes_of(before.get(key), after.get(key), (*path, key))
    elif _are_lists_of_tables(before, after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes_of(one, other, (*path, number))
    elif before != after or isinstance(before, bool) != isinstance(after, bool):
        yield InputChange(path, before, after)


def _is_like(before: dict[str, Any], after: dict[str, Any]) -> bool:
    return all(before.get(tag) == after.get(tag) for tag in TAGS)


def _are_lists_of_tables(before: Any, after: Any) -> bool:
    if not isinstance(before, list) or not isinstance(after, list):
        return False
    whole = [*before, *after]
    return len(before) == len(after) and all(isinstance(x, dict) for x in whole)
