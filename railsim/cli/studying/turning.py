"""`railsim breakeven`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import talk
from railsim.cli.options import RESULTS, AsJson, Out
from railsim.cli.studying.sweeping import crew_here, resumable
from railsim.cli.studying.telling import tell
from railsim.errors import InputError
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.answers.turning import Range
    from railsim.results.sweeps.planning import Sweep
    from railsim.study.analysis.deciding.breakeven import Breakeven


def breakeven(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Study file, or folder of a sweep.")
    ],
    key: Annotated[
        str,
        typer.Option(metavar="K", help="Dotted path of the input; an axis of a sweep."),
    ],
    when: Annotated[
        str, typer.Option(metavar="EXPR", help="'x > 3' or 'P(x > 3) > 0.5'.")
    ],
    low: Annotated[float | None, typer.Option("--from", help="Least value.")] = None,
    high: Annotated[float | None, typer.Option("--to", help="Greatest value.")] = None,
    scans: Annotated[int, typer.Option(min=2, help="Values tried first.")] = 5,
    world: Annotated[
        str | None, typer.Option(help="World that is judged; with its cell, if any.")
    ] = None,
    size: Annotated[int | None, typer.Option(help="Draws, if not the file's.")] = None,
    jobs: Annotated[
        int | None, typer.Option(envvar="RAILSIM_JOBS", min=1, help="Draws at once.")
    ] = None,
    out: Out = RESULTS,
    as_json: AsJson = False,
) -> None:
    """\b
    railsim breakeven scenarios/studies/tariff_breakeven.toml --key K --when EXPR
    railsim breakeven results/start_x_finance-3f9a1c2e --key start --when "eirr > 9%"

    Find the value of one input at which a verdict turns, on the same draws always.

    Every value that is tried is kept under results: interrupted or killed, the same
    line goes on where it stopped. An axis of a sweep is read from its draws.
    """
    from railsim.results.sweeps.planning import plan_sweep

    if study.is_dir():
        _tell(study, key, _on_axis(study, key, when, world), as_json)
        return
    settings = {} if size is None else {"size": size}

    def plan(value: float) -> Sweep:
        return plan_sweep(study, settings=settings, overrides=[f"{key}={value!r}"])

    base = plan_sweep(study, settings=settings)
    if key in base.drawn_paths:
        raise InputError(
            f"--key {printable(key)}: the study draws it; leave it out there"
        )
    span = _range(base, key, low, high, scans)
    judged = world or base.shared.worlds[-1].name
    folder, found = _searched(plan, base, when, judged, span, out, jobs)
    _tell(folder, key, found, as_json)


def _on_axis(folder: Path, axis: str, when: str, world: str | None) -> Breakeven:
    """From the draws of a sweep that is there already."""
    from railsim.results.answers.reading import open_sweep
    from railsim.results.answers.turning import breakeven_on_axis
    from railsim.study.sweep.expressions import verdict_of

    answers = open_sweep(folder)
    return breakeven_on_axis(answers, axis, verdict_of(when), answers.named(world))


def _searched(
    plan: Callable[[float], Sweep],
    base: Sweep,
    when: str,
    world: str,
    span: Range,
    out: Path,
    jobs: int | None,
) -> tuple[Path, Breakeven]:
    """By drawing the study at some values of the input."""
    from railsim.cli.progress import progress_bar
    from railsim.results.answers.turning import breakeven_of, folder_of_turns
    from railsim.study.sweep.expressions import verdict_of

    verdict, folder = verdict_of(when), folder_of_turns(out, base)
    with resumable(), progress_bar("drawing", "draws") as progress:
        found = breakeven_of(
            plan,
            verdict,
            world,
            span,
            folder=folder,
            crew=crew_here(base, jobs),
            progress=progress,
        )
    return folder, found


def _range(
    base: Sweep, key: str, low: float | None, high: float | None, scans: int
) -> Range:
    """As asked, else what the evidence says of the input."""
    from railsim.results.answers.turning import Range
    from railsim.scenario import evidence_of, source_of

    source = source_of(key, evidence_of(base.planned.base))
    low = getattr(source, "low", None) if low is None else low
    high = getattr(source, "high", None) if high is None else high
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        raise InputError(
            f"{printable(key)}: no evidence for a range; give --from, --to"
        )
    return Range(float(low), float(high), scans)


def _tell(folder: Path, key: str, found: Breakeven, as_json: bool) -> None:
    from railsim.study.analysis.tables import breakeven_row

    tell(folder, "breakeven", [breakeven_row(key, found)], as_json)
    for value, margin in zip(found.asked, found.margins, strict=True):
        talk(f"  at {value:g}: {'holds' if margin >= 0 else 'fails'} by {margin:.4g}")
