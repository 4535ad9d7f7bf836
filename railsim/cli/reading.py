"""`railsim ls` and `railsim show`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import show, talk
from railsim.cli.options import AsJson
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.reading import Run


def ls(
    folder: Annotated[
        Path, typer.Argument(envvar="RAILSIM_OUT", help="Folder of results.")
    ] = Path("results"),
    as_json: AsJson = False,
) -> None:
    """\b
    railsim ls
    railsim ls elsewhere --json

    List the runs of a results folder.
    """
    from railsim.results.reading import list_runs
    from railsim.results.running import as_json as written

    runs = list_runs(folder)
    if as_json:
        show(written([{"name": run.name, **_settings(run)} for run in runs]))
    for run in runs if not as_json else ():
        show(_head(run.name, run))


def show_run(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    as_json: AsJson = False,
    table: Annotated[
        str | None, typer.Option(help="Print one table as CSV, such as routes.")
    ] = None,
) -> None:
    """\b
    railsim show results/base-3f9a1c2e
    railsim show results/base-3f9a1c2e --table routes

    Print the answer of a run again; its files are checked first.
    """
    from railsim.results.reading import open_run

    found = open_run(run)
    if table is not None:
        show(found.read(f"{table.removesuffix('.csv')}.csv").decode().rstrip("\n"))
        return
    show_head(found)
    show_answer(found, as_json)


def show_head(run: Run) -> None:
    """What was run, for the person who reads."""
    file = run.manifest["study" if run.is_sweep else "scenario"]
    talk(_head(f"{file}.toml", run))


def show_answer(run: Run, as_json: bool) -> None:
    """The table of markets and modes or of a sweep's cells, or the same as JSON."""
    from railsim.results.running import as_json as written

    if not as_json:
        show("\n".join(_lines(run)))
        return
    answer = {"name": run.name, "folder": str(run.folder), **_settings(run)}
    show(written({**answer, **_numbers(run)}))


def _lines(run: Run) -> Iterator[str]:
    from railsim.cli.screens.run import run_lines
    from railsim.cli.studying.screens import answer_lines

    return answer_lines(run) if run.is_sweep else run_lines(run)


def _numbers(run: Run) -> dict[str, object]:
    from railsim.cli.studying.screens import answer_rows
    from railsim.results.reading import numbers

    if run.is_sweep:
        return {"sweep_grid": answer_rows(run)}
    return {"summary": numbers(run, "summary")}


def _settings(run: Run) -> dict[str, object]:
    names = (
        *("scenario", "title", "years", "replications", "seed", "fidelity"),
        "model_version",
    )
    return {name: run.manifest[name] for name in names if name in run.manifest}


def _head(name: str, run: Run) -> str:
    from railsim.cli.screens.run import head_line

    said = run.manifest
    if run.is_sweep:
        title, fidelity = printable(said["title"]), said["fidelity"]
        drawn = f"{said['draws']} draws in {said['cells']} cells, seed {said['seed']}"
        return f"{name}  {title}, {fidelity} fidelity, {drawn}"
    key = (said["title"], said["years"], said["replications"], said["seed"])
    return head_line(name, *key, said["fidelity"])
