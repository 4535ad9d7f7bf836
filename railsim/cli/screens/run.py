"""A run as a table for the screen: no more digits than the intervals support."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from railsim.report.digits import plus_minus
from railsim.report.labels import words_of
from railsim.report.verdicts import verdict_lines
from railsim.results.reading import reported_year
from railsim.scenario.paths import printable

if TYPE_CHECKING:
    from railsim.results.reading import Run

MODES = ("rail", "road", "sea")
_LABEL, _CELL = 24, 17
# label, column, factor, unit behind the number
LINES = (
    ("USD/TEU, door to door", "money_usd_per_teu", 1.0, ""),
    ("  with time and risk", "generalised_cost_usd_per_teu", 1.0, ""),
    ("days", "time_mean_h", 1.0 / 24.0, ""),
    ("share of tonnes, {year}", "share", 100.0, " %"),
)
Row = dict[str, str]


def run_lines(run: Run) -> Iterator[str]:
    """The answer of a run: markets, openings, warnings."""
    rows = list(run.rows("summary"))
    year = reported_year(run, {row["year"] for row in rows})
    for market in _markets(run, rows):
        yield from _market_lines(run, [r for r in rows if r["year"] == year], market)
    if run.manifest["fidelity"] == "analytic":
        yield "closed forms, not events: no chance and no intervals"
    elif run.manifest["replications"] == 1:
        yield "one replication has no intervals; --replications 5 gives them"
    yield from _opening_lines(run)
    yield from verdict_lines(run, words_of("en"))


def head_line(
    name: str, title: str, years: Sequence[int], count: int, seed: int, fidelity: str
) -> str:
    """What is run: file, title, years, and the fidelity with what chance it has."""
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    if 1 < len(years) < years[-1] - years[0] + 1:
        span += f" ({len(years)} of these years)"
    start = f"{name}  {printable(title)}, {span}, {fidelity} fidelity"
    if fidelity == "analytic":
        return start
    plural = "replication" if count == 1 else "replications"
    return f"{start}, {count} {plural}, seed {seed}"


def warning_lines(run: Run) -> Iterator[str]:
    """Doubts about inputs and outcomes, with the command that says more."""
    known = (*run.manifest["doubts"], *run.manifest["warnings"])
    for text in known:
        code = text.partition(" ")[0]
        yield printable(f"warning {text} (railsim explain {code})")


def _markets(run: Run, rows: list[Row]) -> list[str]:
    first = run.manifest.get("report_market")
    found = dict.fromkeys(row["market"] for row in rows)
    return sorted(found, key=lambda market: market != first)


def _market_lines(run: Run, rows: list[Row], market: str) -> Iterator[str]:
    rows = [row for row in rows if row["market"] == market]
    known = {row["mode"] for row in rows}
    modes = [m for m in MODES if m in known] + sorted(known - set(MODES))
    names = [m.rjust(_CELL) for m in modes]
    yield printable(f"market: {market}").ljust(_LABEL + 2) + "".join(names)
    alternatives = dict.fromkeys(row["alternative"] for row in rows)
    for name in sorted(alternatives, key=lambda name: name == "without"):
        title = run.manifest["alternatives"].get(name, {}).get("title", "")
        yield printable(f"{name}: {title}" if title else name)
        of_mode = {r["mode"]: r for r in rows if r["alternative"] == name}
        for line in LINES:
            yield _line(line, modes, of_mode)
    yield ""


def _line(
    line: tuple[str, str, float, str], modes: list[str], of_mode: dict[str, Row]
) -> str:
    label, column, factor, unit = line
    year = next(iter(of_mode.values()))["year"]
    cells = [
        plus_minus(*_interval(of_mode.get(mode, {}), column, factor), unit)
        for mode in modes
    ]
    start = "  " + label.format(year=year)
    return start.ljust(_LABEL + 2) + "".join(cell.rjust(_CELL) for cell in cells)


def _interval(row: Row, column: str, factor: float) -> tuple[float, float]:
    mean, half_width = row.get(column), row.get(f"{column}_ci95")
    return (
        float(mean) * factor if mean else math.nan,
        float(half_width) * factor if half_width else math.nan,
    )


def _opening_lines(run: Run) -> Iterator[str]:
    alternatives: dict[str, Any] = run.manifest["alternatives"]
    for name, alternative in alternatives.items():
        for opening, year in alternative["openings"].items():
            yield printable(f"{name}: {opening} opens {year:.1f}")
