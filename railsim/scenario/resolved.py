"""Write a complete merged scenario, each value with the file and line that said it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import Array, Item, Table

from railsim.scenario.files.merging import Origin
from railsim.scenario.loading import Resolved
from railsim.scenario.paths import Segments, join_path

_HEADING = (
    "The complete scenario after parents and overrides, each value with its origin."
)


def write_resolved(resolved: Resolved) -> str:
    """The text of scenario.resolved.toml; loading it gives an equal scenario."""
    document = tomlkit.document()
    document.add(tomlkit.comment(_HEADING))
    for key, value in resolved.tables.items():
        document.add(tomlkit.nl())
        document.add(key, _item(value, (key,), resolved.origins))
    return tomlkit.dumps(document)


def _item(value: Any, path: Segments, origins: Mapping[str, Origin]) -> Item:
    if isinstance(value, dict):
        return _table(value, path, origins)
    if isinstance(value, list | tuple) and any(isinstance(v, dict) for v in value):
        return _steps(value, path, origins)
    item = tomlkit.item(_plain(value))
    return _with_origin(item, path, origins)


def _table(
    value: dict[str, Any], path: Segments, origins: Mapping[str, Origin]
) -> Table:
    """Leaves first, then tables: TOML knows no way back from a table."""
    if _is_overlay(path):
        return _ordered_table(value, path, origins)
    has_leaves = any(not isinstance(inner, dict) for inner in value.values())
    table = tomlkit.table(is_super_table=bool(value) and not has_leaves)
    for is_table in (False, True):
        for key, inner in value.items():
            if isinstance(inner, dict) is is_table:
                table.add(key, _item(inner, (*path, key), origins))
    return table


def _is_overlay(path: Segments) -> bool:
    return len(path) == 3 and path[0] == "alternatives" and path[2] == "overlay"


def _ordered_table(
    value: dict[str, Any], path: Segments, origins: Mapping[str, Origin]
) -> Table:
    """Values of an overlay are laid in their order, so each stays on its line."""
    table = tomlkit.table()
    for key, inner in value.items():
        item = tomlkit.item(_plain(inner))
        comment = _origin_below(inner, (*path, key), origins)
        table.add(key, item.comment(comment) if comment else item)
    return table


def _steps(values: Any, path: Segments, origins: Mapping[str, Origin]) -> Array:
    """A list of tables, one a line, each with its origin."""
    array = tomlkit.array()
    for index, value in enumerate(values):
        comment = _origin_below(value, (*path, index), origins)
        array.add_line(_plain(value), comment=comment)
    array.add_line(indent="")
    return array


def _origin_below(
    value: Any, path: Segments, origins: Mapping[str, Origin]
) -> str | None:
    """The origins of the leaves of one list element, each named once."""
    found: dict[str, None] = {}
    _collect(value, path, origins, found)
    return ", ".join(found) or None


def _collect(
    value: Any, path: Segments, origins: Mapping[str, Origin], found: dict[str, None]
) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _collect(inner, (*path, key), origins, found)
    elif join_path(path) in origins:
        found[str(origins[join_path(path)])] = None


def _plain(value: Any) -> Any:
    """Tables inside lists are written on one line."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            table.append(key, _plain(inner))
        return table
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _with_origin(item: Item, path: Segments, origins: Mapping[str, Origin]) -> Item:
    origin = origins.get(join_path(path))
    return item.comment(str(origin)) if origin else item
