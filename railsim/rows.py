"""What a column of a kind of row says: its unit and its meaning, declared once."""

from __future__ import annotations

from dataclasses import field, fields
from typing import Any


def column(unit: str, meaning: str) -> Any:
    """Declare a column: its unit (`id` for a key) and what it says."""
    return field(metadata={"unit": unit, "meaning": meaning})


def columns_of(row: type) -> dict[str, tuple[str, str]]:
    """Name -> (unit, meaning) of a kind of row, in order."""
    return {f.name: (f.metadata["unit"], f.metadata["meaning"]) for f in fields(row)}
