"""`railsim sweep`."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import INTERRUPTED, StoppedError, show, talk
from railsim.cli.options import RESULTS, AsJson, Laid, Out, Rehearsal, Seed, Verbose
from railsim.cli.running import COMPILING, INCOMPLETE
from railsim.errors import InputError
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.sweeps.planning import Finished, Shard, Sweep
    from railsim.study.sweep.crews import Crew


def sweep(
    study: Annotated[Path, typer.Argument(help="Study file.")],
    laid: Laid = None,
    size: Annotated[
        int | None, typer.Option(help="Draws, instead of the file's.")
    ] = None,
    seed: Seed = None,
    jobs: Annotated[
        int | None, typer.Option(envvar="RAILSIM_JOBS", min=1, help="Draws at once.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://...", help="Dask scheduler that has the workers."),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(metavar="i/n", help="Compute one of n shares, collect nothing."),
    ] = None,
    is_collecting: Annotated[
        bool, typer.Option("--collect", help="Only collect what shards computed.")
    ] = False,
    is_fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what was computed before.")
    ] = False,
    max_failures: Annotated[
        str | None,
        typer.Option(
            metavar="N", help="Failed draws that are still well: a number or a share."
        ),
    ] = None,
    out: Out = RESULTS,
    is_parquet: Annotated[
        bool, typer.Option("--parquet", help="Write the tables as Parquet as well.")
    ] = False,
    is_rehearsal: Rehearsal = False,
    as_json: AsJson = False,
    _verbose: Verbose = False,
) -> None:
    """\b
    railsim sweep scenarios/studies/ci_smoke.toml
    railsim sweep scenarios/studies/start_x_finance.toml --jobs 2

    Draw what is uncertain, evaluate every draw in every cell, and write the tables.
    Interrupted or killed, the same line goes on where it stopped.
    """
    from railsim.results.sweeps.planning import plan_sweep

    settings = {"size": size, "seed": seed}
    given = {name: value for name, value in settings.items() if value is not None}
    planned = plan_sweep(study, settings=given, overrides=laid or [])
    share, most = _shard(shard), _most_failures(max_failures, planned)
    if is_fresh and share:
        raise InputError("--fresh would forget what other shards computed")
    if is_collecting and (share or is_fresh or scheduler):
        raise InputError("--collect computes nothing: leave the other options away")
    _announce(planned)
    if not is_rehearsal:
        done = _compute(planned, out, jobs, scheduler, share, is_collecting, is_fresh)
        if is_parquet and share is None and not done.missing:
            _write_parquet(done.folder)
        _finish(done, share, most, as_json)


def _write_parquet(folder: Path) -> None:
    from railsim.results.answers.parquet import write_parquet
    from railsim.results.answers.reading import open_sweep

    talk(f"{len(write_parquet(open_sweep(folder)))} tables as Parquet")


def _shard(text: str | None) -> Shard | None:
    from railsim.results.sweeps.planning import Shard

    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text.strip())
    number, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= number <= count:
        raise InputError(f"--shard {printable(text)}: must be i/n with i from 1 to n")
    return Shard(number, count)


def _most_failures(text: str | None, planned: Sweep) -> float:
    """The share of draws that may fail."""
    if text is None:
        return planned.planned.study.study.max_failed_share
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text.strip())
    if match is None:
        raise InputError(
            f"--max-failures {printable(text)}: must be a number of draws or a share "
            "such as 1%"
        )
    if match[2]:
        return float(match[1]) / 100.0
    return float(match[1]) / sum(planned.levels.values())


def _announce(planned: Sweep) -> None:
    study = planned.planned.study
    worlds, head = len(planned.shared.worlds), study.study
    wanted = ", ".join(f"{n:,} draws {kind}" for kind, n in planned.levels.items())
    talk(
        f"{planned.planned.stem}.toml  {printable(head.title)}, {study.design.kind}, "
        f"{wanted}, {worlds} worlds each, seed {head.seed}"
    )
    for remark in planned.planned.sample.remarks:
        talk(f"warning {printable(remark)}")


def _compute(
    planned: Sweep,
    out: Path,
    jobs: int | None,
    scheduler: str | None,
    shard: Shard | None,
    is_collecting: bool,
    is_fresh: bool,
) -> Finished:
    from railsim.cli.progress import progress_bar
    from railsim.results.store import check_root
    from railsim.results.sweeps.running import run_sweep

    check_root(out)
    began = time.monotonic()
    with (
        resumable(),
        _crew(planned, jobs, scheduler, is_collecting) as crew,
        progress_bar("drawing", "draws") as progress,
    ):
        done = run_sweep(planned, out, crew, progress, shard=shard, is_fresh=is_fresh)
    if progress.years:
        talk(f"{progress.years} draws in {time.monotonic() - began:.1f} s")
    return done


@contextmanager
def _crew(
    planned: Sweep, jobs: int | None, scheduler: str | None, is_collecting: bool
) -> Iterator[Crew | None]:
    """Who computes: processes here, or the workers of a scheduler."""
    if is_collecting:
        yield None
        return
    if scheduler is not None:
        from railsim.study.sweep.schedulers import scheduler as scheduler_at

        with scheduler_at(scheduler) as crew:
            yield crew
        return
    yield crew_here(planned, jobs)


def crew_here(planned: Sweep, jobs: int | None) -> Crew:
    """Processes of this machine; what they share is compiled before."""
    from railsim.study.executors import process_pool
    from railsim.study.sweep.crews import Crew

    _compile(planned)
    return Crew(process_pool, jobs or os.cpu_count() or 1)


def _compile(planned: Sweep) -> None:
    """Once, before workers would each do it."""
    from railsim.engine.choose import prepare

    if "event" in planned.levels:
        prepare(planned.planned.base.scenario.run.engine, lambda: talk(COMPILING))


@contextmanager
def resumable() -> Iterator[None]:
    """An interruption says how to go on: finished parts are kept."""
    line = " ".join(["railsim", *map(_quoted, sys.argv[1:])])
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(line, INTERRUPTED) from None
    except SystemExit as end:
        raise StoppedError(line, int(end.code or 0)) from None


def _quoted(word: str) -> str:
    import shlex

    return printable(shlex.quote(word))


def _finish(done: Finished, shard: Shard | None, most: float, as_json: bool) -> None:
    from railsim.cli.studying.screens import answer_lines, answer_rows
    from railsim.results.reading import open_run
    from railsim.results.running import as_json as written

    if shard is not None:
        left = (
            f"; {done.missing} parts are left for other shards" if done.missing else ""
        )
        talk(f"{done.folder}   shard {shard} is done{left}   next: --collect")
        return
    if done.missing:
        talk(f"{done.missing} parts are missing; run the shards that make them")
        raise typer.Exit(INCOMPLETE)
    answer = open_run(done.folder)
    if as_json:
        show(written(answer_rows(answer)))
    for line in answer_lines(answer) if not as_json else ():
        show(line)
    talk(f"{done.folder}   {'written' if done.is_new else 'complete before'}")
    if done.failed:
        talk(f"{done.failed} of {done.draws} draws failed; reasons are in draws.csv")
    if not done.is_enough:
        talk("the intervals that [stopping] asks for were not reached")
    if done.failed > most * done.draws or not done.is_enough:
        raise typer.Exit(INCOMPLETE)
