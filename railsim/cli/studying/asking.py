"""`railsim sensitivity`, `discover`, `decide` and `breakeven`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from railsim.cli.guard import show, talk
from railsim.cli.options import AsJson
from railsim.errors import InputError
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.answers.reading import Answers
    from railsim.results.answers.turning import Range
    from railsim.results.sweeps.planning import Sweep
    from railsim.study.sweep.cells import World

Folder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a sweep.")]
Output = Annotated[
    str | None, typer.Option("--output", metavar="METRIC", help="Output of the study.")
]
Alternative = Annotated[str | None, typer.Option(help="World that is asked about.")]
Cell = Annotated[
    str | None, typer.Option(help="Its cell, such as 'fast'; else the reference.")
]


def sensitivity(
    run: Folder,
    output: Output = None,
    alternative: Alternative = None,
    cell: Cell = None,
    as_json: AsJson = False,
) -> None:
    """\b
    railsim sensitivity results/global_sensitivity-3f9a1c2e
    railsim sensitivity results/global_sensitivity-3f9a1c2e --output rail_share

    Tell which input matters how much, beside what chance alone would show.
    """
    from railsim.results.answers.asking import sensitivity_of

    answers, world = _asked(run, alternative, cell)
    metrics = [output] if output else answers.metrics
    rows = list(sensitivity_of(answers, metrics, world))
    _tell(run, "sensitivity", rows, as_json)


def discover(
    run: Folder,
    when: Annotated[str, typer.Option(metavar="EXPR", help="'rail_share > 0.4'.")],
    alternative: Alternative = None,
    cell: Cell = None,
    as_json: AsJson = False,
) -> None:
    """\b
    railsim discover results/start_x_finance-3f9a1c2e --when "rail_share > 0.4"
    railsim discover results/stress-3f9a1c2e --when "eirr < 9%" --alternative with

    Find boxes of inputs in which something happens.
    """
    from railsim.results.answers.asking import boxes_of
    from railsim.study.sweep.expressions import condition_of

    answers, world = _asked(run, alternative, cell)
    rows = list(boxes_of(answers, condition_of(when), world))
    _tell(run, "boxes", rows, as_json)


def decide(
    run: Folder,
    output: Output = None,
    alternative: Alternative = None,
    when: Annotated[
        str | None, typer.Option(metavar="EXPR", help="Tell its chance in every world.")
    ] = None,
    tail: Annotated[
        float, typer.Option(min=0.001, max=1.0, help="Worst share that CVaR averages.")
    ] = 0.05,
    wait: Annotated[
        str | None,
        typer.Option(metavar="NOW,LATER", help="Two cells: act now, or later."),
    ] = None,
    learn: Annotated[
        str | None,
        typer.Option(metavar="INPUT=0.5", help="What a signal tells until then."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """\b
    railsim decide results/start_x_finance-3f9a1c2e --output enpv_usd
    railsim decide results/start_x_finance-3f9a1c2e --when "eirr > 9%"

    Compare the cells of a grid, or alternatives: regret, tails, worth of knowing.
    """
    from railsim.results.answers.asking import (
        chances_of,
        decision_of,
        payoffs_of,
        waiting_of,
    )
    from railsim.study.sweep.expressions import condition_of

    answers, world = _asked(run, alternative, None)
    payoffs = payoffs_of(answers, output or answers.metrics[0], world.alternative)
    rows = list(decision_of(answers, payoffs, tail))
    if when is not None:
        rows += chances_of(answers, condition_of(when))
    if wait is not None:
        now, _, later = (part.strip() for part in wait.partition(","))
        rows += waiting_of(answers, payoffs, now, later, _learnt(learn))
    _tell(run, "decision", rows, as_json)


def _learnt(text: str | None) -> tuple[str, float] | None:
    if text is None:
        return None
    name, _, written = text.rpartition("=")
    if not name or not re.fullmatch(r"\d(\.\d*)?", written.strip()):
        raise InputError(f"--learn {printable(text)}: must be INPUT=correlation")
    return name, float(written)


def breakeven(
    file: Annotated[Path, typer.Argument(metavar="STUDY", help="Study file.")],
    key: Annotated[str, typer.Option(metavar="K", help="Dotted path of the input.")],
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
    as_json: AsJson = False,
) -> None:
    """\b
    railsim breakeven scenarios/studies/tariff_breakeven.toml --key K --when EXPR
    railsim breakeven S.toml --key K --when "P(eirr > 9%) > 50%" --from 1 --to 2

    Find the value of one input at which a verdict turns, on the same draws always.
    """
    from railsim.cli.progress import progress_bar
    from railsim.results.answers.turning import breakeven_of
    from railsim.results.sweeps.planning import plan_sweep
    from railsim.study.analysis.tables import breakeven_row
    from railsim.study.executors import process_pool
    from railsim.study.sweep.crews import Crew
    from railsim.study.sweep.expressions import verdict_of

    settings = {} if size is None else {"size": size}

    def plan(value: float) -> Sweep:
        return plan_sweep(file, settings=settings, overrides=[f"{key}={value!r}"])

    verdict, base = verdict_of(when), plan_sweep(file, settings=settings)
    crew = Crew(process_pool, jobs or os.cpu_count() or 1)
    with progress_bar("drawing", "draws") as progress:
        found = breakeven_of(
            plan,
            verdict,
            world or base.shared.worlds[-1].name,
            _range(base, key, low, high, scans),
            crew=crew,
            progress=progress,
        )
    row = breakeven_row(key, found)
    _print([row], as_json)
    for value, margin in zip(found.asked, found.margins, strict=True):
        talk(f"  at {value:g}: {'holds' if margin >= 0 else 'fails'} by {margin:.4g}")


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


def _asked(
    run: Path, alternative: str | None, cell: str | None
) -> tuple[Answers, World]:
    from railsim.results.answers.reading import open_sweep

    answers = open_sweep(run)
    return answers, answers.world(alternative, cell)


def _tell(run: Path, name: str, rows: Sequence[Any], as_json: bool) -> None:
    """Rows on the screen and as a table in the folder."""
    from railsim.results.cells import write_csv
    from railsim.results.store import write_file_whole

    if rows:
        header = [field.name for field in fields(rows[0])]
        content = write_csv(header, [astuple(row) for row in rows])
        file = write_file_whole(run, f"{name}.csv", content.decode())
        talk(f"{file}   {len(rows)} rows")
    _print(rows, as_json)


def _print(rows: Sequence[Any], as_json: bool) -> None:
    from railsim.cli.studying.screens import table_lines
    from railsim.results.running import as_json as written

    if as_json:
        show(written([_as_dict(row) for row in rows]))
        return
    for line in table_lines([_as_dict(row) for row in rows]):
        show(line)


def _as_dict(row: Any) -> dict[str, Any]:
    values: Iterable[Any] = astuple(row)
    return {
        field.name: None if value != value else value
        for field, value in zip(fields(row), values, strict=True)
    }
