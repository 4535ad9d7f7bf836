"""Lay layers over each other and remember who wrote each value.

Tables merge, anything else replaces. One exception keeps children short: a table with
another `dist` or `kind` than the one below replaces it whole, since the keys of an
exponential time mean nothing to a triangular one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from railsim.scenario.files.locating import Spot
from railsim.scenario.files.parents import Layer
from railsim.scenario.paths import Segments, join_path, walk

TAGS = ("dist", "kind")


@dataclass(frozen=True)
class Origin:
    """Who wrote a value: a file relative to the scenario's root, or `--set`."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Mark:
    """Who wrote a value, for results and for messages."""

    origin: Origin
    shown: str
    spot: Spot
    flag: str = ""
    rank: int = 0  # later layers have higher ranks


@dataclass
class Merged:
    """Tables laid over each other, who wrote them, and what each leaf was before."""

    tables: dict[str, Any] = field(default_factory=dict)
    marks: dict[Segments, Mark] = field(default_factory=dict)
    before: dict[Segments, tuple[Any, Origin]] = field(default_factory=dict)

    def mark_at(self, path: Segments) -> Mark | None:
        """Who wrote the value, or the nearest table that holds it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.marks:
                return self.marks[path[:length]]
        return None

    def origins(self) -> dict[str, Origin]:
        """Dotted path of each leaf and of each list -> who wrote it."""
        found = {}
        for path, value in walk(self.tables):
            if path and not isinstance(value, dict):
                mark = self.mark_at(path)
                if mark:
                    found[join_path(path)] = mark.origin
        return found

    def remember(self, path: Segments, value: Any) -> None:
        """Keep what a leaf was before another layer replaces it."""
        mark = self.marks.get(path)
        if mark and not isinstance(value, dict):
            self.before[path] = (value, mark.origin)

    def sign(self, path: Segments, value: Any, mark: Mark) -> None:
        """Everything at and below the path was written by this mark."""
        for below, _ in walk(value, path):
            self.marks[below] = mark


def merge_layers(layers: Iterable[Layer]) -> Merged:
    """Lay the layers over each other, lowest first."""
    merged = Merged()
    for rank, layer in enumerate(layers):
        start = Mark(Origin(layer.file, 1, 1), layer.shown, Spot(1, 1, 1, 1), rank=rank)
        merged.marks[()] = start
        _lay(merged, layer, (), merged.tables, layer.tables)
    return merged


def is_merged(below: Any, above: Any) -> bool:
    """Do two values merge, or does the upper one replace the lower?"""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return False
    return not any(
        isinstance(above.get(tag), str)
        and isinstance(below.get(tag), str)
        and above[tag] != below[tag]
        for tag in TAGS
    )


def _lay(
    merged: Merged,
    layer: Layer,
    path: Segments,
    below: dict[str, Any],
    above: dict[str, Any],
) -> None:
    for key, value in above.items():
        here = (*path, key)
        if key in below and is_merged(below[key], value):
            _lay(merged, layer, here, below[key], value)
            continue
        if key in below:
            merged.remember(here, below[key])
        below[key] = value
        _sign_layer(merged, layer, here, value)


def _sign_layer(merged: Merged, layer: Layer, path: Segments, value: Any) -> None:
    for below, _ in walk(value, path):
        spot = layer.spots.get(below)
        if spot is None:
            merged.marks[below] = merged.mark_at(below[:-1]) or merged.marks[()]
            continue
        origin = Origin(layer.file, spot.line, spot.column)
        rank = merged.marks[()].rank
        merged.marks[below] = Mark(origin, layer.shown, spot, rank=rank)
