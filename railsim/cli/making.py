"""`railsim init` and `railsim schema`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from railsim.cli.guard import show, talk


def init(
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")] = Path(),
    template: Annotated[
        str, typer.Option(help="yunnan-haiphong or minimal.")
    ] = "yunnan-haiphong",
) -> None:
    """\b
    railsim init study
    railsim init study --template minimal

    Write a commented scenario, a child of it, a study, their schema and a CI file.
    """
    from railsim.cli.templates import fill

    for file in fill(folder, template):
        talk(str(file))
    talk(f"next: railsim run {folder / 'scenarios' / 'child.toml'} --dry-run")


def schema(
    is_child: Annotated[
        bool, typer.Option("--child", help="Of a file that extends another.")
    ] = False,
) -> None:
    """\b
    railsim schema > railsim.schema.json
    railsim schema --child

    Print the JSON Schema of scenarios, with which editors complete and explain keys.
    """
    from railsim.scenario.jsonschema import child_schema, scenario_schema

    found = child_schema() if is_child else scenario_schema()
    show(json.dumps(found, ensure_ascii=False, indent=2))
