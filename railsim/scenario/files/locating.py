"""Line and column of every key and value of a TOML text, by tree-sitter."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from railsim.scenario.paths import Segments


@dataclass(frozen=True)
class Spot:
    """Where a key and its value begin; lines and columns from 1, in characters."""

    key_line: int
    key_column: int
    line: int
    column: int


Spots = dict[Segments, Spot]


def locate_values(content: bytes) -> Spots:
    """Path -> spot of every table, list and leaf of a valid TOML text."""
    scribe = _Scribe(content.split(b"\n"))
    for node in _parser().parse(content).root_node.named_children:
        if node.type == "pair":
            scribe.note_pair(node, ())
        elif node.type in ("table", "table_array_element"):
            scribe.note_table(node)
    return scribe.spots


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_toml.language()))


@dataclass
class _Scribe:
    """Notes spots while the tree is read from top to bottom."""

    lines: list[bytes]
    spots: Spots = field(default_factory=dict)
    array_sizes: dict[Segments, int] = field(default_factory=dict)
    last: tuple[int, int, int] = (0, 0, 0)  # row, byte column, character column

    def note_pair(self, node: Node, table: Segments) -> None:
        """A key, its value, and everything inside the value."""
        children = node.named_children
        if len(children) < 2:
            return
        keys = _keys_of(children[0])
        marks = [self._place(key) for key in keys]
        path = table
        for key, mark in zip(keys, marks, strict=True):
            path = (*path, _text_of(key))
            self.spots.setdefault(path, Spot(*mark, *mark))
        value = children[1]
        self.spots[path] = Spot(*marks[-1], *self._place(value))
        self._note_inside(value, path)

    def note_table(self, node: Node) -> None:
        """A header and the pairs below it."""
        header = self._note_header(node, is_array=node.type == "table_array_element")
        for child in node.named_children[1:]:
            if child.type == "pair":
                self.note_pair(child, header)

    def _note_header(self, node: Node, *, is_array: bool) -> Segments:
        """`[a.b]` or `[[a.b]]`: the path its pairs belong to."""
        path: Segments = ()
        keys = _keys_of(node.named_children[0])
        for number, key in enumerate(keys, start=1):
            mark = self._place(key)
            path = (*path, _text_of(key))
            self.spots.setdefault(path, Spot(*mark, *mark))
            is_new = is_array and number == len(keys)
            if is_new:
                self.array_sizes[path] = self.array_sizes.get(path, 0) + 1
            if path in self.array_sizes:
                path = (*path, self.array_sizes[path] - 1)
                self.spots.setdefault(path, Spot(*mark, *mark))
        return path

    def _note_inside(self, value: Node, path: Segments) -> None:
        if value.type == "inline_table":
            for pair in value.named_children:
                if pair.type == "pair":
                    self.note_pair(pair, path)
        elif value.type == "array":
            items = (n for n in value.named_children if n.type != "comment")
            for index, item in enumerate(items):
                mark = self._place(item)
                self.spots[(*path, index)] = Spot(*mark, *mark)
                self._note_inside(item, (*path, index))

    def _place(self, node: Node) -> tuple[int, int]:
        row, column = node.start_point
        last_row, last_bytes, last_characters = self.last
        if row != last_row or column < last_bytes:
            last_bytes = last_characters = 0
        piece = self.lines[row][last_bytes:column]
        characters = last_characters + len(piece.decode(errors="replace"))
        self.last = (row, column, characters)
        return row + 1, characters + 1


def _keys_of(node: Node) -> list[Node]:
    """The keys of a dotted key in order; the tree nests them to the left."""
    keys: list[Node] = []
    while node.type == "dotted_key":
        first, *rest = node.named_children
        keys[:0] = rest
        node = first
    return [node, *keys]


def _text_of(key: Node) -> str:
    text = (key.text or b"").decode(errors="replace")
    if key.type != "quoted_key":
        return text
    try:
        return next(iter(tomllib.loads(f"{text} = 0")))
    except tomllib.TOMLDecodeError:
        return text
