"""Dotted paths: how a value of a scenario is named in files, options and messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

Segments = tuple[str | int, ...]

_PLAIN = re.compile(r"[\w-]+")
_SEGMENT = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*""")
_ESCAPE = re.compile(r"\\(.)")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_SHOWN_LENGTH = 60


def join_path(segments: Iterable[str | int]) -> str:
    """Write a path with dots; keys that need it are quoted."""
    return ".".join(_write_segment(segment) for segment in segments)


def split_path(text: str) -> tuple[str, ...]:
    """Read a dotted path; raises ValueError where it is none."""
    parts: list[str] = []
    position = 0
    while True:
        match = _SEGMENT.match(text, position)
        if match is None:
            raise ValueError("not a dotted path")
        double, single, bare = match.groups()
        parts.append(
            _ESCAPE.sub(r"\1", double) if double is not None else single or bare or ""
        )
        position = match.end()
        if position == len(text):
            return tuple(parts)
        if text[position] != ".":
            raise ValueError("not a dotted path")
        position += 1


def is_position(segment: str) -> bool:
    """May the segment be a position in a list?"""
    return segment.isascii() and segment.isdecimal() and len(segment) < 10


def look_up(tables: Any, segments: Segments) -> Any:
    """The value at a path; raises LookupError where there is none."""
    for segment in segments:
        tables = tables[segment]
    return tables


def find(tables: Any, segments: Segments) -> Any:
    """The value at a path; None where there is none."""
    try:
        return look_up(tables, segments)
    except (LookupError, TypeError):
        return None


def walk(tables: Any, path: Segments = ()) -> Iterator[tuple[Segments, Any]]:
    """Every table, list and leaf below with its path, parents first."""
    yield path, tables
    if isinstance(tables, dict):
        for key, value in tables.items():
            yield from walk(value, (*path, key))
    elif isinstance(tables, list | tuple):
        for index, value in enumerate(tables):
            yield from walk(value, (*path, index))


def copy_tables(tables: Any) -> Any:
    """A copy that may be changed without touching the original."""
    if isinstance(tables, dict):
        return {key: copy_tables(value) for key, value in tables.items()}
    if isinstance(tables, list | tuple):
        return [copy_tables(value) for value in tables]
    return tables


def show(value: Any) -> str:
    """A found value in words that are safe on a terminal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"text {quote(value)}"
    if isinstance(value, int):
        return str(value) if abs(value) < 2**64 else "an integer beyond 2^64"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return "nothing" if value is None else "a date or time"


def quote(text: str) -> str:
    """Text in quotes, cut and with every hidden character written out."""
    cut = text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"
    return repr(cut)


def printable(text: str) -> str:
    """Text without quotes, every hidden character written out."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def hidden_character(text: str) -> str | None:
    """The first control, format or line-separating character, if there is one."""
    if text.isascii() and text.isprintable():
        return None
    return next((c for c in text if unicodedata.category(c) in _HIDDEN), None)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The known word most like the one that was found, if one is near."""
    limit = max(3, len(word) // 2)
    near = [c for c in choices if abs(len(c) - len(word)) <= limit][:500]
    matches = get_close_matches(word[:200], near, n=1, cutoff=0.6)
    return matches[0] if matches else None


def hint_at(word: str, choices: Iterable[str]) -> str:
    """What was perhaps meant, to be put behind a message; empty if nothing is near."""
    near = nearest(word, choices)
    return f" (did you mean {quote(near)}?)" if near else ""


def _write_segment(segment: str | int) -> str:
    text = str(segment)
    if len(text) <= 200 and _PLAIN.fullmatch(text) and text.isprintable():
        return text
    cut = text if len(text) <= 200 else text[:_SHOWN_LENGTH] + "…"
    return '"' + printable(cut.replace("\\", "\\\\").replace('"', '\\"')) + '"'
