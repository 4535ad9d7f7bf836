"""JSON Schema of a scenario, so that editors complete keys and show units.

A complete scenario must give every value; a child may give any part, so its schema
requires nothing and lets a table be any of several kinds that fits so far.
"""

from __future__ import annotations

from typing import Any

from railsim.scenario.schema import Scenario

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_EXTENDS = {
    "description": "parents, relative to this file; later ones win",
    "anyOf": [
        {"type": "string"},
        {"type": "array", "items": {"type": "string"}},
    ],
}
_AMOUNT = {
    "type": "string",
    "description": 'a number with its unit, such as "6 h"',
    "pattern": r"^\s*[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\s*\S.*$",
}
_NUMBERS = ("number", "integer")


def scenario_schema() -> dict[str, Any]:
    """The schema of a complete scenario."""
    schema: dict[str, Any] = _with_units(Scenario.model_json_schema(), "")
    schema["$schema"] = _DIALECT
    schema["properties"] = {"extends": _EXTENDS} | schema["properties"]
    return schema


def child_schema() -> dict[str, Any]:
    """The schema of a file that says only what differs from its parents."""
    schema: dict[str, Any] = _without_required(scenario_schema())
    return schema


def _with_units(node: Any, unit: str) -> Any:
    """Units in descriptions; text with a unit allowed wherever a number is."""
    if isinstance(node, list):
        return [_with_units(item, unit) for item in node]
    if not isinstance(node, dict):
        return node
    own = node.get("unit")
    unit = own if isinstance(own, str) else unit
    written = {
        key: {name: _with_units(inner, "") for name, inner in value.items()}
        if key in ("properties", "$defs")
        else _with_units(value, unit)
        for key, value in node.items()
        if key not in ("unit", "usual", "default")
    }
    if isinstance(own, str):
        written["description"] = _describe(node, own)
    if written.get("type") in _NUMBERS and unit:
        return _as_amount(written)
    return written


def _describe(node: dict[str, Any], unit: str) -> str:
    text = f"{node.get('description', '')} [{unit}]".strip()
    usual = node.get("usual")
    return f"{text}, usually {usual[0]:g} to {usual[1]:g}" if usual else text


def _as_amount(number: dict[str, Any]) -> dict[str, Any]:
    outer: dict[str, Any] = {
        key: number.pop(key) for key in ("title", "description") if key in number
    }
    return {**outer, "anyOf": [number, _AMOUNT]}


def _without_required(node: Any) -> Any:
    """Drop what demands completeness; properties may bear the same names."""
    if isinstance(node, list):
        return [_without_required(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        "anyOf" if key == "oneOf" else key: {
            name: _without_required(inner) for name, inner in value.items()
        }
        if key in ("properties", "$defs")
        else _without_required(value)
        for key, value in node.items()
        if key not in ("required", "discriminator", "minProperties")
    }
