"""A run folder read back, every file proved by its checksum."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from railsim.errors import InputError, StorageError
from railsim.results.cells import read_csv
from railsim.results.manifest import FORMAT, NAME, digest
from railsim.scenario.paths import nearest, printable

if TYPE_CHECKING:
    import pandas as pd

PACKAGE, RESOLVED = "datapackage.json", "scenario.resolved.toml"


@dataclass(frozen=True)
class Run:
    """A run folder whose files are what its manifest says."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """Scenario and hash."""
        return self.folder.name

    @property
    def is_sweep(self) -> bool:
        """Many draws of a study, not one scenario."""
        return self.manifest.get("kind") == "sweep"

    @property
    def has_luck(self) -> bool:
        """Draws or events have; closed forms of one scenario have none."""
        return self.is_sweep or self.manifest["fidelity"] == "event"

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises StorageError if missing or damaged."""
        shown = f"{_shown(self.folder)}/{printable(name)}"
        if name not in self.manifest["files"]:
            near = nearest(name, self.manifest["files"])
            hint = f" (did you mean {near}?)" if near else ""
            raise InputError(f"{shown}: this run has no such file{hint}")
        content = _read(self.folder / name)
        if digest(content) != self.manifest["files"][name]:
            raise StorageError(f"{shown}: damaged, its checksum is not the manifest's")
        return content

    def rows(self, table: str) -> Iterator[dict[str, str]]:
        """The rows of a table, cells as text."""
        try:
            header, rows = read_csv(self.read(f"{table}.csv"))
        except ValueError as error:
            shown = f"{_shown(self.folder)}/{table}.csv"
            raise StorageError(f"{shown}: damaged: {error}") from None
        return (dict(zip(header, row, strict=True)) for row in rows)

    def frame(self, table: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table, or some columns: text stays text, a missing number is NaN."""
        import pandas as pd

        content = io.BytesIO(self.read(f"{table}.csv"))
        kinds = self.kinds[table]
        texts = [c for c in columns or kinds if kinds[c] == "string"]
        try:
            frame = pd.read_csv(
                content,
                usecols=None if columns is None else list(columns),
                dtype=dict.fromkeys(texts, "string"),
                keep_default_na=False,
                na_values=[""],
            )
        except ValueError:
            raise self.damaged(f"{table}.csv") from None
        return frame.fillna(dict.fromkeys(texts, "")) if texts else frame

    @cached_property
    def tables(self) -> list[dict[str, Any]]:
        """Every table with its columns, as the Data Package describes them."""
        content = self.read(PACKAGE)
        try:
            tables = list(json.loads(content)["resources"])
            _kinds(tables)
        except (ValueError, KeyError, TypeError):
            raise self.damaged(PACKAGE) from None
        return tables

    @cached_property
    def kinds(self) -> dict[str, dict[str, str]]:
        """Of every table the kind of its columns."""
        return _kinds(self.tables)

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """The tables of the complete scenario."""
        try:
            return tomllib.loads(self.read(RESOLVED).decode())
        except (ValueError, RecursionError):
            raise self.damaged(RESOLVED) from None

    def damaged(self, name: str) -> StorageError:
        """A file that is not as railsim wrote it, though its checksum says so."""
        return StorageError(f"{_shown(self.folder)}/{name}: damaged")


def open_run(folder: Path, *, is_checked: bool = True) -> Run:
    """Open a run folder; with `is_checked`, prove all its files.

    Raises StorageError for what cannot be read or is damaged, InputError for a folder
    that is no run or is newer than this railsim.
    """
    shown = _shown(folder)
    if not folder.exists():
        raise StorageError(f"{shown}: no such folder{_hint(folder)}")
    if not (folder / NAME).is_file():
        raise InputError(f"{shown}: is no run, it has no {NAME}{_hint(folder)}")
    run = Run(folder, _read_manifest(folder))
    if is_checked:
        for name in run.manifest["files"]:
            run.read(name)
    return run


def list_runs(root: Path) -> list[Run]:
    """All runs of a results folder by name; what cannot be read is left out."""
    if not root.is_dir():
        raise StorageError(f"{_shown(root)}: no such folder")
    runs = []
    for manifest in sorted(root.glob(f"*/{NAME}")):
        try:
            runs.append(open_run(manifest.parent, is_checked=False))
        except (InputError, StorageError):
            continue
    return runs


def reported_year(run: Run, years: Collection[str]) -> str:
    """Of the years of a table the one that the run reports, else the last."""
    wanted = str(run.manifest.get("report_year"))
    return wanted if wanted in years else max(years, default="")


def numbers(
    run: Run, table: str, rows: Iterable[dict[str, str]] | None = None
) -> list[dict[str, str | float | None]]:
    """The rows of a table, or those given, with numbers as numbers, missing as None."""
    try:
        return typed(run.rows(table) if rows is None else rows, run.kinds[table])
    except (ValueError, KeyError):
        raise run.damaged(f"{table}.csv") from None


def _kinds(tables: Iterable[dict[str, Any]]) -> dict[str, dict[str, str]]:
    return {
        table["name"]: {f["name"]: f["type"] for f in table["schema"]["fields"]}
        for table in tables
    }


def typed(
    rows: Iterable[dict[str, str]], kinds: Mapping[str, str]
) -> list[dict[str, str | float | None]]:
    """Rows of text as their columns' kinds say."""
    return [
        {name: _typed(cell, kinds.get(name, "string")) for name, cell in row.items()}
        for row in rows
    ]


def _typed(cell: str, kind: str) -> str | float | None:
    if kind == "string":
        return cell
    if not cell:
        return None
    if kind == "boolean":
        return cell == "true"
    return int(cell) if kind == "integer" else float(cell)


def _read_manifest(folder: Path) -> dict[str, Any]:
    shown = f"{_shown(folder)}/{NAME}"
    try:
        manifest = json.loads(_read(folder / NAME).decode("utf-8"))
    except (ValueError, RecursionError):
        raise StorageError(f"{shown}: damaged, not JSON") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise InputError(f"{shown}: is no manifest of railsim")
    if manifest["format"] > FORMAT:
        raise InputError(
            f"{shown}: written by a newer railsim ({manifest.get('model_version')})"
        )
    missing = _NEEDED - manifest.keys()
    if missing or not _are_plain(manifest["files"]):
        raise StorageError(f"{shown}: damaged, not as railsim wrote it")
    return manifest


_NEEDED = {"files", "scenario", "seed", "replications", "title", "years"}


def _are_plain(files: Any) -> bool:
    """File names that stay inside the folder, each with its checksum."""
    return isinstance(files, dict) and all(
        isinstance(checksum, str)
        and not Path(name).is_absolute()
        and ".." not in Path(name).parts
        for name, checksum in files.items()
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        shown = _shown(file)
        raise StorageError(f"{shown}: {error.strerror or error}") from None


def _hint(folder: Path) -> str:
    """The run that was perhaps meant."""
    root = folder.parent
    names = [f.parent.name for f in root.glob(f"*/{NAME}")] if root.is_dir() else []
    near = nearest(folder.name, names)
    return f" (did you mean {_shown(root / near)}?)" if near else ""


def _shown(path: Path) -> str:
    return printable(str(path))
