"""A run as an Excel workbook: a sheet a table, units and meanings with each column.

Cells are numbers or text, never formulas. A table that is too long to read on a sheet
shows the year that the run reports; its CSV file has the rest.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from railsim.report.digits import decimals_of
from railsim.report.labels import Words
from railsim.report.page.answers import verdict, warnings
from railsim.results.reading import Run, numbers, reported_year

MOST_CELLS = 200_000  # of a sheet
LONGEST_NAME = 31  # of a sheet, in characters
_HEAD_ROWS = 2  # names and units
_MADE = datetime(2026, 1, 1, tzinfo=UTC)  # the same bytes for the same run
_TEXT_ONLY = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}

Row = Mapping[str, str | float | None]
Field = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What becomes of a table."""

    name: str
    meaning: str
    fields: Sequence[Field]
    count: int
    rows: Sequence[Row]
    """Those of `count` that are shown."""

    @property
    def is_written(self) -> bool:
        """Whether the book has it; not if all its rows were too many."""
        return bool(self.rows) or not self.count


def workbook_of(run: Run, words: Words) -> bytes:
    """The workbook of a run or a sweep, the same bytes for the same run."""
    buffer = io.BytesIO()
    book = Workbook(buffer, _TEXT_ONLY)
    book.set_properties({"title": run.manifest["title"], "created": _MADE})
    front = book.add_worksheet(words("workbook.contents"))
    sheets = list(_sheets(run))
    _write_front(front, book, run, sheets, words)
    formats = Formats(book)
    for sheet in sheets:
        if sheet.is_written:
            _write_sheet(book.add_worksheet(_title(sheet.name)), sheet, formats)
    book.close()
    return buffer.getvalue()


class Formats:
    """Formats of numbers by their decimals, each made once, since books keep all."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._known: dict[int, Format] = {}
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.unit = book.add_format({"italic": True, "font_color": "#555555"})

    def of(self, number: float, half_width: float) -> Format:
        """The format that shows as many decimals as the half-width supports."""
        decimals = max(0, decimals_of(number, half_width))
        if decimals not in self._known:
            code = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._known[decimals] = self._book.add_format({"num_format": code})
        return self._known[decimals]


def _sheets(run: Run) -> Iterator[Sheet]:
    for table in run.tables:
        name, fields = table["name"], table["schema"]["fields"]
        rows = list(run.rows(name))
        shown, most = rows, MOST_CELLS // len(fields)
        if len(rows) > most:
            year = reported_year(run, {row.get("year", "") for row in rows})
            shown = [row for row in rows if row.get("year") == year]
        if len(shown) > most:
            shown = []
        typed = numbers(run, name, shown)
        yield Sheet(name, table["description"], fields, len(rows), typed)


def _write_front(
    front: Worksheet, book: Workbook, run: Run, sheets: Sequence[Sheet], words: Words
) -> None:
    bold = book.add_format({"bold": True})
    front.set_column(0, 0, 24)
    lines = [run.manifest["title"], run.name, words("workbook.made", **_facts(run))]
    sections = [s for s in (warnings(run, words), verdict(run, words)) if s.lines]
    for section in sections:
        lines += ["", section.title, *section.lines]
    titles = {0} | {lines.index(section.title) for section in sections}
    for number, line in enumerate(lines):
        front.write_string(number, 0, line, bold if number in titles else None)
    first = len(lines) + 1
    for column, key in enumerate(("table", "rows", "shown", "meaning")):
        front.write_string(first, column, words(f"workbook.{key}"), bold)
    for number, sheet in enumerate(sheets, start=first + 1):
        if sheet.is_written:
            link = f"internal:'{_title(sheet.name)}'!A1"
            front.write_url(number, 0, link, string=sheet.name)
        else:
            front.write_string(number, 0, f"{sheet.name}.csv")
        front.write_number(number, 1, sheet.count)
        front.write_number(number, 2, len(sheet.rows))
        front.write_string(number, 3, sheet.meaning)


def _facts(run: Run) -> dict[str, Any]:
    return {key: run.manifest[key] for key in ("model_version", "seed")}


def _write_sheet(target: Worksheet, sheet: Sheet, formats: Formats) -> None:
    keys = [field for field in sheet.fields if field.get("rule") == "key"]
    for column, field in enumerate(sheet.fields):
        name, unit = field["name"], field["unit"]
        target.write_string(0, column, name, formats.head)
        target.write_string(1, column, unit, formats.unit)
        target.write_comment(0, column, f"{field['description']} [{unit}]")
        target.set_column(column, column, max(9, min(len(name) + 2, 30)))
    for number, row in enumerate(sheet.rows, start=_HEAD_ROWS):
        _write_row(target, number, row, formats)
    target.freeze_panes(_HEAD_ROWS, len(keys))
    last = _HEAD_ROWS + max(len(sheet.rows), 1) - 1
    target.autofilter(_HEAD_ROWS - 1, 0, last, len(sheet.fields) - 1)


def _write_row(target: Worksheet, number: int, row: Row, formats: Formats) -> None:
    for column, (name, cell) in enumerate(row.items()):
        if isinstance(cell, str):
            target.write_string(number, column, cell)
        elif isinstance(cell, bool):
            target.write_boolean(number, column, cell)
        elif cell is not None and math.isfinite(cell):
            half = row.get(name if name.endswith("_ci95") else f"{name}_ci95")
            style = None
            if isinstance(half, int | float):
                style = formats.of(cell, half)
            target.write_number(number, column, cell, style)


def _title(name: str) -> str:
    return name[:LONGEST_NAME]
