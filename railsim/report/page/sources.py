"""Who says so: every assumption with its evidence, and what runs assume differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from railsim.errors import InputError
from railsim.report.changes import counts, headlines, mark_of, name_of, numbers_of
from railsim.report.labels import Words
from railsim.report.page.blocks import Grid, Section
from railsim.results.reading import Run

Row = dict[str, str]


def assumption_book(run: Run, words: Words) -> Section:
    """Value, unit, range, source and grade of every input, by file."""
    rows = list(run.rows("assumptions"))
    heads = ("path", "value", "unit", "range", "source", "grade")
    labels = [words(f"page.{head}") for head in heads]
    grids = [
        Grid(labels, [list(_cells(row)) for row in here], file)
        for file, here in groupby(rows, key=_file)
    ]
    return Section("assumptions", words("page.assumptions"), folded=_joined(grids))


def _file(row: Row) -> str:
    return row["origin"].rpartition(":")[0] or "-"


def _joined(grids: Sequence[Grid]) -> list[Grid]:
    """One table a file, whatever the order of the rows."""
    found: dict[str, Grid] = {}
    for grid in grids:
        before = found.get(grid.caption)
        rows = grid.rows if before is None else [*before.rows, *grid.rows]
        found[grid.caption] = Grid(grid.heads, rows, grid.caption)
    return list(found.values())


def _cells(row: Row) -> Iterator[str]:
    yield row["path"]
    yield row["value"]
    yield row["unit"]
    is_known = row["low"] and row["high"] and row["low"] != row["high"]
    yield f"{row['low']} – {row['high']}" if is_known else ""
    said = [row[k] for k in ("source", "publisher", "date") if row[k]]
    yield ", ".join(dict.fromkeys(said))
    yield row["grade"]


def differences(runs: Sequence[Run], words: Words) -> Section:
    """The inputs whose values differ between runs."""
    values = [{r["path"]: r["value"] for r in run.rows("assumptions")} for run in runs]
    paths = dict.fromkeys(path for known in values for path in known)
    rows = [
        [path, *(known.get(path, "") for known in values)]
        for path in paths
        if len({known.get(path) for known in values}) > 1
    ]
    heads = [words("page.path"), *(run.name for run in runs)]
    return Section("differences", words("page.differences"), grids=[Grid(heads, rows)])


def changes(runs: Sequence[Run], words: Words) -> Iterator[Section]:
    """What each later run says otherwise than the first, and what luck explains."""
    from railsim.results.comparing.comparing import compare  # one run need not wait

    for run in runs[1:]:
        try:
            found = compare(runs[0], run)
        except InputError:
            continue  # a run and a sweep have no common outputs
        names = {"before": runs[0].name, "after": run.name}
        heads = [
            words(f"page.{key}") for key in ("output", "before", "after", "change")
        ]
        rows = [
            [name_of(found, output), *numbers_of(output), mark_of(output, words)]
            for output in headlines(found)
        ]
        grid = Grid([*heads, ""], rows)
        title, line = words("page.changes", **names), counts(found, words)
        yield Section("changes", title, lines=[line], grids=[grid])


def manifest(run: Run, words: Words) -> Section:
    """Everything that the run can be repeated from, but for checksums of files."""
    told = {k: v for k, v in run.manifest.items() if k not in _LONG}
    rows = [[name, _text(value)] for name, value in told.items()]
    heads = [words("page.item"), words("page.value")]
    return Section("manifest", words("page.manifest"), grids=[Grid(heads, rows)])


_LONG = {"files", "interpolation", "warnings", "doubts", "years", "remarks"}


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
