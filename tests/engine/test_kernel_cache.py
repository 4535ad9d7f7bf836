"""Whatever becomes of the kernels' cache, what runs is what the sources say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.sources import ROOT

# Prints `compiling` if it must, then a fingerprint of a busy fortnight as measured.
PROGRAM = """
import tempfile
{before}
from railsim.engine.choose import engine_of, prepare
prepare("compiled", lambda: print("compiling"))
import hashlib, pathlib
from railsim.engine.draws import draw
from railsim.engine.measuring.meter import measure
from tests.engine.networks import plan_of, shortened
world = pathlib.Path("tests/contracts/busy_world.toml").read_text("utf-8")
plan = shortened(plan_of(world), 14)
draws = draw(plan, 5, 2)
log = engine_of("compiled").simulate(plan, draws)
service = measure(plan, draws, log)
print(hashlib.sha256(log.at_ms.tobytes()).hexdigest(), len(log))
print(service.departures.teu.sum(), service.routes.mean_h)
"""
NO_PLACE = """
def refuse(*_, **__):
    raise PermissionError("read-only")
tempfile.TemporaryFile = refuse
"""


def start(
    folder: Path, cache: Path, before: str = "", root: Path = ROOT
) -> subprocess.Popen[str]:
    """Run the program with its own cache of kernels."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(before=before)],
        cwd=folder,
        env={**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(*processes: subprocess.Popen[str]) -> list[list[str]]:
    """Their lines, when all have ended well."""
    found = []
    for process in processes:
        out, err = process.communicate(timeout=400)
        assert process.returncode == 0, err
        found.append(out.splitlines())
    return found


def is_compiled_anew(lines: Sequence[str]) -> bool:
    return lines[0] == "compiling"


@pytest.fixture(scope="module")
def cold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A cache that two processes filled at once, and what they said."""
    cache = tmp_path_factory.mktemp("kernels")
    first, second = said(start(ROOT, cache), start(ROOT, cache))
    assert first[-2:] == second[-2:]
    return cache, first


@pytest.mark.slow
def test_two_processes_that_start_at_once_leave_a_cache_that_serves(
    cold: tuple[Path, list[str]],
) -> None:
    cache, lines = cold
    (again,) = said(start(ROOT, cache))

    assert is_compiled_anew(lines)
    assert not is_compiled_anew(again)
    assert again == lines[-2:]


@pytest.mark.slow
def test_without_a_folder_to_write_to_the_kernel_is_compiled_and_not_kept(
    cold: tuple[Path, list[str]], tmp_path: Path
) -> None:
    (lines,) = said(start(ROOT, tmp_path, NO_PLACE))

    assert is_compiled_anew(lines)
    assert lines[-2:] == cold[1][-2:]
    assert list(tmp_path.rglob("*.nbi")) == []


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flip(content: bytes) -> bytes:
    half = len(content) // 2
    return content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :]


@pytest.mark.slow
@pytest.mark.parametrize("damage", [cut, flip])
@pytest.mark.parametrize("files", ["*.nbi", "*.nbc", "*.sha256"])
def test_a_damaged_cache_is_not_believed(
    cold: tuple[Path, list[str]],
    tmp_path: Path,
    damage: Callable[[bytes], bytes],
    files: str,
) -> None:
    shutil.copytree(cold[0], tmp_path / "kernels")
    for file in (tmp_path / "kernels").rglob(files):
        file.write_bytes(damage(file.read_bytes()))

    (lines,) = said(start(ROOT, tmp_path / "kernels"))

    assert is_compiled_anew(lines)
    assert lines[-2:] == cold[1][-2:]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "engine/measuring/departures.py",
            "service.teu += teu",
            "service.teu += 2 * teu",
        ),
        ("units.py", "MS_PER_DAY = 86_400_000", "MS_PER_DAY = 43_200_000"),
    ],
)
def test_a_changed_source_is_compiled_anew(
    cold: tuple[Path, list[str]], tmp_path: Path, file: str, old: str, new: str
) -> None:
    """The file of the entry itself is as it was, its time of change too."""
    shutil.copytree(ROOT / "railsim", tmp_path / "railsim")
    shutil.copytree(ROOT / "tests", tmp_path / "tests")
    cache = tmp_path / "kernels"
    (before,) = said(start(tmp_path, cache, root=tmp_path))
    source = tmp_path / "railsim" / file
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new), "utf-8")

    (after,) = said(start(tmp_path, cache, root=tmp_path))

    assert before[-2:] == cold[1][-2:]
    assert is_compiled_anew(after)
    assert after[-2:] != before[-2:]
