"""One line of verdict for each world: when it opens, and what that is worth to whom."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from railsim.report.digits import plus_minus
from railsim.report.labels import Words
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.reading import Run

Row = dict[str, str]
VARIES, NOTHING = "varies", "no flows"
BILLION = 1e9


def verdict_lines(run: Run, words: Words) -> Iterator[str]:
    """What is built opens, earns and owes; nothing for worlds that build nothing."""
    said = {part: _by_world(run, part) for part in PARTS}
    for name in run.manifest["alternatives"]:
        parts = [
            line
            for part, lines in PARTS.items()
            for line in lines(said[part].get(name, []), words)
        ]
        if parts:
            yield printable(f"{name}: {'; '.join(parts)}")


def _by_world(run: Run, table: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    if f"{table}.csv" not in run.manifest["files"]:
        return rows
    for row in run.rows(table):
        if "project" in row:
            row["project"] = project_name(run, row["project"])
        rows.setdefault(row["alternative"], []).append(row)
    return rows


def project_name(run: Run, project: str) -> str:
    """What people call it; runs of an older railsim did not say."""
    return str(run.manifest.get("projects", {}).get(project, project))


def _openings(rows: list[Row], words: Words) -> Iterator[str]:
    """The last section of each project."""
    days: dict[str, tuple[float, float]] = {}
    for row in rows:
        if row["item"].startswith("opening."):
            known = days.get(row["project"], (-math.inf, 0.0))
            days[row["project"]] = max(known, _interval(row))
    for project, (day, half_width) in days.items():
        spread = f" ± {half_width:.1f}" if half_width > 0.0 else ""
        yield words("verdict.opens", project=project, day=f"{day:.1f}{spread}")


def _society(rows: list[Row], words: Words) -> Iterator[str]:
    for row in rows:
        if row["metric"] == "eirr" and row["scope"] == "window":
            if not row["value"] and row["reason"] == NOTHING:
                return
            if not row["value"]:
                yield words("verdict.no_eirr", reason=row["reason"])
                continue
            value, half_width = _interval(row)
            rate = plus_minus(100.0 * value, 100.0 * half_width, " %")
            yield words("verdict.eirr", rate=rate)


def _owners(rows: list[Row], words: Words) -> Iterator[str]:
    found = {(r["scope"], r["metric"]): r for r in rows if r["value"]}
    if row := found.get(("owner", "dscr_min")):
        dscr = plus_minus(*_interval(row))
        if row["timing"] == VARIES:
            yield words("verdict.dscr", dscr=dscr)
        else:
            yield words("verdict.dscr_in", dscr=dscr, year=row["timing"][:4])
    if row := found.get(("treasury", "subsidy_pv")):
        value, half_width = _interval(row)
        if value != 0.0:
            billions = plus_minus(value / BILLION, half_width / BILLION)
            yield words("verdict.treasury", billions=billions)
    if row := found.get(("state", "debt_gdp_peak_delta")):
        value, half_width = _interval(row)
        if value == 0.0:
            return
        more = plus_minus(100.0 * value, 100.0 * half_width, " %")
        yield words("verdict.debt", more=more)


def _interval(row: Row) -> tuple[float, float]:
    """Value and half-width; what is the same in all replications has none."""
    half_width = float(row["value_ci95"] or 0.0)
    return float(row["value"]), half_width if half_width > 0.0 else math.nan


# table -> what it says of a world
PARTS: dict[str, Callable[[list[Row], Words], Iterator[str]]] = {
    "project": _openings,
    "cba_summary": _society,
    "finance_summary": _owners,
}
