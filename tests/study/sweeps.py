"""A study of the toy corridor, small enough for tests, and crews that run it."""

import functools
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from railsim.results.sweeps.planning import Finished, Sweep, plan_sweep
from railsim.results.sweeps.running import run_sweep
from railsim.study.sweep.crews import Crew
from tests.sources import ROOT

TOY = ROOT / "scenarios" / "toy_corridor.toml"
OPENS = "openings.railway.opens_year"
HEAD = {
    "title": "'Toy'",
    "scenario": "'../toy_corridor.toml'",
    "set": "{ 'run.simulate_years' = [2029, 2032] }",
    "seed": "7",
    "size": "8",
    "draws_per_part": "2",
    "replications": "1",
    "fidelity": "'analytic'",
    "max_failed_share": "0",
}
DESIGN = "[design]\nkind = 'monte_carlo'\n"
UNCERTAIN = f"""
[uncertain]
"{OPENS}" = {{ dist = "uniform", low = 2030.0, high = 2031.5 }}
"economy.cny_per_usd" = {{ dist = "triangular", low = 7.0, mode = 7.2, high = 7.4 }}
"""
OUTPUTS = """
[outputs.rail_share]
table = "routes"
column = "tonnes"
where = { year = 2032, mode = "rail" }
share_of = { year = 2032 }

[outputs.cost_saved]
table = "routes"
column = "generalised_cost_usd_per_teu"
aggregate = "mean"
weight = "teu"
where = { year = 2032 }
against = "without"
"""
GRID = """
[grid]
alternatives = ["with"]
reference = { ramp = "slow" }

[grid.axes.ramp]
slow = { "openings.railway.ramp_up_years" = 3 }
fast = { "openings.railway.ramp_up_years" = 0.5 }
"""


def write_study(
    folder: Path,
    *,
    design: str = DESIGN,
    uncertain: str = UNCERTAIN,
    outputs: str = OUTPUTS,
    more: str = GRID,
    **head: object,
) -> Path:
    """A study file in a folder of scenarios, with its scenario and a results folder."""
    studies = folder / "scenarios" / "studies"
    studies.mkdir(parents=True, exist_ok=True)
    (folder / "results").mkdir(exist_ok=True)
    (folder / "scenarios" / TOY.name).write_bytes(TOY.read_bytes())
    lines = [f"{k} = {v}" for k, v in {**HEAD, **head}.items() if v is not None]
    text = "[study]\n" + "\n".join(lines) + "\n\n" + design + uncertain + outputs + more
    file = studies / "toy.toml"
    file.write_text(text, encoding="utf-8")
    return file


class Counting:
    """A progress that remembers."""

    def __init__(self) -> None:
        self.expected = 0
        self.done = 0

    def expect(self, draws: int, /) -> None:
        """So many more draws will be computed."""
        self.expected += draws

    def advance(self, draws: int = 1, /) -> None:
        """So many of them are done."""
        self.done += draws


class Here(Executor):
    """Works at once, in this thread."""

    def submit(self, task, /, *arguments, **_):
        """The result of a task, computed before it is asked for."""
        future: Future = Future()
        future.set_result(task(*arguments))
        return future


HERE = Crew(lambda _: Here(), 1)
THREADS = Crew(ThreadPoolExecutor, 2)


def planned(file: Path, **settings: object) -> Sweep:
    """The sweep of a study file."""
    return plan_sweep(file, settings=settings)


def swept(file: Path, crew: Crew | None = HERE, **options) -> Finished:
    """A sweep that is run in this process."""
    settings = options.pop("settings", {})
    out = options.pop("out", file.parents[2] / "results")
    progress = options.pop("progress", Counting())
    return run_sweep(planned(file, **settings), out, crew, progress, **options)


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a sweep folder but its locks."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith(".lock")
    }


@functools.cache
def reference_files(keep: Path) -> dict[str, bytes]:
    """What an undisturbed sweep of the usual study writes."""
    return files_of(swept(write_study(keep)).folder)
