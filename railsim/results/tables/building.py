"""All tables of a run from the outcomes of its replications, checked."""

from __future__ import annotations

import numpy as np

from railsim.results.catalogue import (
    CALIBRATION,
    DAYS,
    DEPARTURES,
    EMISSIONS,
    LINE,
    RESOURCES,
    REVENUES,
    TOTAL,
    TRAINS,
)
from railsim.results.tables.checking import check_tables
from railsim.results.tables.effects import effects_table
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.journeys import cost_table, tcd_table
from railsim.results.tables.money import MONEY
from railsim.results.tables.panel import mean_and_half_width
from railsim.results.tables.replications import replications_table
from railsim.results.tables.routes import (
    Rows,
    flows_table,
    market_columns,
    routes_panel,
    routes_table,
    summary_table,
    times_table,
)
from railsim.results.tables.uses import plain_table
from railsim.results.tables.years import years_table


def build_tables(gathered: Gathered, report_year: int | None = None) -> dict[str, Rows]:
    """Name -> rows, as the catalogue describes them; raises BrokenSumError."""
    routes, panel = routes_panel(gathered), gathered.panel
    tables = {
        "summary": summary_table(routes),
        "routes": routes_table(routes),
        "flows": flows_table(routes),
        "times": times_table(routes),
        "tcd": tcd_table(panel("steps"), routes),
        "cost_components": cost_table(panel("costs"), routes),
        "resources": plain_table(RESOURCES, panel("resources")),
        "line": plain_table(LINE, panel("sections")),
        "days": plain_table(DAYS, panel("days")),
        "trains": plain_table(TRAINS, panel("trains")),
        "departures": plain_table(DEPARTURES, panel("departures")),
        "emissions": plain_table(EMISSIONS, panel("emissions")),
        "revenues": plain_table(REVENUES, panel("revenues")),
        "effects": effects_table(panel("flows")),
        "years": years_table(gathered.years, routes),
        "calibration": plain_table(CALIBRATION, panel("calibration")),
        **{t.name: plain_table(t, panel(kind)) for kind, t in MONEY.items()},
        "replications": replications_table(gathered, routes, report_year),
    }
    check_tables(tables)
    return tables


def widest_relative_half_width(
    gathered: Gathered, market: str, year: int | None = None
) -> float:
    """Of the mean generalised cost of a market in any alternative.

    In `year`, or without it in any year.
    """
    keys, columns = market_columns(
        routes_panel(gathered), ("alternative", "year", "market")
    )
    mean, half_width = mean_and_half_width(columns[TOTAL])
    is_asked = [key[2] == market and year in (None, key[1]) for key in keys]
    chosen = np.array(is_asked) & np.isfinite(half_width)
    if not chosen.any():
        return float("inf")
    return float(np.max(half_width[chosen] / np.abs(mean[chosen])))
