"""Options that commands share, and options as overrides of the scenario.

Mistakes in overrides name the option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from railsim.errors import InputError
from railsim.scenario import ScenarioError
from railsim.scenario.paths import printable

Laid = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="Lay a value over the scenario."),
]
Seed = Annotated[int | None, typer.Option(help="Root of all chance.")]
Out = Annotated[Path, typer.Option(envvar="RAILSIM_OUT", help="Folder of results.")]
RESULTS = Path("results")
Rehearsal = Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")]
AsJson = Annotated[bool, typer.Option("--json", help="The answer as JSON.")]
Verbose = Annotated[
    bool, typer.Option("-v", "--verbose", help="Show traces of errors.")
]

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def overrides_of(
    laid: list[str], settings: Mapping[str, int | str | None]
) -> dict[str, str]:
    """Override -> the option it came from; named options win over --set."""
    found = {text: f"--set {printable(text)}" for text in laid}
    for name, value in settings.items():
        if value is None:
            continue
        path = "simulate_years" if name == "years" else name
        written = years_of(str(value)) if name == "years" else _written(value)
        found[f"run.{path}={written}"] = f"--{name} {printable(str(value))}"
    return found


def _written(value: int | str) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"


def years_of(text: str) -> str:
    """`all`, `anchors`, `2026,2035` or `2026-2030` as TOML; raises InputError."""
    if text.strip() in ("all", "anchors", "interpolated"):
        return f"'{text.strip()}'"
    years: list[int] = []
    for part in text.split(","):
        match = _YEARS.fullmatch(part.strip())
        if match is None:
            raise InputError(
                f"--years {printable(text)}: must be all, anchors, years such as "
                "2026,2035 or a span such as 2026-2030"
            )
        first = int(match[1])
        years += range(first, int(match[2] or first) + 1)
    return str(sorted(set(years)))


@contextmanager
def named_by(flags: Mapping[str, str]) -> Iterator[None]:
    """Mistakes in overrides are told by the option the user typed."""
    by_set = {f"--set {printable(text)}": flag for text, flag in flags.items()}
    try:
        yield
    except ScenarioError as error:
        problems = [replace(p, flag=by_set.get(p.flag, p.flag)) for p in error.problems]
        raise ScenarioError(problems, count=error.count) from None
