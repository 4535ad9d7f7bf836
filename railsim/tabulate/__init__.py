"""A year as rows: what lots met, paid and emitted, how resources were used."""

from railsim.tabulate.modes import mode_uses_of
from railsim.tabulate.traffic import traffic_of
from railsim.tabulate.years import (
    KINDS,
    YearTables,
    rows_of,
    tabulate_routes,
    tabulate_year,
)

__all__ = [
    "KINDS",
    "YearTables",
    "mode_uses_of",
    "rows_of",
    "tabulate_routes",
    "tabulate_year",
    "traffic_of",
]
