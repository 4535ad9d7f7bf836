"""The files of a sweep folder, rebuilt from its parts; equal ones are left alone."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

from railsim.results.assumptions import assumptions_csv
from railsim.results.datapackage import describe_tables, write_json
from railsim.results.manifest import FORMAT, NAME, computer, digest
from railsim.results.reading import RESOLVED
from railsim.results.store import replacing, storage_error
from railsim.results.sweeps.catalogue import OUTPUTS, sweep_tables
from railsim.results.sweeps.collecting import Collected, collect
from railsim.results.sweeps.computing import Parts
from railsim.results.sweeps.keeping import put_file
from railsim.results.sweeps.planning import Finished, Sweep
from railsim.results.sweeps.spill import Spill
from railsim.results.sweeps.summing import table_files
from railsim.scenario.resolved import write_resolved

STUDY = "study.json"


def gather(parts: Parts) -> Finished:
    """Write every table and, last, the manifest; raises StorageError.

    Nothing is written when the manifest says that these parts were collected before
    and all files are still what it says.
    """
    folder, proof = parts.keep.folder, _proof(parts)
    known = _manifest(folder)
    if known.get("parts_sha256") == proof and _are_whole(folder, known):
        return _finished(parts, known, is_new=False)
    with contextlib.suppress(FileNotFoundError):
        (folder / NAME).unlink()
    try:
        manifest = _write(parts, proof)
    except OSError as error:
        raise storage_error(folder, error) from None
    return _finished(parts, manifest, is_new=True)


def _write(parts: Parts, proof: str) -> dict[str, Any]:
    sweep, folder = parts.sweep, parts.keep.folder
    counts = sweep.counts(parts.watch)
    with Spill(folder) as spill:
        with replacing(folder / f"{OUTPUTS.name}.csv") as new:
            found = collect(parts.collected(), counts, new, spill)
        files = {**_plain_files(sweep), **table_files(sweep, found, spill, counts)}
    for name, content in files.items():
        put_file(folder / name, content)
    names = [*files, f"{OUTPUTS.name}.csv"]
    manifest = {
        "format": FORMAT,
        **_head(parts, found, counts),
        "parts_sha256": proof,
        "files": {name: _digest(folder / name) for name in sorted(names)},
    }
    manifest["proof"] = _proof_of(manifest)
    put_file(folder / NAME, write_json(manifest))
    return manifest


def _plain_files(sweep: Sweep) -> dict[str, bytes]:
    study, base = sweep.planned.study, sweep.planned.base
    axes = () if study.grid is None else tuple(study.grid.axes)
    tables = sweep_tables(axes, has_levels=len(sweep.levels) > 1)
    return {
        RESOLVED: write_resolved(base).encode(),
        STUDY: write_json(study.model_dump(mode="json")),
        "assumptions.csv": assumptions_csv(base),
        "datapackage.json": describe_tables(
            sweep.name.lower(), study.study.title, tables
        ),
    }


def _head(parts: Parts, found: Collected, counts: dict[str, int]) -> dict[str, Any]:
    """What was asked for and what came of it."""
    sweep, watch = parts.sweep, parts.watch
    study, run = sweep.planned.study, sweep.planned.base.scenario.run
    grid, first = study.grid, next(iter(sweep.levels))
    cells = {world.cell_name for world in sweep.shared.worlds if world.cell}
    return {
        **sweep.head,
        **computer(),
        "title": study.study.title,
        "scenario": study.study.scenario.rpartition("/")[2].removesuffix(".toml"),
        "fidelity": study.study.fidelity,
        "engine": run.engine,
        "first_year": run.first_year,
        "last_year": run.last_year,
        "design": study.design.model_dump(mode="json"),
        "size": study.study.size,
        "draws": counts[first],
        "draws_by_events": counts.get("event", 0),
        "replications": study.study.replications,
        "failed": len(found.failures),
        "failed_share": len(found.failures) / max(1, sum(counts.values())),
        "is_enough": watch.stopping is None or watch.enough is not None,
        "cells": len(cells),
        "alternatives": list(sweep.shared.tables["alternatives"]),
        "reference": {} if grid is None else dict(grid.reference),
        "remarks": list(sweep.planned.sample.remarks),
        "years": [],
    }


def _finished(parts: Parts, manifest: dict[str, Any], *, is_new: bool) -> Finished:
    return Finished(
        folder=parts.keep.folder,
        draws=manifest["draws"] + manifest["draws_by_events"],
        failed=manifest["failed"],
        is_enough=manifest["is_enough"],
        is_new=is_new,
    )


def _proof(parts: Parts) -> str:
    """Names and checksums of all parts that are collected, and how many draws."""
    counts = parts.sweep.counts(parts.watch)
    found = hashlib.sha256(json.dumps(counts).encode())
    for _, part in parts.collected():
        found.update(part.checksum.encode())
    return found.hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    """What the manifest says; nothing if there is none, or it is damaged."""
    try:
        known = json.loads((folder / NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    is_whole = isinstance(known, dict) and known.get("proof") == _proof_of(known)
    return known if is_whole else {}


def _proof_of(manifest: dict[str, Any]) -> str:
    """Checksum of a manifest, but for the checksum in it."""
    return digest(write_json({k: v for k, v in manifest.items() if k != "proof"}))


def _are_whole(folder: Path, manifest: dict[str, Any]) -> bool:
    return all(
        (folder / name).is_file() and _digest(folder / name) == checksum
        for name, checksum in manifest["files"].items()
    )


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
