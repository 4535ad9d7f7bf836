"""`railsim sensitivity`, `discover` and `decide`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from railsim.cli.options import AsJson
from railsim.cli.studying.telling import keep, tell
from railsim.errors import InputError
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.answers.reading import Answers
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
    tell(run, "sensitivity", rows, as_json)


def discover(
    run: Folder,
    when: Annotated[str, typer.Option(metavar="EXPR", help="'rail_share > 0.4'.")],
    method: Annotated[
        Literal["prim", "cart", "peeling"],
        typer.Option(help="Boxes, leaves of a tree, or all boxes on PRIM's way."),
    ] = "prim",
    alternative: Alternative = None,
    cell: Cell = None,
    as_json: AsJson = False,
) -> None:
    """\b
    railsim discover results/start_x_finance-3f9a1c2e --when "rail_share > 0.4"
    railsim discover results/stress-3f9a1c2e --when "eirr < 9%" --alternative with

    Find boxes of inputs in which something happens.
    """
    from railsim.results.answers.asking import METHODS, boxes_of
    from railsim.study.sweep.expressions import condition_of

    answers, world = _asked(run, alternative, cell)
    rows = list(boxes_of(answers, condition_of(when), world, method))
    tell(run, METHODS[method].table, rows, as_json)


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
    cheapest: Annotated[
        str | None,
        typer.Option(metavar="METRIC", help="Cost by mode: how often each is least."),
    ] = None,
    believe: Annotated[
        str | None,
        typer.Option(metavar="INPUT", help="Input drawn by source: whom to believe?"),
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
    from railsim.results.answers.choosing import beliefs_of, cheapest_of, exceedance_of
    from railsim.study.sweep.expressions import condition_of

    answers, world = _asked(run, alternative, None)
    metric = output or answers.metrics[0]
    payoffs = payoffs_of(answers, metric, world.alternative)
    rows = list(decision_of(answers, payoffs, tail))
    if cheapest is not None:
        rows += cheapest_of(answers, cheapest, world)
    if believe is not None:
        rows += beliefs_of(answers, metric, world, believe)
    if when is not None:
        rows += chances_of(answers, condition_of(when))
    if wait is not None:
        now, _, later = (part.strip() for part in wait.partition(","))
        rows += waiting_of(answers, payoffs, now, later, _learnt(learn))
    keep(run, "exceedance", list(exceedance_of(answers, metric, answers.worlds)))
    tell(run, "decision", rows, as_json)


def _learnt(text: str | None) -> tuple[str, float] | None:
    if text is None:
        return None
    name, _, written = text.rpartition("=")
    if not name or not re.fullmatch(r"\d(\.\d*)?", written.strip()):
        raise InputError(f"--learn {printable(text)}: must be INPUT=correlation")
    return name, float(written)


def _asked(
    run: Path, alternative: str | None, cell: str | None
) -> tuple[Answers, World]:
    from railsim.results.answers.reading import open_sweep

    answers = open_sweep(run)
    return answers, answers.world(alternative, cell)
