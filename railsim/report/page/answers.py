"""The verdict, the warnings, the answer by market, and how sure all that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby

from railsim.report.digits import plus_minus
from railsim.report.labels import Words
from railsim.report.page.blocks import Grid, Section
from railsim.report.verdicts import verdict_lines
from railsim.results.reading import Run, reported_year

# label, column of summary, factor, unit behind the number
LINES = (
    ("page.money", "money_usd_per_teu", 1.0, ""),
    ("page.cost", "generalised_cost_usd_per_teu", 1.0, ""),
    ("page.days", "time_mean_h", 1.0 / 24.0, ""),
    ("page.share", "share", 100.0, " %"),
)


def verdict(run: Run, words: Words) -> Section:
    """What is built opens, earns and owes."""
    lines = [] if run.is_sweep else list(verdict_lines(run, words))
    return Section("verdict", words("page.verdict"), lines=lines)


def warnings(run: Run, words: Words) -> Section:
    """What failed or is doubted comes first."""
    lines = list(_warnings(run, words))
    return Section(
        "warnings",
        words("page.warnings"),
        lines=lines or [words("page.no_warnings")],
        is_warning=bool(lines),
    )


def _warnings(run: Run, words: Words) -> Iterator[str]:
    if run.is_sweep:
        yield from run.manifest["remarks"]
        failed = run.rows("draws") if run.manifest["failed"] else ()
        yield from (f"{r['draw']}: {r['failure']}" for r in failed if r["failure"])
        return
    yield from (*run.manifest["doubts"], *run.manifest["warnings"])
    has_checks = "finance_checks.csv" in run.manifest["files"]
    for row in run.rows("finance_checks") if has_checks else ():
        if row["is_met"] != "true":
            what = {"scope": f"{row['alternative']} {row['scope']}"}
            what |= {k: row[k] for k in ("residual", "tolerance")}
            yield words("page.check_failed", name=row["check"], **what)


def answers(run: Run, words: Words) -> Section:
    """Money, time and shares by market, world and mode in the reported year."""
    if run.is_sweep:
        return Section("answer", words("page.outputs"), grids=[_outputs(run, words)])
    rows = list(run.rows("summary"))
    year = reported_year(run, {row["year"] for row in rows})
    shown = [row for row in rows if row["year"] == year]
    first = run.manifest.get("report_market")
    grids = [
        _market(run, words, f"{words.named('market', market)}, {year}", list(here))
        for market, here in groupby(
            sorted(shown, key=lambda row: (row["market"] != first, row["market"])),
            key=lambda row: row["market"],
        )
    ]
    return Section("answer", words("page.answer"), grids=grids)


def _market(run: Run, words: Words, title: str, rows: Sequence[dict[str, str]]) -> Grid:
    titles = run.manifest["alternatives"]
    return Grid(
        [words("page.world"), words("page.mode"), *(words(line[0]) for line in LINES)],
        [
            [
                titles.get(row["alternative"], {}).get("title") or row["alternative"],
                words.named("mode", row["mode"]),
                *(_cell(row, *line[1:]) for line in LINES),
            ]
            for row in rows
        ],
        title,
    )


def _cell(row: dict[str, str], column: str, factor: float, unit: str) -> str:
    mean, half = row.get(column), row.get(f"{column}_ci95")
    return plus_minus(
        float(mean) * factor if mean else math.nan,
        float(half) * factor if half else math.nan,
        unit,
    )


def _outputs(run: Run, words: Words) -> Grid:
    """Every output in every cell of a study."""
    units = {row["metric"]: row["unit"] for row in run.rows("metrics")}
    axes = list(run.manifest["reference"])
    heads = ["metric", words("page.unit"), words("page.world"), *axes, "p05 – p95"]
    rows = []
    for row in run.rows("sweep_grid"):
        mean, half, low, high = (
            float(row[key]) if row[key] else math.nan
            for key in ("mean", "mean_ci95", "p05", "p95")
        )
        cells = [row["metric"], units[row["metric"]], row["alternative"]]
        spread = "–" if math.isnan(low) else f"{low:.4g} – {high:.4g}"
        cells += [*(row[axis] for axis in axes), spread]
        rows.append([*cells, plus_minus(mean, half)])
    return Grid([*heads, words("page.value")], rows)


def certainty(run: Run, words: Words) -> Section:
    """Replications, interpolation, judged numbers."""
    return Section("sure", words("page.sure"), lines=list(_certainty(run, words)))


def _certainty(run: Run, words: Words) -> Iterator[str]:
    manifest = run.manifest
    if run.is_sweep:
        yield words("page.draws", draws=manifest["draws"], failed=manifest["failed"])
    elif manifest["fidelity"] == "analytic":
        yield words("page.analytic")
    elif manifest["replications"] == 1:
        yield words("page.one_replication")
    else:
        yield words("page.replications", count=manifest["replications"])
    errors = [p["left_out_error_share"] for p in manifest.get("interpolation", ())]
    known = [100.0 * e for e in errors if e is not None]
    if known:
        made = [row["made_by"] for row in run.rows("years")]
        yield words(
            "page.interpolated",
            count=made.count("interpolated"),
            all=len(made),
            low=f"{min(known):.1f}",
            high=f"{max(known):.1f}",
        )
    grades = [row["grade"] for row in run.rows("assumptions")]
    yield words(
        "page.judged",
        all=len(grades),
        **{g: grades.count(g) for g in ("judged", "published", "measured")},
    )
