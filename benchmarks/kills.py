"""Sweeps killed at random moments, and gone on with by the same line.

Whole process groups, with workers, are killed: `railsim sweep` on a small study of the
toy corridor. Every folder must end as that of an undisturbed sweep, byte for byte.

    uv run python benchmarks/kills.py [KILLS]
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "scenarios" / "studies" / "ci_smoke.toml"
DRAWS = 8
SEED = 20260101
LOCK = ".lock"
PROGRAM = "from railsim.cli import app; app()"


def main() -> None:
    """Kill as often as asked, and tell how many folders came out right."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    chance = random.Random(SEED)
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        took, expected = _undisturbed(root)
        print(f"an undisturbed sweep takes {took:.1f} s")
        right = killed = 0
        while killed < kills:
            out = _folder(root, f"number {right}")
            times = chance.randint(1, 3)
            killed += sum(
                1 for _ in range(times) if _kill_after(chance.uniform(0.1, took), out)
            )
            _start(out).wait()
            if _contents(out) != expected:
                print(f"differs after {killed} kills: {out.name}")
                sys.exit(1)
            right += 1
            print(f"\r{killed} kills, {right} folders right", end="", flush=True)
        print()


def _undisturbed(root: Path) -> tuple[float, dict[str, bytes]]:
    out, began = _folder(root, "undisturbed"), time.monotonic()
    if _start(out).wait() != 0:
        sys.exit("the undisturbed sweep failed")
    return time.monotonic() - began, _contents(out)


def _kill_after(seconds: float, out: Path) -> bool:
    """Whether the sweep was still at work."""
    process = _start(out)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def _start(out: Path) -> subprocess.Popen[bytes]:
    command = [
        *(sys.executable, "-c", PROGRAM, "sweep", str(STUDY), "--out", str(out)),
        *("--size", str(DRAWS), "--jobs", "2"),
    ]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _folder(root: Path, name: str) -> Path:
    out = root / name
    out.mkdir()
    return out


def _contents(out: Path) -> dict[str, bytes]:
    return {
        file.relative_to(out).as_posix(): file.read_bytes()
        for file in sorted(out.rglob("*"))
        if file.is_file() and not file.name.endswith(LOCK)
    }


if __name__ == "__main__":
    main()
