"""The command line as the system sees it: signals, pipes, environments, children."""

import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from railsim.cli.progress import Silence, progress_bar
from tests.runs import contents, railsim, tiny_run, write_tiny
from tests.sources import ROOT

# A shell's background job ignores the interrupt, and so would its children.
PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from railsim.cli import app
app()
"""
COMMAND = [sys.executable, "-W", "error", "-c", PROGRAM]
LONG = "\n[flows.more]\nmarket = 'domestic'\ncommodity = 'ore'\norigin = 'town'\n" + (
    "destination = 'port'\ndirection = 'south'\nform = 'bulk'\nlot_size = 'small'\n"
    "arrivals = { kind = 'poisson', rate_per_h = 20.0 }\n"
    "base_share = { road = 1.0 }\n"
)


def start(*words, **options):
    """A command in a process of its own."""
    command = [*COMMAND, *map(str, words)]
    options.setdefault("cwd", ROOT)
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_processes_hash_seeds_zones_and_locales_do_not_change_a_byte(tmp_path):
    file = write_tiny(tmp_path)
    odd = {
        "PYTHONHASHSEED": "4",
        "PYTHONPATH": str(ROOT),
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "POSIX",
        "COLUMNS": "40",
        "TERM": "dumb",
    }
    words = ("run", file.name, "--replications", 2, "--jobs", 2, "--trace")

    process = start(*words, env={**os.environ, **odd}, cwd=tmp_path, umask=0o077)
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, err
    assert runs(tmp_path / "results") == runs(tiny_run().parent)
    assert out.decode("utf-8") == railsim("show", tiny_run()).out
    assert b"\x1b" not in err


def runs(folder: Path) -> dict[str, bytes]:
    """All files of run folders."""
    return {name: c for name, c in contents(folder).items() if "/" in name}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
    ],
)
def test_an_interrupted_run_ends_soon_and_leaves_no_child(tmp_path, number, code):
    file = write_tiny(tmp_path, more=LONG)
    process = start(
        *("run", file, "--replications", 2, "--jobs", 2),
        *("--out", tmp_path / "results"),
        start_new_session=True,
    )
    assert wait_for(lambda: len(members(process.pid)) >= 3, 20.0)

    began = time.monotonic()
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=20)

    assert time.monotonic() - began < 5.0
    assert process.returncode == code
    assert b"interrupted" in err
    assert b"Traceback" not in err
    assert wait_for(lambda: members(process.pid) == [], 3.0)
    assert runs(tmp_path / "results") == {}


def test_an_interrupted_attribution_goes_on_where_it_stopped(tmp_path):
    file, results = write_tiny(tmp_path), tmp_path / "results"
    changes = ("--set", "stations.gate.servers=4", "--set", "economy.cny_per_usd=7.5")
    for words in ((), changes):
        assert railsim("run", file, "--out", results, *words).code == 0
    folders = sorted(results.glob("tiny-*"))

    process = start("diff", *folders, "--attribute", "--jobs", 1)
    assert wait_for(lambda: any(results.glob("attribution/*.part")), 60)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    again = railsim("diff", *folders, "--attribute")

    assert process.returncode == 130, err
    assert b"finished parts are kept, go on with: railsim diff" in err
    assert "2 causes, 1 runs of 1 to make" in again.err
    assert again.code == 1


@pytest.mark.slow
def test_a_killed_parent_takes_its_workers_along(tmp_path):
    file = write_tiny(tmp_path, more=LONG)
    process = start(
        *("run", file, "--replications", 2, "--jobs", 2),
        *("--out", tmp_path / "results"),
        start_new_session=True,
    )
    assert wait_for(lambda: len(members(process.pid)) >= 4, 20.0)

    process.kill()
    process.communicate(timeout=20)

    assert wait_for(lambda: members(process.pid) == [], 5.0)


def test_a_dead_worker_is_reported_in_one_line(tmp_path):
    file = write_tiny(tmp_path, more=LONG)
    process = start(
        *("run", file, "--replications", 2, "--jobs", 2),
        *("--out", tmp_path / "results"),
        start_new_session=True,
    )
    assert wait_for(lambda: workers(process.pid) != [], 20.0)

    os.kill(workers(process.pid)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=20)

    assert process.returncode == 3, f"{err.decode()}\n{crash_of(process.pid)}"
    assert b"a worker process died" in err
    assert b"Traceback" not in err


def crash_of(process: int) -> str:
    """What a process wrote when it met a bug."""
    file = Path(tempfile.gettempdir()) / f"railsim-crash-{process}.txt"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def wait_for(condition, seconds: float) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def members(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2]
        except OSError:
            continue
        state, _, _, number = stat.split()[:4]
        if int(number) == session and state != "Z":
            found.append(int(entry.name))
    return found


def workers(session: int) -> list[int]:
    """Those of them that multiprocessing spawned to work."""
    found = []
    for member in members(session):
        try:
            line = Path(f"/proc/{member}/cmdline").read_bytes()
        except OSError:
            continue
        if b"spawn_main" in line:
            found.append(member)
    return found


def test_a_reader_who_has_seen_enough_does_not_disturb():
    process = start("schema")
    process.stdout.close()

    assert process.wait(timeout=20) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_closed_output_does_not_disturb():
    code = f"{COMMAND[0]} -W error -c '{COMMAND[-1]}' explain E103 >&-"

    done = subprocess.run(
        ["sh", "-c", code], stderr=subprocess.PIPE, check=False, cwd=ROOT
    )

    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_sees_a_bar_that_moves(monkeypatch):
    screen, terminal = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    with os.fdopen(terminal, "w", encoding="utf-8") as stderr:
        monkeypatch.setattr("sys.stderr", stderr)
        with progress_bar() as progress:
            progress.expect(5)
            for _ in range(5):
                progress.advance()

    shown = b"".join(iter(lambda: read(screen), b""))
    os.close(screen)
    plain = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]", b"", shown)
    assert b"simulating" in plain
    assert b"5/5 years" in plain


def read(screen: int) -> bytes:
    """What a terminal still shows; nothing when all is read and its writer gone."""
    try:
        return os.read(screen, 4096)
    except OSError:
        return b""


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_poor_terminal_sees_no_bar(monkeypatch, term):
    monkeypatch.setenv("TERM", term)

    with progress_bar() as progress:
        assert isinstance(progress, Silence)
