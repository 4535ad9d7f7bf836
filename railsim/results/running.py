"""From a scenario to its run folder: simulate, summarise, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from railsim.case import count_years
from railsim.errors import InputError
from railsim.results.assumptions import assumptions_csv
from railsim.results.catalogue import TABLES
from railsim.results.cells import write_csv
from railsim.results.datapackage import datapackage_json
from railsim.results.manifest import (
    NAME,
    digest,
    folder_name,
    manifest_json,
    model_version,
)
from railsim.results.reading import open_run
from railsim.results.store import check_root, write_folder
from railsim.results.tables.building import build_tables, widest_relative_half_width
from railsim.results.trace import file_of, trace_year
from railsim.scenario import Problem, Resolved, Scenario, load_scenario, resolve
from railsim.scenario.resolved import write_resolved
from railsim.study.replications import (
    Progress,
    Replication,
    run_replications,
    usual_jobs,
)

RESOLVED = "scenario.resolved.toml"
ASSUMPTIONS = "assumptions.csv"
MOST_REPLICATIONS = 200
UNSOLVED = "W034"


@dataclass(frozen=True)
class Job:
    """A scenario to run, with its texts; nothing in it depends on where it was read."""

    stem: str
    scenario: Scenario
    resolved: bytes
    assumptions: bytes
    doubts: tuple[str, ...]
    replications: int
    until_ci: float | None = None
    is_traced: bool = False
    expected: Mapping[str, str] = field(default_factory=dict)

    @property
    def market(self) -> str:
        """The market whose cost the replications must make precise."""
        run, flows = self.scenario.run, self.scenario.flows.values()
        return run.report_market or next(flow.market for flow in flows)

    @property
    def head(self) -> dict[str, Any]:
        """What decides the contents of the folder, beside the replications in it."""
        return {
            "model_version": model_version(),
            "scenario": self.stem,
            "scenario_sha256": digest(self.resolved),
            "assumptions_sha256": digest(self.assumptions),
            "seed": self.scenario.run.seed,
            "is_traced": self.is_traced,
        }


@dataclass(frozen=True)
class Finished:
    """A run folder, whether the interval that was asked for was reached, and the files
    that are not what a repeated manifest says."""

    folder: Path
    is_precise: bool
    differing: tuple[str, ...] = ()


def plan_job(
    path: Path,
    overrides: Iterable[str] = (),
    *,
    until_ci: float | None = None,
    is_traced: bool = False,
) -> Job:
    """Read a scenario file with its overrides; raises ScenarioError."""
    resolved = resolve(path, overrides)
    run = resolved.scenario.run
    is_analytic = run.fidelity == "analytic"
    if is_analytic and (is_traced or until_ci is not None):
        raise InputError("--trace and --until-ci need --fidelity event")
    return Job(
        stem=path.name.removesuffix(".toml"),
        scenario=resolved.scenario,
        resolved=write_resolved(resolved).encode(),
        assumptions=assumptions_csv(resolved),
        doubts=tuple(_doubt(problem, resolved) for problem in resolved.warnings),
        replications=1 if is_analytic else run.replications,
        until_ci=until_ci,
        is_traced=is_traced,
    )


def repeat_job(manifest: Path) -> Job:
    """The job of an earlier run, from the files beside its manifest."""
    run = open_run(manifest.parent if manifest.name == NAME else manifest)
    said = run.manifest
    return Job(
        stem=said["scenario"],
        scenario=load_scenario(run.folder / RESOLVED),
        resolved=run.read(RESOLVED),
        assumptions=run.read(ASSUMPTIONS),
        doubts=tuple(said["doubts"]),
        replications=said["replications"],
        is_traced=said["is_traced"],
        expected=said["files"],
    )


def run_job(job: Job, out: Path, *, jobs: int | None, progress: Progress) -> Finished:
    """Simulate and write; raises StorageError before the first year is simulated."""
    check_root(out)
    done, is_precise = _simulate(job, jobs, progress)
    return write_run(job, done, out, is_precise=is_precise)


def write_run(
    job: Job, done: list[Replication], out: Path, *, is_precise: bool = True
) -> Finished:
    """Summarise replications and put their folder in place."""
    head = {**job.head, "replications": len(done)}
    name = folder_name(job.stem, head)
    said = [w for one in reversed(done) for w in one.outcome.warnings]
    warnings = {w.partition(" ")[0]: w for w in said}  # one of each code
    files = {
        RESOLVED: job.resolved,
        ASSUMPTIONS: job.assumptions,
        "datapackage.json": datapackage_json(_plain(name), job.scenario.run.title),
        **_csv_files([one.outcome for one in done]),
        **_trace_files(job.scenario, done),
    }
    head |= {"doubts": list(job.doubts), "warnings": list(warnings.values())}
    if job.scenario.run.fidelity == "analytic":
        head["is_converged"] = UNSOLVED not in warnings
    files[NAME] = manifest_json(head, job.scenario, files)
    folder = write_folder(out, name, files)
    return Finished(folder, is_precise, tuple(_differing(job.expected, files)))


def _differing(
    expected: Mapping[str, str], files: Mapping[str, bytes]
) -> Iterator[str]:
    for name, checksum in expected.items():
        if name not in files or digest(files[name]) != checksum:
            yield name


def _simulate(
    job: Job, jobs: int | None, progress: Progress
) -> tuple[list[Replication], bool]:
    """All replications; with `until_ci`, as many more as the interval needs."""
    years = count_years(job.scenario)
    workers = usual_jobs(job.replications) if jobs is None else jobs

    def run(numbers: range) -> list[Replication]:
        progress.expect(years * len(numbers))
        return run_replications(
            job.scenario,
            job.scenario.run.seed,
            numbers,
            jobs=workers,
            advance=progress.advance,
            trace_year=trace_year if job.is_traced else None,
        )

    done = run(range(job.replications))
    if job.until_ci is None:
        return done, True
    return _add_until(job, done, run, workers)


def _add_until(
    job: Job,
    done: list[Replication],
    run: Callable[[range], list[Replication]],
    workers: int,
) -> tuple[list[Replication], bool]:
    """The fewest replications that are precise enough, whoever computed them."""
    assert job.until_ci is not None
    count = max(2, job.replications)
    while count <= MOST_REPLICATIONS:
        if count > len(done):
            done = done + run(range(len(done), max(count, len(done) + workers)))
        outcomes = [one.outcome for one in done[:count]]
        if widest_relative_half_width(outcomes, job.market) <= job.until_ci:
            return done[:count], True
        count += 1
    return done[: count - 1], False


def _csv_files(outcomes: list[Any]) -> dict[str, bytes]:
    tables = build_tables(outcomes)
    return {
        f"{name}.csv": write_csv([c.name for c in TABLES[name].columns], rows)
        for name, rows in tables.items()
    }


def _trace_files(scenario: Scenario, done: list[Replication]) -> dict[str, bytes]:
    place = {name: i for i, name in enumerate(scenario.alternatives, start=1)}
    return {
        file_of(place.get(t.alternative, 0), t.year, t.replication): t.content
        for one in done
        for t in one.traces
    }


def _plain(name: str) -> str:
    """A name as Data Packages want it."""
    return "".join(
        c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name.lower()
    )


def _doubt(problem: Problem, resolved: Resolved) -> str:
    """A warning located by the scenario's own files, wherever they lie."""
    origin = resolved.origins.get(problem.path)
    where = f"{origin} " if origin else ""
    return f"{problem.code} {where}{problem.path} {problem.message}"


def percent(text: str) -> float:
    """`1%`, `1 %` or `0.01` as a share; raises InputError."""
    written = text.strip()
    try:
        share = float(written[:-1]) / 100.0 if written.endswith("%") else float(written)
    except ValueError:
        share = -1.0
    if not 0.0 < share < 1.0:
        raise InputError(f"--until-ci {text}: must be a share such as 1% or 0.01")
    return share


def as_json(value: Any) -> str:
    """JSON for other programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)
