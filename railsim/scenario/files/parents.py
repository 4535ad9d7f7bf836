"""`extends`: from one file to the layers it stands on, lowest first.

A file reached by two ways is laid once, at its first place, so that a common
grandparent never undoes what an earlier parent says.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from railsim.scenario.files.locating import Spot, Spots
from railsim.scenario.files.reading import read_tables
from railsim.scenario.paths import nearest, printable, quote, show
from railsim.scenario.problems import Problem, ScenarioError

DEPTH = 8
TOTAL_BYTES = 8_000_000
_FILES = 200
_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Layer:
    """What one file says."""

    file: str  # relative to the root folder, for results
    shown: str  # as the user would type it, for messages
    tables: dict[str, Any]
    spots: Spots


def read_layers(path: str | os.PathLike[str], roots: Iterable[Any] = ()) -> list[Layer]:
    """All layers of a scenario, lowest first; raises ScenarioError."""
    typed = os.fspath(path)
    shown = printable(typed)
    if "\0" in typed:
        raise ScenarioError([Problem("E108", "no such file", file=shown)])
    real = os.path.realpath(typed)
    others = [os.path.realpath(root) for root in roots]
    reader = _Reader(typed, real, [root_of(real), *others])
    reader.read(real, shown, ())
    if reader.problems:
        raise ScenarioError(reader.problems)
    return reader.layers


def root_of(real: str) -> str:
    """Parents may lie in the nearest folder above called `scenarios`, or its own."""
    folder = Path(real).parent
    for ancestor in (folder, *folder.parents):
        if ancestor.name == "scenarios":
            return str(ancestor)
    return str(folder)


@dataclass
class _Reader:
    typed: str
    top: str
    roots: list[str]
    layers: list[Layer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    size: int = 0

    def read(self, real: str, shown: str, chain: tuple[str, ...]) -> None:
        """Lay the parents of a file, then the file."""
        self.seen.add(real)
        try:
            tables, spots = read_tables(real, shown)
        except ScenarioError as error:
            self.problems.extend(error.problems)
            return
        self._count(real, shown)
        named = self._names(tables.pop("extends", []), spots, shown)
        for name, spot in named:
            self._follow(name, spot, real, (*chain, real))
        self.layers.append(Layer(self._file(real), shown, tables, spots))

    def _names(self, extends: Any, spots: Spots, shown: str) -> list[tuple[str, Spot]]:
        start = Spot(1, 1, 1, 1)
        whole = spots.get(("extends",), start)
        if isinstance(extends, str):
            return [(extends, whole)]
        if not isinstance(extends, list):
            message = f"must be a path or a list of paths, found {show(extends)}"
            self._add("E102", message, whole, shown)
            return []
        names = []
        for index, name in enumerate(extends):
            spot = spots.get(("extends", index), whole)
            if isinstance(name, str):
                names.append((name, spot))
            else:
                self._add("E102", f"must be a path, found {show(name)}", spot, shown)
        return names

    def _follow(
        self, name: str, spot: Spot, child: str, chain: tuple[str, ...]
    ) -> None:
        shown = self._shown(child)
        reason, help_ = self._refusal(name, child, chain)
        if reason:
            self._add("E108", reason, spot, shown, help_)
            return
        real = os.path.realpath(os.path.join(os.path.dirname(child), name))
        if real not in self.seen:
            self.read(real, self._shown(real), chain)

    def _refusal(
        self, name: str, child: str, chain: tuple[str, ...]
    ) -> tuple[str, str]:
        """Why a parent cannot be used, and what to do; empty if it can."""
        if not name or "\0" in name or _URL.match(name) or "\\" in name:
            return f"{quote(name)} is not a relative path", "name a file with / in it"
        if os.path.isabs(name):
            return f"{quote(name)} must be relative to this file", ""
        real = os.path.realpath(os.path.join(os.path.dirname(child), name))
        if not any(_is_inside(real, root) for root in self.roots):
            root = printable(self._shown(self.roots[0]))
            where = "the folder of this file" if root in ("", ".") else f"'{root}'"
            reason = f"{quote(name)} lies outside the allowed folders"
            return reason, f"parents must be inside {where}"
        if real in chain:
            cycle = [*chain[chain.index(real) :], real]
            return "files extend each other: " + " -> ".join(map(self._file, cycle)), ""
        if len(chain) > DEPTH:
            return f"parents are more than {DEPTH} deep", ""
        if len(self.seen) >= _FILES:
            return f"more than {_FILES} files", ""
        return _missing(real, name)

    def _count(self, real: str, shown: str) -> None:
        self.size += os.path.getsize(real)
        if self.size > TOTAL_BYTES:
            message = f"the files together are larger than {TOTAL_BYTES:,} bytes"
            raise ScenarioError([Problem("E109", message, file=shown)])

    def _shown(self, real: str) -> str:
        if real == self.top:
            return printable(self.typed)
        relative = os.path.relpath(real, os.path.dirname(self.top))
        return printable(
            os.path.normpath(os.path.join(os.path.dirname(self.typed), relative))
        )

    def _file(self, real: str) -> str:
        for number, root in enumerate(self.roots):
            if _is_inside(real, root):
                relative = os.path.relpath(real, root).replace(os.sep, "/")
                prefix = "" if number == 0 else os.path.basename(root) + "/"
                return printable(prefix + relative)
        return printable(os.path.basename(real))

    def _add(
        self, code: str, message: str, spot: Spot, shown: str, help_: str = ""
    ) -> None:
        self.problems.append(
            Problem(code, message, "extends", help_, shown, spot.line, spot.column)
        )


def _is_inside(real: str, root: str) -> bool:
    return os.path.commonpath([real, root]) == root


def _missing(real: str, name: str) -> tuple[str, str]:
    if os.path.isfile(real):
        return "", ""
    if os.path.exists(real):
        return f"{quote(name)} is not a regular file", ""
    folder = os.path.dirname(real)
    try:
        siblings = [entry for entry in os.listdir(folder) if entry.endswith(".toml")]
    except OSError:
        siblings = []
    near = nearest(os.path.basename(real), sorted(siblings))
    right = os.path.join(os.path.dirname(name), near) if near else ""
    help_ = f"did you mean {quote(right)}?" if near else ""
    return f"no such file {quote(name)}", help_
