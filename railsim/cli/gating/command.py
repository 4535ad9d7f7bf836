"""`railsim check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import show, talk

if TYPE_CHECKING:
    from railsim.results.gates.judging import Outcome

FOUND = 1


def check(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Run or sweep.")],
    thresholds: Annotated[Path, typer.Option(help="File of checks.")],
    baseline: Annotated[
        Path | None, typer.Option(help="What metrics were: a file of --write-baseline.")
    ] = None,
    write_baseline: Annotated[
        Path | None, typer.Option(help="Keep what metrics are now in this file.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Outcomes as JUnit.")] = None,
    summary: Annotated[
        Path | None, typer.Option(help="Outcomes as Markdown, added to this file.")
    ] = None,
    is_github: Annotated[
        bool, typer.Option("--github", help="Annotations for GitHub.")
    ] = False,
) -> None:
    """\b
    railsim check results/base-3f9a1c2e --thresholds checks.toml
    railsim check results/base-3f9a1c2e --thresholds checks.toml --baseline base.toml

    Fail where a conclusion flips, not where a number moves by its noise: limits,
    verdicts, changes since a baseline. Exit code 0 if all hold, 1 if one does not.
    """
    from railsim.results.gates.baselines import baseline_text, read_baseline
    from railsim.results.gates.checking import load_gate, measure, pass_gate
    from railsim.results.reading import open_run

    gate, opened = load_gate(thresholds), open_run(run)
    stored = None if baseline is None else read_baseline(baseline)
    found = measure(gate, opened)
    if write_baseline is not None:
        _write(write_baseline, baseline_text(opened, found))
        talk(f"{write_baseline}   {len(found)} metrics")
        return
    outcomes = pass_gate(gate, opened, found, stored)
    is_strict = gate.record.undecided == "fail"
    bad = {"failed", "undecided"} if is_strict else {"failed"}
    fails = [outcome for outcome in outcomes if outcome.result in bad]
    _tell(opened.name, gate.shown, outcomes, fails, junit, summary, is_github)
    if fails:
        raise typer.Exit(FOUND)


def _tell(
    name: str,
    file: str,
    outcomes: list[Outcome],
    fails: list[Outcome],
    junit: Path | None,
    summary: Path | None,
    is_github: bool,
) -> None:
    from railsim.cli.gating import telling

    if junit is not None:
        _write(junit, telling.junit(outcomes, fails=fails))
    if summary is not None:
        before = summary.read_text(encoding="utf-8") if summary.is_file() else ""
        _write(summary, before + telling.markdown(name, outcomes))
    for line in telling.lines(outcomes):
        show(line)
    if is_github:
        for line in telling.workflow_commands(file, outcomes, fails=fails):
            show(line)


def _write(file: Path, text: str) -> None:
    from railsim.results.store import write_file_whole

    write_file_whole(file.parent, file.name, text)
