"""Rows of an answer on the screen, and as a table in the folder of its sweep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

from railsim.cli.guard import show, talk


def tell(run: Path, name: str, rows: Sequence[Any], as_json: bool) -> None:
    """Rows on the screen and as a table in the folder."""
    keep(run, name, rows)
    print_rows(rows, as_json)


def keep(run: Path, name: str, rows: Sequence[Any]) -> None:
    """Rows as a table in the folder, if there are any."""
    from railsim.results.cells import write_csv
    from railsim.results.store import write_file_whole

    if rows:
        header = [field.name for field in fields(rows[0])]
        content = write_csv(header, [astuple(row) for row in rows])
        file = write_file_whole(run, f"{name}.csv", content.decode())
        talk(f"{file}   {len(rows)} rows")


def print_rows(rows: Sequence[Any], as_json: bool) -> None:
    """Rows as a table, or as JSON."""
    from railsim.cli.studying.screens import table_lines
    from railsim.results.running import as_json as written

    if as_json:
        show(written([_as_dict(row) for row in rows]))
        return
    for line in table_lines([_as_dict(row) for row in rows]):
        show(line)


def _as_dict(row: Any) -> dict[str, Any]:
    values: Iterable[Any] = astuple(row)
    return {
        field.name: None if value != value else value
        for field, value in zip(fields(row), values, strict=True)
    }
