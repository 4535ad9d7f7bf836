"""From a scenario to its run folder: simulate, summarise, write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from railsim.engine.analytic.years import UNSOLVED
from railsim.errors import InputError
from railsim.living.worlds import count_years, reported_years
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
from railsim.results.reading import RESOLVED, open_run
from railsim.results.store import check_root, write_folder
from railsim.results.tables.building import build_tables, widest_relative_half_width
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.routes import Rows
from railsim.results.tables.years import left_out_errors
from railsim.results.trace import file_of, trace_year
from railsim.scenario import Problem, Resolved, Scenario, load_scenario, resolve
from railsim.scenario.resolved import write_resolved
from railsim.study.replications import (
    Progress,
    Replication,
    YearTrace,
    run_replications,
    usual_jobs,
)

ASSUMPTIONS = "assumptions.csv"
MOST_REPLICATIONS = 200


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
    def reported(self) -> tuple[str, int | None]:
        """Market and year whose cost the replications must make precise.

        Any year, when the reported one has no rows.
        """
        run, flows = self.scenario.run, self.scenario.flows.values()
        market = run.report_market or next(flow.market for flow in flows)
        is_there = run.report_year in reported_years(self.scenario)
        return market, run.report_year if is_there else None

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
    harvest, is_precise = _simulate(job, jobs, progress)
    return write_run(job, harvest, out, is_precise=is_precise)


@dataclass
class Harvest:
    """What came of a job so far: numbers, and packed events if asked for."""

    gathered: Gathered = field(default_factory=Gathered)
    traces: list[YearTrace] = field(default_factory=list)

    def add(self, replications: Iterable[Replication]) -> None:
        """Keep what these replications say, one after another."""
        for each in replications:
            self.gathered.add(each.outcome)
            self.traces += each.traces

    def first(self, count: int) -> Harvest:
        """The same with so many replications."""
        traces = [t for t in self.traces if t.replication < count]
        return Harvest(self.gathered.first(count), traces)


def write_run(
    job: Job, harvest: Harvest, out: Path, *, is_precise: bool = True
) -> Finished:
    """Summarise replications and put their folder in place."""
    head = {**job.head, "replications": harvest.gathered.count}
    name = folder_name(job.stem, head)
    said = [w for each in reversed(harvest.gathered.warnings) for w in each]
    warnings = {w.partition(" ")[0]: w for w in said}  # one of each code
    tables = build_tables(harvest.gathered, job.scenario.run.report_year)
    files = {
        RESOLVED: job.resolved,
        ASSUMPTIONS: job.assumptions,
        "datapackage.json": datapackage_json(_plain(name), job.scenario.run.title),
        **_csv_files(tables),
        **_trace_files(job.scenario, harvest.traces),
    }
    head |= {"doubts": list(job.doubts), "warnings": list(warnings.values())}
    head["interpolation"] = left_out_errors(tables["years"])
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


def _simulate(job: Job, jobs: int | None, progress: Progress) -> tuple[Harvest, bool]:
    """All replications; with `until_ci`, as many more as the interval needs."""
    workers = usual_jobs(job.replications) if jobs is None else jobs

    def run(numbers: range) -> Iterator[Replication]:
        progress.expect(count_years(job.scenario, numbers))
        return run_replications(
            job.scenario,
            job.scenario.run.seed,
            numbers,
            jobs=workers,
            advance=progress.advance,
            trace_year=trace_year if job.is_traced else None,
        )

    harvest = Harvest()
    harvest.add(run(range(job.replications)))
    if job.until_ci is None:
        return harvest, True
    return _add_until(job, harvest, run, workers)


def _add_until(
    job: Job,
    harvest: Harvest,
    run: Callable[[range], Iterator[Replication]],
    workers: int,
) -> tuple[Harvest, bool]:
    """The fewest replications that are precise enough, whoever computed them."""
    assert job.until_ci is not None
    count, gathered = max(2, job.replications), harvest.gathered
    while count <= MOST_REPLICATIONS:
        if (done := gathered.count) < count:
            harvest.add(run(range(done, max(count, done + workers))))
        width = widest_relative_half_width(gathered.first(count), *job.reported)
        if width <= job.until_ci:
            return harvest.first(count), True
        count += 1
    return harvest.first(count - 1), False


def _csv_files(tables: dict[str, Rows]) -> dict[str, bytes]:
    return {
        f"{name}.csv": write_csv([c.name for c in TABLES[name].columns], rows)
        for name, rows in tables.items()
    }


def _trace_files(scenario: Scenario, traces: list[YearTrace]) -> dict[str, bytes]:
    place = {name: i for i, name in enumerate(scenario.alternatives, start=1)}
    return {
        file_of(place.get(t.alternative, 0), t.year, t.replication): t.content
        for t in traces
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
