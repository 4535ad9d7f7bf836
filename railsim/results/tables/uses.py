"""Tables of things used: resources, line, departures, emissions, calibration."""

from __future__ import annotations

from railsim.results.tables.columns import Table
from railsim.results.tables.panel import Panel
from railsim.results.tables.routes import Rows, rows_of

# What a replication does not mention was not used there: these are then zero.
_ZERO_IF_ABSENT = {
    *(
        "units",
        "trucks",
        "queue_mean",
        "queue_max",
        "utilisation",
        "trains",
        "occupied_share",
    ),
    *("conflict_h", "departures_run", "cancelled_low_load", "cancelled_dropped"),
    *(
        "cancelled_closed",
        "cancelled_no_token",
        "teu",
        "tonnes",
        "t_co2e",
        "revenue_usd",
    ),
}


def plain_table(table: Table, panel: Panel) -> Rows:
    """Means and half-widths of rows as they are."""
    columns = {
        name: panel.zero_if_absent(name) if name in _ZERO_IF_ABSENT else panel[name]
        for name in panel.columns
    }
    return rows_of(table, panel.keys, columns, panel.texts)
