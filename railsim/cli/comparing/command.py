"""`railsim diff`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from railsim.cli.guard import show, talk
from railsim.cli.options import AsJson
from railsim.errors import InputError

if TYPE_CHECKING:
    from railsim.results.comparing.attributing import Attribution, Mixtures
    from railsim.results.comparing.comparing import Comparison
    from railsim.results.comparing.evaluating import Bench
    from railsim.results.comparing.outputs import Outputs
    from railsim.scenario import Scenario

DIFFERENT = 1
OTHER_COMPUTER = (
    "the runs are of another railsim or computer: parts are of runs made here and now"
)


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="Run or sweep.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Another one.")],
    is_attributed: Annotated[
        bool,
        typer.Option("--attribute", help="Tell how much each input caused: runs more."),
    ] = False,
    by: Annotated[
        str | None,
        typer.Option(
            help="With --attribute, what is one cause: input, record or table; else "
            "the finest of which there are eight at most."
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(envvar="RAILSIM_JOBS", min=1, help="Replications at once."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where parts are kept; else beside A.")
    ] = None,
    as_json: AsJson = False,
    as_markdown: Annotated[
        bool, typer.Option("--md", help="The answer as Markdown.")
    ] = False,
) -> None:
    """\b
    railsim diff results/base-3f9a1c2e results/slow-51d0aa37
    railsim diff results/base-3f9a1c2e results/slow-51d0aa37 --attribute --md

    Tell which inputs differ, which outputs changed by more than luck explains, and how
    much of each change each input caused. Exit code 0 if nothing differs, else 1.
    """
    from railsim.cli.comparing import telling
    from railsim.results.comparing.comparing import compare
    from railsim.results.reading import open_run

    if as_json and as_markdown:
        raise InputError("--json or --md, not both")
    found = compare(open_run(before), open_run(after))
    attribution = None
    if is_attributed and not found.is_same:
        attribution = _attribute(found, by, jobs, out or before.resolve().parent)
    tell = telling.lines
    if as_json or as_markdown:
        tell = telling.json_lines if as_json else telling.markdown_lines
    for line in tell(found, attribution):
        show(line)
    if not found.is_same:
        raise typer.Exit(DIFFERENT)


def _attribute(
    found: Comparison, by: str | None, jobs: int | None, out: Path
) -> Attribution:
    from railsim.cli.progress import progress_bar
    from railsim.cli.studying.sweeping import resumable
    from railsim.results.comparing.attributing import attribute
    from railsim.results.comparing.evaluating import Bench
    from railsim.results.store import check_root
    from railsim.study.replications import usual_jobs

    count = _replications(found)
    mixtures = _mixtures(found, by)
    known = _known(found, mixtures)
    check_root(out)
    left = [mixtures.scenario(m) for m in mixtures.sets() if m not in known]
    with resumable(), progress_bar() as progress:
        bench = Bench(out, count, jobs or usual_jobs(count), progress)
        _announce(mixtures, left, bench)
        return attribute(mixtures, bench.evaluate, known)


def _replications(found: Comparison) -> int:
    """Of both runs; raises InputError unless their parts can be told."""
    runs = (found.before, found.after)
    if any(run.is_sweep for run in runs):
        raise InputError("--attribute is for runs; of a sweep, see railsim sensitivity")
    first, second = (int(run.manifest["replications"]) for run in runs)
    if first != second:
        raise InputError(
            f"--attribute needs the same luck: {first} and {second} replications"
        )
    if not found.inputs:
        raise InputError("--attribute: no input differs, so none caused a change")
    return first


def _mixtures(found: Comparison, by: str | None) -> Mixtures:
    from railsim.results.comparing.attributing import DEPTHS, groups_of, mixtures_of
    from railsim.results.comparing.inputs import assumed
    from railsim.scenario.paths import printable

    if by is not None and by not in DEPTHS:
        known = ", ".join(DEPTHS)
        raise InputError(f"--by {printable(by)}: must be one of {known}")
    return mixtures_of(assumed(found.before), groups_of(found.inputs, by))


def _known(found: Comparison, mixtures: Mixtures) -> dict[int, Outputs]:
    """What the runs themselves say, by the set of inputs that are changed."""
    from railsim.results.comparing.evaluating import is_of_here
    from railsim.results.comparing.outputs import outputs_of

    if not (is_of_here(found.before) and is_of_here(found.after)):
        talk(f"warning {OTHER_COMPUTER}")
        return {}
    first, *_, last = mixtures.sets()
    return {first: outputs_of(found.before), last: outputs_of(found.after)}


def _announce(mixtures: Mixtures, left: list[Scenario], bench: Bench) -> None:
    """How much there is to do; what is compiled is compiled once, before."""
    from railsim.cli.running import COMPILING
    from railsim.engine.choose import prepare

    years = [bench.years(scenario) for scenario in left]
    runs = sum(count > 0 for count in years)
    talk(f"{len(mixtures.groups)} causes, {runs} runs of {bench.replications} to make")
    for scenario, count in zip(left, years, strict=True):
        bench.progress.expect(count)
        if count and scenario.run.fidelity == "event":
            prepare(scenario.run.engine, lambda: talk(COMPILING))
