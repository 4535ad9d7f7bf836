"""The base year of a run beside what was observed, errors as they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from railsim.report.validation.observations import (
    Comparison,
    Observation,
    comparison_table,
)
from railsim.report.validation.tables import Row, Tables, ratio, table, total

GATE_ROUTES = ("R1", "R2", "R3", "R4", "R8")
DAYS = 365.0
TABLES = ("routes", "departures", "resources", "assumptions")
"""Tables of a run that the page needs."""
BUSIEST = 15


PAGE = """# Validation

Written by `railsim verify --backcast` from the run {run}: do not edit. The base year of
the run stands beside what was observed, errors as they are. Nothing was tuned away from
its source.

## Observations

{observations}

## Delivery, demand and debt

{outlook}

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


def compare(tables: Tables, observations: Iterable[Observation]) -> list[Comparison]:
    """Observations of the base year beside the first year of a run."""
    base = {name: _base_year(rows) for name, rows in tables.items()}
    known = [o for o in observations if o.id in MODELLED]
    return [Comparison(o, MODELLED[o.id](base)) for o in known]


def to_page(
    run: str,
    tables: Tables,
    comparisons: Iterable[Comparison],
    *,
    outlook: str,
    fidelities: str,
) -> str:
    """The validation page of a run: observations, errors, use, derived sizes.

    `outlook` is the text on later years, `fidelities` the one that sets closed forms
    beside the events of the run.
    """
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
        observations=comparison_table(comparisons),
        outlook=outlook,
        fidelities=fidelities,
        busiest=table(("resource", "utilisation", "mean wait, h"), use),
        derived=table(("path", "value", "unit", "why"), derived),
    )


def _digits(text: str) -> str:
    return f"{float(text):.3g}" if text else ""


def _base_year(rows: Sequence[Row]) -> Sequence[Row]:
    if not rows or "year" not in rows[0]:
        return rows
    first = (rows[0]["alternative"], rows[0]["year"])
    return [row for row in rows if (row["alternative"], row["year"]) == first]


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
    return ratio(km, hours)


def _net_load(tables: Tables) -> float:
    rows = _metre_gauge(tables)
    return ratio(total(rows, "tonnes"), total(rows, "departures_run"))


def _trucks_a_day(tables: Tables) -> float:
    lanes = [r for r in tables["resources"] if "kim_thanh_lane" in r["resource"]]
    return total(lanes, "trucks") / DAYS if lanes else math.nan


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
        return ratio(math.fsum(d * w for d, w in pairs) * scale, weight)

    return saving


def _gate_tonnes(tables: Tables) -> float:
    return total(_bilateral(tables, GATE_ROUTES), "tonnes") / 1e6


def _south_share(tables: Tables) -> float:
    rows = _bilateral(tables, GATE_ROUTES)
    south = [row for row in rows if row["direction"] == "south"]
    return ratio(total(south, "tonnes"), total(rows, "tonnes"))


def _rail_tonnes(tables: Tables) -> float:
    international = [
        row for row in tables["routes"] if row["route"] in ("R2", "R7", "T2")
    ]
    return total(international, "tonnes") / 1e6


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
