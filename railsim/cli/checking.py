"""`railsim validate`, `railsim verify` and `railsim doctor`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from railsim.cli.guard import show, talk
from railsim.errors import InputError, MissingError

WRONG_INPUT, BUG = 2, 70


def validate(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.")],
    output_format: Annotated[
        str, typer.Option(help="text, json, github or junit.")
    ] = "text",
) -> None:
    """\b
    railsim validate scenarios/base.toml
    railsim validate scenarios/*.toml --output-format github

    Check scenarios for everything that can be known without simulating.
    """
    from railsim.cli.findings import FORMATS, check_file, write_findings

    if output_format not in FORMATS:
        raise InputError(f"--output-format: must be one of {', '.join(FORMATS)}")
    findings = [check_file(file) for file in files]
    show(write_findings(findings, output_format))
    if not all(finding.is_valid for finding in findings):
        raise typer.Exit(WRONG_INPUT)


def verify(
    is_quick: Annotated[
        bool, typer.Option("--quick", help="Fewer lots: under 20 seconds.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder for verification.md or validation.md.")
    ] = None,
    backcast: Annotated[
        Path | None, typer.Option(help="A run: its base year beside observations.")
    ] = None,
    observations: Annotated[Path, typer.Option(help="What was observed.")] = Path(
        "scenarios/observations.csv"
    ),
    analytic: Annotated[
        Path | None,
        typer.Option(help="With --backcast: the same scenario by closed forms."),
    ] = None,
    kappa: Annotated[
        Path | None,
        typer.Option(help="Scenario: learn the factors of closed forms from events."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(envvar="RAILSIM_JOBS", min=1, help="Processes at once."),
    ] = None,
) -> None:
    """\b
    railsim verify --quick
    railsim verify --backcast results/base-3f9a1c2e --out docs

    Prove the model: worked examples, queues with known answers by events and by the
    closed forms of the analytic fidelity, conservation, engines event by event. With
    --backcast, validate it: the base year of a run beside what was observed. With
    --kappa, learn what the analytic fidelity multiplies its delays by.
    """
    if backcast is not None:
        _validate_against(backcast, observations, analytic, out)
    elif kappa is not None:
        _learn_kappas(kappa, jobs, out)
    else:
        _prove(out, is_quick=is_quick)


def _prove(out: Path | None, *, is_quick: bool) -> None:
    """Print every check, and write the page when a folder is named."""
    from railsim.results.store import write_file_whole
    from railsim.study.verification.proof import as_markdown, as_text, prove

    talk("worked examples, queues, conservation, engines ...")
    checks = prove(is_quick=is_quick)
    show(as_text(checks))
    if out is not None:
        talk(str(write_file_whole(out, "verification.md", as_markdown(checks))))
    if not all(check.is_passed for check in checks):
        raise typer.Exit(BUG)


def _learn_kappas(file: Path, jobs: int | None, out: Path | None) -> None:
    """Print kappa.toml; with a folder, write it there and renew its evidence."""
    from railsim.cli.progress import progress_bar
    from railsim.cli.running import COMPILING
    from railsim.engine.choose import prepare
    from railsim.results.kappas import learn, renew_sources, write_kappas
    from railsim.results.store import write_file_whole

    prepare("compiled", lambda: talk(COMPILING))
    with progress_bar() as progress:
        learnt = learn(file, jobs, progress)
    text = write_kappas(learnt, file.stem)
    if out is None:
        show(text)
        return
    talk(str(write_file_whole(out, "kappa.toml", text)))
    talk(str(renew_sources(file.parent, learnt)))


def _validate_against(
    folder: Path, observations: Path, analytic: Path | None, out: Path | None
) -> None:
    """Print the page of a run, and write it when a folder is named."""
    from railsim.report.validation import backcast, outlook
    from railsim.report.validation.fidelities import compare_runs
    from railsim.report.validation.later import with_years_between
    from railsim.report.validation.observations import load_observations
    from railsim.results.reading import open_run
    from railsim.results.store import write_file_whole

    run, known = open_run(folder), load_observations(observations)
    forms = None if analytic is None else open_run(analytic)
    money = [name for name in outlook.TABLES if f"{name}.csv" in run.manifest["files"]]
    tables: dict[str, Sequence[Mapping[str, str]]] = {
        name: list(run.rows(name)) for name in (*backcast.TABLES, *money)
    }
    compared = backcast.compare(tables, known)
    if forms is not None:
        between = forms.rows("departures")
        tables["departures"] = with_years_between(tables["departures"], between)
    page = backcast.to_page(
        run.name,
        tables,
        compared,
        outlook=outlook.describe(tables, known),
        fidelities=compare_runs(run, forms),
    )
    show(page)
    if out is not None:
        talk(str(write_file_whole(out, "validation.md", page)))


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """\b
    railsim doctor
    railsim doctor --json

    Tell what is installed, what is missing and the line that mends it.
    """
    from railsim.cli.health import as_text, examine
    from railsim.results.running import as_json as written

    symptoms = examine()
    show(written([vars(s) for s in symptoms]) if as_json else as_text(symptoms))
    if not all(symptom.is_well for symptom in symptoms):
        raise MissingError("something that railsim needs is missing, see above")
