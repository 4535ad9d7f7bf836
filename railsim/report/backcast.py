"""The base year of a run beside what was observed, errors as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from railsim.errors import InputError, StorageError
from railsim.report.tables import table
from railsim.results.cells import read_csv

Row = Mapping[str, str]
Tables = Mapping[str, Sequence[Row]]
GATE_ROUTES = ("R1", "R2", "R3", "R4", "R8")
DAYS = 365.0
TABLES = ("routes", "departures", "resources", "assumptions")
BUSIEST = 15
HEADINGS = (
    "id",
    "quantity",
    "unit",
    "observed",
    "model",
    "error",
    "verdict",
    "source",
    "remark",
)


PAGE = """# Validation

Written by `railsim verify --backcast` from the run {run}: do not edit. The base year of
the run stands beside what was observed, errors as they are. Nothing was tuned away from
its source.

## Observations

{observations}

## Analytic fidelity

{fidelities}

## Most used resources of the base year

{busiest}

## Derived sizes

Flows and services come from different pages and do not fit. Where a published service
cannot carry the observed flow, it was sized to the flow; each such number is marked
`derived` in `scenarios/sources.csv`.

{derived}
"""


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of the real corridor with the range that counts as met."""

    id: str
    observation: str
    unit: str
    low: float
    mode: float
    high: float
    source: str
    remark: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An observation and what the model says of the same quantity."""

    observed: Observation
    modelled: float

    @property
    def error(self) -> float:
        """Relative difference to the likeliest observed value."""
        return self.modelled / self.observed.mode - 1.0

    @property
    def verdict(self) -> str:
        """Inside the range, or by how much it is missed."""
        if math.isnan(self.modelled):
            return "not in this run"
        if self.observed.low <= self.modelled <= self.observed.high:
            return "inside"
        return f"off by {self.error:+.0%}"


def read_observations(rows: Iterable[Row]) -> list[Observation]:
    """Observations from the rows of `scenarios/observations.csv`."""
    return [
        Observation(
            id=row["id"],
            observation=row["observation"],
            unit=row["unit"],
            low=float(row["low"]),
            mode=float(row["mode"]),
            high=float(row["high"]),
            source=f"{row['source']} ({row['publisher']}, {row['date']})",
            remark=row["remark"],
        )
        for row in rows
    ]


def load_observations(file: Path) -> list[Observation]:
    """Observations of a file; raises InputError naming what is wrong with it."""
    try:
        header, rows = read_csv(file.read_bytes())
        return read_observations(dict(zip(header, r, strict=True)) for r in rows)
    except OSError as error:
        raise StorageError(f"{file.name}: {error.strerror}") from None
    except (KeyError, ValueError) as error:
        raise InputError(f"{file.name}: no table of observations: {error}") from None


def compare(tables: Tables, observations: Iterable[Observation]) -> list[Comparison]:
    """Every observation beside the first year of the first alternative of a run."""
    base = {name: _base_year(rows) for name, rows in tables.items()}
    return [Comparison(o, MODELLED[o.id](base)) for o in observations]


def to_page(
    run: str, tables: Tables, comparisons: Iterable[Comparison], fidelities: str
) -> str:
    """The validation page of a run: observations, errors, use, derived sizes.

    `fidelities` is the text that sets closed forms beside the events of the run.
    """
    rows = [_comparison_cells(c) for c in comparisons]
    derived = [
        (r["path"], r["value"], r["unit"], r["remark"])
        for r in tables["assumptions"]
        if r["grade"] == "derived" and not r["path"].startswith("kappa.")
    ]
    busiest = sorted(
        (r for r in _base_year(tables["resources"]) if r["utilisation"]),
        key=lambda r: -float(r["utilisation"]),
    )
    use = [
        (r["resource"], _digits(r["utilisation"]), _digits(r["wait_mean_h"]))
        for r in busiest[:BUSIEST]
    ]
    return PAGE.format(
        run=run,
        observations=table(HEADINGS, rows),
        fidelities=fidelities,
        busiest=table(("resource", "utilisation", "mean wait, h"), use),
        derived=table(("path", "value", "unit", "why"), derived),
    )


def _comparison_cells(c: Comparison) -> tuple[str, ...]:
    o, is_known = c.observed, not math.isnan(c.modelled)
    return (
        o.id,
        o.observation,
        o.unit,
        f"{o.low:g} - {o.mode:g} - {o.high:g}",
        f"{c.modelled:.4g}" if is_known else "",
        f"{c.error:+.1%}" if is_known else "",
        c.verdict,
        o.source,
        o.remark,
    )


def _digits(text: str) -> str:
    return f"{float(text):.3g}" if text else ""


def _base_year(rows: Sequence[Row]) -> Sequence[Row]:
    if not rows or "year" not in rows[0]:
        return rows
    first = (rows[0]["alternative"], rows[0]["year"])
    return [row for row in rows if (row["alternative"], row["year"]) == first]


def _total(rows: Iterable[Row], column: str) -> float:
    return math.fsum(float(row[column] or 0.0) for row in rows)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _bilateral(tables: Tables, routes: Iterable[str]) -> list[Row]:
    kept = set(routes)
    return [
        row
        for row in tables["routes"]
        if row["market"] == "bilateral" and row["route"] in kept
    ]


def _metre_gauge(tables: Tables) -> list[Row]:
    return [row for row in tables["departures"] if row["service"].startswith("mg_")]


def _speed(tables: Tables) -> float:
    rows = [row for row in _metre_gauge(tables) if row["run_h"]]
    km = math.fsum(float(r["km"]) * float(r["departures_run"]) for r in rows)
    hours = math.fsum(float(r["run_h"]) * float(r["departures_run"]) for r in rows)
    return _ratio(km, hours)


def _net_load(tables: Tables) -> float:
    rows = _metre_gauge(tables)
    return _ratio(_total(rows, "tonnes"), _total(rows, "departures_run"))


def _trucks_a_day(tables: Tables) -> float:
    lanes = [r for r in tables["resources"] if "kim_thanh_lane" in r["resource"]]
    return _total(lanes, "trucks") / DAYS if lanes else math.nan


def _direct_saving(column: str, scale: float) -> Callable[[Tables], float]:
    def saving(tables: Tables) -> float:
        """Mean difference R3 - R4 over the flows that use both, weighted by R4."""
        by_flow: dict[str, dict[str, Row]] = {}
        for row in _bilateral(tables, ("R3", "R4")):
            by_flow.setdefault(row["flow"], {})[row["route"]] = row
        pairs = [
            (float(p["R3"][column]) - float(p["R4"][column]), float(p["R4"]["teu"]))
            for p in by_flow.values()
            if len(p) == 2 and p["R3"][column] and p["R4"][column]
        ]
        weight = math.fsum(w for _, w in pairs)
        return _ratio(math.fsum(d * w for d, w in pairs) * scale, weight)

    return saving


def _gate_tonnes(tables: Tables) -> float:
    return _total(_bilateral(tables, GATE_ROUTES), "tonnes") / 1e6


def _south_share(tables: Tables) -> float:
    rows = _bilateral(tables, GATE_ROUTES)
    south = [row for row in rows if row["direction"] == "south"]
    return _ratio(_total(south, "tonnes"), _total(rows, "tonnes"))


def _rail_tonnes(tables: Tables) -> float:
    international = [
        row for row in tables["routes"] if row["route"] in ("R2", "R7", "T2")
    ]
    return _total(international, "tonnes") / 1e6


MODELLED: dict[str, Callable[[Tables], float]] = {
    "H1": _speed,
    "H2": _net_load,
    "H3": _trucks_a_day,
    "H4a": _direct_saving("time_mean_h", 1.0 / 24.0),
    "H4b": _direct_saving("money_usd_per_teu", 2.0),
    "H8a": _gate_tonnes,
    "H8b": _south_share,
    "H9": _rail_tonnes,
}
