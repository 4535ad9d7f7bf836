"""`railsim run`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import talk
from railsim.cli.options import (
    RESULTS,
    AsJson,
    Laid,
    Out,
    Rehearsal,
    Seed,
    Verbose,
    named_by,
    overrides_of,
)
from railsim.errors import InputError

if TYPE_CHECKING:
    from railsim.results.running import Finished, Job

DIFFERENT, INCOMPLETE = 1, 3
COMPILING = "compiling, up to half a minute; it is kept for the next run"


def run(
    file: Annotated[Path | None, typer.Argument(help="Scenario file.")] = None,
    laid: Laid = None,
    seed: Seed = None,
    replications: Annotated[int | None, typer.Option(help="Years of luck.")] = None,
    until_ci: Annotated[
        str | None,
        typer.Option(
            metavar="1%",
            help="Add replications until the half-width of the mean generalised cost "
            "of the reported market and year is at most this share of it.",
        ),
    ] = None,
    engine: Annotated[str | None, typer.Option(help="compiled or reference.")] = None,
    fidelity: Annotated[str | None, typer.Option(help="event or analytic.")] = None,
    years: Annotated[
        str | None, typer.Option(help="all, anchors, 2026,2035 or 2026-2030.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(envvar="RAILSIM_JOBS", min=1, help="Replications at once."),
    ] = None,
    out: Out = RESULTS,
    is_traced: Annotated[
        bool, typer.Option("--trace", help="Write every event as well.")
    ] = False,
    is_rehearsal: Rehearsal = False,
    as_json: AsJson = False,
    repeat: Annotated[
        Path | None,
        typer.Option(metavar="MANIFEST", help="Run again what a manifest says."),
    ] = None,
    _verbose: Verbose = False,
) -> None:
    """\b
    railsim run scenarios/base.toml
    railsim run scenarios/base.toml --years 2026,2035 --replications 5

    Simulate a scenario with all its alternatives and write a folder of tables.
    """
    settings = {
        "seed": seed,
        "replications": replications,
        "engine": engine,
        "fidelity": fidelity,
        "years": years,
    }
    flags = overrides_of(laid or [], settings)
    job = _job(file, repeat, flags, until_ci, is_traced)
    _announce(job, jobs)
    if not is_rehearsal:
        _finish(_simulate(job, out, jobs), as_json)


def _job(
    file: Path | None,
    repeat: Path | None,
    flags: dict[str, str],
    until_ci: str | None,
    is_traced: bool,
) -> Job:
    from railsim.results.running import percent, plan_job, repeat_job

    if (file is None) == (repeat is None):
        raise InputError("name a scenario file, or a manifest with --repeat")
    if repeat is not None or file is None:
        if flags or until_ci or is_traced:
            raise InputError("--repeat changes nothing: leave the other options away")
        return repeat_job(repeat or Path())
    share = None if until_ci is None else percent(until_ci)
    with named_by(flags):
        return plan_job(file, flags, until_ci=share, is_traced=is_traced)


def _announce(job: Job, jobs: int | None) -> None:
    from railsim.cli.screens.run import head_line
    from railsim.living.worlds import count_years, reported_years
    from railsim.study.replications import usual_jobs

    run, count = job.scenario.run, job.replications
    years, name = reported_years(job.scenario), f"{job.stem}.toml"
    talk(head_line(name, run.title, years, count, run.seed, run.fidelity))
    total = count_years(job.scenario, range(count))
    if run.fidelity == "analytic":
        talk(f"{total} years by closed forms")
        return
    workers = min(jobs or usual_jobs(count), count)
    noun = "process" if workers == 1 else "processes"
    talk(f"{total} years to simulate in {workers} {noun}, {run.engine} engine")


def _simulate(job: Job, out: Path, jobs: int | None) -> Finished:
    from railsim.cli.progress import progress_bar
    from railsim.engine.analytic import ENTRIES
    from railsim.engine.choose import prepare
    from railsim.engine.kernels.jit import announcing
    from railsim.results.running import run_job
    from railsim.results.store import check_root

    check_root(out)
    if job.scenario.run.fidelity == "event":
        prepare(job.scenario.run.engine, lambda: talk(COMPILING))
    began = time.monotonic()
    with announcing(ENTRIES, lambda: talk(COMPILING)), progress_bar() as progress:
        finished = run_job(job, out, jobs=jobs, progress=progress)
    talk(f"{progress.years} years in {time.monotonic() - began:.1f} s")
    return finished


def _finish(finished: Finished, as_json: bool) -> None:
    from railsim.cli.reading import show_answer
    from railsim.cli.screens.run import warning_lines
    from railsim.results.reading import open_run

    answer = open_run(finished.folder)
    show_answer(answer, as_json)
    for line in warning_lines(answer):
        talk(line)
    talk(f"{finished.folder}   next: railsim report {finished.folder}")
    if finished.differing:
        talk(f"differs from the manifest: {', '.join(finished.differing)}")
        raise typer.Exit(DIFFERENT)
    if not finished.is_precise:
        talk("the interval that --until-ci asks for was not reached")
        raise typer.Exit(INCOMPLETE)
