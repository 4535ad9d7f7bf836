"""A tiny scenario, its runs, and the command line called from within the tests."""

import functools
import io
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from railsim.cli import app
from railsim.outcome import Outcome
from railsim.results.running import Harvest, Job, plan_job, write_run
from railsim.results.trace import trace_year
from railsim.study.replications import Replication, run_replications
from tests.sources import ROOT

SMALL = ROOT / "tests" / "small_corridor.toml"
TINY = """extends = "small_corridor.toml"

[run]
simulate_years = [2028]
warmup_days = 2.0
drain_days = 14.0
replications = 1
diary_years = [2028]
diary_resources = ["stations.gate"]
diary_day = "07-01"

[flows.fruit_south]
arrivals = { kind = "annual", tonnes = 6000.0 }

[flows.ore_north]
arrivals = { kind = "annual", tonnes = 3000.0 }

[services.train]
timetable = { per_day = { 2026 = 0.25 } }

[services.fast_train]
timetable = { per_day_since_opening = { 0 = 0.5 } }

[stations.gate]
time = { dist = "deterministic", value_h = 0.1 }

[lot_sizes.small]
teu = [10]
probability = [1.0]
"""


@dataclass(frozen=True)
class Said:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


def write_tiny(folder: Path, name: str = "tiny.toml", more: str = "") -> Path:
    """The tiny scenario and its parent in a folder, with results beside them."""
    (folder / SMALL.name).write_bytes(SMALL.read_bytes())
    (folder / "results").mkdir(exist_ok=True)
    file = folder / name
    file.write_text(TINY + more, encoding="utf-8")
    return file


@functools.cache
def shared_folder() -> Path:
    """One folder a test process; nobody changes what is in it."""
    keep = tempfile.TemporaryDirectory()
    sys.modules[__name__].__dict__["_keep"] = keep
    return Path(keep.name)


@functools.cache
def tiny_job() -> Job:
    """Two replications of the tiny scenario, traced."""
    file = write_tiny(shared_folder())
    return plan_job(file, ["run.replications=2"], is_traced=True)


@functools.cache
def tiny_replications() -> list[Replication]:
    """What comes of them."""
    return list(
        run_replications(
            tiny_job().scenario,
            7,
            range(2),
            jobs=1,
            advance=lambda: None,
            trace_year=trace_year,
        )
    )


def tiny_outcomes() -> list[Outcome]:
    """Their outcomes."""
    return [one.outcome for one in tiny_replications()]


@functools.cache
def tiny_run() -> Path:
    """Their folder."""
    out = shared_folder() / "results"
    return write_run(tiny_job(), harvest_of(tiny_replications()), out).folder


def harvest_of(replications: list[Replication]) -> Harvest:
    """What a run keeps of them."""
    harvest = Harvest()
    harvest.add(replications)
    return harvest


def railsim(*words: Any) -> Said:
    """Call the command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    code = 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            app([str(word) for word in words])
        except SystemExit as end:
            code = end.code
    return Said(code, *(_text(stream) for stream in (out, err)))


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode("utf-8")
