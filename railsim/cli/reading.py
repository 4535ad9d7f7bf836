"""`railsim ls` and `railsim show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import show, talk

if TYPE_CHECKING:
    from railsim.results.reading import Run

AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]


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
        show(_line(run))


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
    from railsim.cli.screens.run import head_line

    said = run.manifest
    name = f"{said['scenario']}.toml"
    count, seed = said["replications"], said["seed"]
    fidelity = said["fidelity"]
    talk(head_line(name, said["title"], said["years"], count, seed, fidelity))


def show_answer(run: Run, as_json: bool) -> None:
    """The table of markets and modes, or the same as JSON."""
    from railsim.cli.screens.run import run_lines
    from railsim.results.reading import numbers
    from railsim.results.running import as_json as written

    if not as_json:
        show("\n".join(run_lines(run)))
        return
    answer = {"name": run.name, "folder": str(run.folder), **_settings(run)}
    show(written({**answer, "summary": numbers(run, "summary")}))


def _settings(run: Run) -> dict[str, object]:
    names = (
        *("scenario", "title", "years", "replications", "seed", "fidelity"),
        "model_version",
    )
    return {name: run.manifest[name] for name in names if name in run.manifest}


def _line(run: Run) -> str:
    from railsim.cli.screens.run import head_line

    said = run.manifest
    return head_line(
        run.name,
        said["title"],
        said["years"],
        said["replications"],
        said["seed"],
        said["fidelity"],
    )
