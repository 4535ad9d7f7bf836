"""What `doctor` looks at: Python, packages, processors, folders."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, cast

from railsim.errors import StorageError

OLDEST_PYTHON = (3, 11)


@dataclass
class Symptom:
    """One thing, how it is, and the line that mends it."""

    subject: str
    found: str
    is_well: bool = True
    cure: str = ""


def examine() -> list[Symptom]:
    """Everything a run needs, in the order a person would look."""
    return [
        *_python(),
        *_packages(),
        *_machine(),
        _kernel(),
        _results(Path("results")),
    ]


def as_text(symptoms: Sequence[Symptom]) -> str:
    """One line each; the cure stands below what is ill."""
    width = max(len(symptom.subject) for symptom in symptoms)
    lines = []
    for s in symptoms:
        lines.append(f"{s.subject.ljust(width)}  {s.found}")
        if s.cure:
            lines.append(f"{'':{width}}  {s.cure}")
    return "\n".join(lines)


def _python() -> Iterator[Symptom]:
    is_well = sys.version_info[:2] >= OLDEST_PYTHON
    cure = "" if is_well else "uv python install 3.12"
    yield Symptom("python", platform.python_version(), is_well, cure)
    yield Symptom("railsim", metadata.version("railsim"))


def _packages() -> Iterator[Symptom]:
    """What the installation says it needs, and the optional parts."""
    for line in metadata.requires("railsim") or ():
        name = re.split(r"[^\w.-]", line, maxsplit=1)[0]
        is_optional = "extra ==" in line
        try:
            yield Symptom(name, metadata.version(name))
        except metadata.PackageNotFoundError:
            found = "not installed (optional)" if is_optional else "not installed"
            yield Symptom(name, found, is_optional, f"uv pip install {name}")


def _machine() -> Iterator[Symptom]:
    yield Symptom("processors", str(os.cpu_count() or 1))
    yield Symptom("machine", platform.machine())


def _kernel() -> Symptom:
    """Where numba keeps the kernel; it has tried to write there."""
    try:
        folder = _kernel_folder()
    except RuntimeError:
        cure = "export NUMBA_CACHE_DIR=FOLDER names one that can"
        return Symptom("kernel cache", "no folder can be written", False, cure)
    return Symptom("kernel cache", f"{folder} can be written")


def _kernel_folder() -> Path:
    """Raises RuntimeError when numba finds no folder that it can write to."""
    from railsim.engine.compiled.loop import run

    return Path(cast(Any, run).stats.cache_path)


def _results(folder: Path) -> Symptom:
    from railsim.results.store import check_root

    try:
        check_root(folder)
    except StorageError as error:
        cure = "needed by run, unless --out names another folder"
        return Symptom("results folder", str(error), cure=cure)
    return Symptom("results folder", "can be written")
