"""All tables of a run from the outcomes of its replications, checked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from railsim.outcome import Outcome
from railsim.results.catalogue import (
    CALIBRATION,
    DEPARTURES,
    EMISSIONS,
    LINE,
    RESOURCES,
    REVENUES,
    TOTAL,
)
from railsim.results.tables.checking import check_tables
from railsim.results.tables.effects import effects_table
from railsim.results.tables.journeys import cost_table, tcd_table
from railsim.results.tables.panel import mean_and_half_width
from railsim.results.tables.routes import (
    Rows,
    flows_table,
    market_columns,
    routes_table,
    stack_routes,
    summary_table,
    times_table,
)
from railsim.results.tables.uses import plain_table


def build_tables(outcomes: Sequence[Outcome]) -> dict[str, Rows]:
    """Name -> rows, as the catalogue describes them; raises BrokenSumError."""
    routes = stack_routes(outcomes)
    tables = {
        "summary": summary_table(routes),
        "routes": routes_table(routes),
        "flows": flows_table(routes),
        "times": times_table(routes),
        "tcd": tcd_table(outcomes, routes),
        "cost_components": cost_table(outcomes, routes),
        "resources": plain_table(RESOURCES, [o.resources for o in outcomes]),
        "line": plain_table(LINE, [o.sections for o in outcomes]),
        "departures": plain_table(DEPARTURES, [o.departures for o in outcomes]),
        "emissions": plain_table(EMISSIONS, [o.emissions for o in outcomes]),
        "revenues": plain_table(REVENUES, [o.revenues for o in outcomes]),
        "effects": effects_table([o.flows for o in outcomes]),
        "calibration": plain_table(CALIBRATION, [o.calibration for o in outcomes]),
    }
    check_tables(tables)
    return tables


def widest_relative_half_width(outcomes: Sequence[Outcome], market: str) -> float:
    """Of the mean generalised cost of a market in any alternative and year."""
    keys, columns = market_columns(
        stack_routes(outcomes), ("alternative", "year", "market")
    )
    mean, half_width = mean_and_half_width(columns[TOTAL])
    chosen = np.array([key[2] == market for key in keys]) & np.isfinite(half_width)
    if not chosen.any():
        return float("inf")
    return float(np.max(half_width[chosen] / np.abs(mean[chosen])))
