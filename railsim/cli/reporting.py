"""`railsim report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from railsim.cli.guard import talk


def report(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Folders of runs or sweeps.")
    ],
    formats: Annotated[
        str,
        typer.Option("--format", help="html, docx, xlsx, svg, png, with commas."),
    ] = "html",
    language: Annotated[str, typer.Option("--lang", help="en, vi or zh.")] = "en",
    template: Annotated[
        Path | None, typer.Option(help="Word document whose styles the brief takes.")
    ] = None,
    brief: Annotated[
        Path | None, typer.Option(help="Sentences of the brief; else the usual ones.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the report; else beside the run.")
    ] = None,
) -> None:
    """\b
    railsim report results/base-3f9a1c2e
    railsim report results/base-3f9a1c2e results/slow-51d0aa37 --lang vi

    Write a report that opens anywhere: one file of HTML that loads nothing, pictures.
    """
    from railsim.report.files import write_report
    from railsim.results.reading import open_run

    opened = [open_run(run) for run in dict.fromkeys(runs)]
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    folder = runs[0].resolve().parent if out is None else out
    files = write_report(
        opened,
        folder,
        formats=wanted,
        language=language,
        template=template,
        brief=brief,
    )
    for file in files:
        talk(_shown(file))


def _shown(file: Path) -> str:
    from railsim.scenario.paths import printable

    here = Path.cwd()
    near = file.relative_to(here) if file.is_relative_to(here) else file
    return printable(str(near))
