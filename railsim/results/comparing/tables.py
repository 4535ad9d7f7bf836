"""Which cells of which tables differ between two runs, to the last digit."""

from __future__ import annotations

from dataclasses import dataclass

from railsim.results.catalogue import TABLES
from railsim.results.reading import Run

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class TableChange:
    """How two tables of one name differ."""

    name: str
    cells: int
    """That differ, in rows that both have."""
    of: int
    only_before: int
    """Rows that the other run does not have."""
    only_after: int


def changed_tables(before: Run, after: Run) -> list[TableChange]:
    """The tables that are not equal; one that a run lacks is empty there."""
    files = [run.manifest["files"] for run in (before, after)]
    names = dict.fromkeys(n for some in files for n in some if n.endswith(".csv"))
    return [
        _compare(name.removesuffix(".csv"), before, after)
        for name in names
        if files[0].get(name) != files[1].get(name)
    ]


def _compare(name: str, before: Run, after: Run) -> TableChange:
    olds, news = _rows(name, before), _rows(name, after)
    common = [(row, news[key]) for key, row in olds.items() if key in news]
    cells = sum(_differing(*pair) for pair in common)
    width = max((len(row) for row, _ in common), default=0)
    only = len(olds) - len(common), len(news) - len(common)
    return TableChange(name, cells, width * len(common), *only)


def _rows(name: str, run: Run) -> dict[tuple[str, ...], Row]:
    if f"{name}.csv" not in run.manifest["files"]:
        return {}
    keys = _keys(name, run)
    rows: dict[tuple[str, ...], Row] = {}
    for row in run.rows(name):
        key = tuple(row[k] for k in keys if k in row)
        rows[*key, str(len(rows)) if key in rows else ""] = row
    return rows


def _keys(name: str, run: Run) -> list[str]:
    """As the catalogue or the Data Package says, else the first column."""
    if name in TABLES:
        return list(TABLES[name].key_names)
    schema = next(t["schema"] for t in run.tables if t["name"] == name)
    return list(schema.get("primaryKey", [schema["fields"][0]["name"]]))


def _differing(before: Row, after: Row) -> int:
    names = dict.fromkeys([*before, *after])
    return sum(before.get(name) != after.get(name) for name in names)
