"""The fragment `kappa.toml` of a scenario, and the rows of its evidence."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

from railsim.living.worlds import count_years
from railsim.results.manifest import model_version
from railsim.results.store import write_file_whole
from railsim.scenario import resolve
from railsim.scenario.sources import FILE_NAME
from railsim.study.kappas import Learnt, learn_kappas
from railsim.study.replications import Progress, usual_jobs

DIGITS = 4
HEAD = """\
# Event delays over those of closed forms, year by year (docs/decisions/0006). Written
# by `railsim verify --kappa`: do not edit.

[kappa]
years = {years}
event_runs = ["{scenario}: seed {seed}, {count} replications, railsim {version}"]
"""
SOURCE = "event runs of this model"
REMARK = "railsim verify --kappa; mean of alternatives and replications"
By = Mapping[int, float]


def learn(file: Path, jobs: int | None, progress: Progress) -> Learnt:
    """Learn from event runs of a scenario file; raises ScenarioError."""
    scenario = resolve(file, ["run.fidelity='event'"]).scenario
    count = scenario.run.replications
    progress.expect(count_years(scenario, range(count)))
    workers = usual_jobs(count) if jobs is None else jobs
    return learn_kappas(scenario, jobs=workers, advance=progress.advance)


def write_kappas(learnt: Learnt, scenario: str) -> str:
    """TOML of all factors."""
    head = HEAD.format(
        years=list(learnt.years),
        scenario=scenario,
        seed=learnt.seed,
        count=learnt.replications,
        version=model_version(),
    )
    lines = [head]
    for table, rows in _tables(learnt).items():
        for key, factors in rows.items():
            lines.append(f"[kappa.{table}.{key}]")
            lines += [f"{kind} = {_listed(values)}" for kind, values in factors.items()]
            lines.append("")
    return "\n".join(lines)


def source_rows(learnt: Learnt) -> Iterator[tuple[str, ...]]:
    """Rows of sources.csv for every list of factors."""
    rest = ("const", SOURCE, "", "", "", "derived", REMARK)
    years = ";".join(map(str, learnt.years))
    yield ("kappa.years", years, years, years, *rest)
    for table, rows in _tables(learnt).items():
        for key, factors in rows.items():
            for kind, values in factors.items():
                cell = ";".join(f"{value:.{DIGITS}g}" for value in values)
                yield (f"kappa.{table}.{key}.{kind}", cell, cell, cell, *rest)


def renew_sources(root: Path, learnt: Learnt) -> Path:
    """Replace the evidence of the factors in the sources.csv of a scenarios folder."""
    file = root / FILE_NAME
    content = file.read_text(encoding="utf-8") if file.exists() else ""
    return write_file_whole(root, FILE_NAME, renewed_sources(content, learnt))


def renewed_sources(content: str, learnt: Learnt) -> str:
    """The text of sources.csv with the rows of `kappa` replaced by those learnt."""
    kept = [line for line in content.splitlines() if not line.startswith("kappa.")]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(source_rows(learnt))
    return "\n".join([*kept, written.getvalue()])


def _listed(values: list[float]) -> str:
    return f"[{', '.join(f'{value:.{DIGITS}g}' for value in values)}]"


def _tables(learnt: Learnt) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Table -> id -> key of the schema -> a factor for each year."""
    found: dict[str, dict[str, dict[str, list[float]]]] = {}
    for resource, kinds in sorted(learnt.factors.items()):
        table, _, name = resource.partition(".")
        key = name.removesuffix(".back")
        suffix = "_back" if key != name else ""
        row = found.setdefault(table, {}).setdefault(key, {})
        for kind, factors in sorted(kinds.items()):
            row[kind + suffix] = [_at(factors, year) for year in learnt.years]
    return found


def _at(factors: By, year: int) -> float:
    """A year without a delay worth a factor has that of the nearest year with one."""
    return factors[min(factors, key=lambda known: (abs(known - year), known))]
