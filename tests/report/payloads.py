"""Runs whose names want to be more than text."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from railsim.results.manifest import digest
from railsim.results.reading import Run, open_run


def renamed(run: Run, folder: Path, payload: str) -> Run:
    """A copy of a run in a folder with a text in every title, source and warning."""
    manifest = dict(run.manifest)
    worlds = manifest["alternatives"]
    manifest |= {"title": payload, "warnings": [payload]}
    manifest["alternatives"] = {n: {**w, "title": payload} for n, w in worlds.items()}
    copy = copied(Run(run.folder, manifest), folder)
    copy = with_cells(copy, "alternatives", "title", lambda _: payload)
    return with_cells(copy, "assumptions", "source", lambda _: payload)


def copied(run: Run, folder: Path) -> Run:
    """A copy of a run in a folder, with its manifest as it is in memory."""
    copy = folder / run.name
    if copy != run.folder:
        shutil.copytree(run.folder, copy)
    text = json.dumps(run.manifest)
    (copy / "manifest.json").write_text(text, encoding="utf-8")
    return open_run(copy)


def with_cells(run: Run, table: str, column: str, cell_of: Callable[[int], str]) -> Run:
    """The run with other cells in a column, each by the number of its row."""
    file = run.folder / f"{table}.csv"
    header, *rows = _cells(file)
    place = header.index(column)
    for number, row in enumerate(rows):
        row[place] = cell_of(number)
    file.write_bytes(_csv([header, *rows]))
    sums = {**run.manifest["files"], file.name: digest(file.read_bytes())}
    return copied(Run(run.folder, {**run.manifest, "files": sums}), run.folder.parent)


def _cells(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.reader(stream))


def _csv(rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode()
