"""datapackage.json: what the columns mean, as the Frictionless standard writes it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from railsim.results import assumptions
from railsim.results.catalogue import TABLES
from railsim.results.tables.columns import Column, Table


def datapackage_json(name: str, title: str) -> bytes:
    """The description of all tables of a run folder."""
    return describe_tables(name, title, TABLES.values())


def describe_tables(name: str, title: str, tables: Iterable[Table]) -> bytes:
    """The description of these tables and of the assumptions beside them."""
    package = {
        "name": name,
        "title": title,
        "profile": "tabular-data-package",
        "resources": [
            *(_resource(table) for table in tables),
            _assumptions_resource(),
        ],
    }
    return write_json(package)


def write_json(value: Any) -> bytes:
    """JSON with one member a line and a newline at its end."""
    text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode()


def _resource(table: Table) -> dict[str, Any]:
    fields = [_field(column) for column in table.columns]
    described = _described(table.name, table.meaning, fields)
    if not table.has_empty_keys:
        described["schema"]["primaryKey"] = list(table.key_names)
    return described


def _described(name: str, meaning: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "description": meaning,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    field = {
        "name": column.name,
        "type": column.kind,
        "description": column.meaning,
        "unit": column.unit,
    }
    return field if not column.rule else {**field, "rule": column.rule}


def _assumptions_resource() -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "type": "number" if name in assumptions.NUMBERS else "string",
            "description": meaning,
            "unit": unit,
        }
        for name, (unit, meaning) in assumptions.COLUMNS.items()
    ]
    return _described("assumptions", "every number of the scenario", fields)
