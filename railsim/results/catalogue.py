"""Every table of a run folder: keys, columns, units, meanings, how they are made.

Columns that come straight from a kind of row keep its unit and meaning (`outcome.py`);
only what the aggregation adds is said here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from railsim.outcome import (
    CalibrationRow,
    CostRow,
    DepartureRow,
    EmissionRow,
    FlowRow,
    ResourceRow,
    RevenueRow,
    RouteRow,
    SectionRow,
    StepRow,
    YearRow,
    columns_of,
)

HALF_WIDTH = "_ci95"
Kind = Literal["string", "integer", "number"]
WHOLE = {"year", "seq", "section"}
OVER_REPLICATIONS = "mean over replications"


@dataclass(frozen=True)
class Column:
    """One column of a table; `rule` says how its numbers are made."""

    name: str
    unit: str
    meaning: str
    rule: str = OVER_REPLICATIONS
    kind: Kind = "number"
    has_interval: bool = True

    @property
    def half_width(self) -> Column:
        """The column beside it with the half-width of its 95 % interval."""
        meaning = f"95 % half-width of {self.name} over replications (Student t)"
        rule = "t(0.975, n - 1) s / sqrt(n); empty for one replication"
        return Column(self.name + HALF_WIDTH, self.unit, meaning, rule)


@dataclass(frozen=True)
class Table:
    """One CSV file of a run folder."""

    name: str
    meaning: str
    keys: tuple[Column, ...]
    values: tuple[Column, ...] = field(default=())

    @property
    def columns(self) -> tuple[Column, ...]:
        """Keys first; each sampled value is followed by its half-width."""
        return (*self.keys, *_with_half_widths(self.values))

    @property
    def key_names(self) -> tuple[str, ...]:
        """Names of the keys."""
        return tuple(key.name for key in self.keys)


def _with_half_widths(values: tuple[Column, ...]) -> Iterator[Column]:
    for value in values:
        yield value
        if value.has_interval:
            yield value.half_width


def _keys(row: type, *names: str) -> tuple[Column, ...]:
    known = columns_of(row)
    return tuple(
        Column(name, *known[name], "key", _kind_of_key(name), has_interval=False)
        for name in names
    )


def _kind_of_key(name: str) -> Kind:
    return "integer" if name in WHOLE else "string"


def _values(
    row: type, *names: str, rule: str = OVER_REPLICATIONS
) -> tuple[Column, ...]:
    known = columns_of(row)
    return tuple(Column(name, *known[name], rule) for name in names)


def _fixed(row: type, *names: str) -> tuple[Column, ...]:
    known = columns_of(row)
    rule = "the same in every replication"
    return tuple(Column(name, *known[name], rule, has_interval=False) for name in names)


AMOUNTS = ("teu", "tonnes")
COSTS = (
    "money_usd_per_teu",
    "inventory_usd_per_teu",
    "decay_usd_per_teu",
    "schedule_usd_per_teu",
    "safety_usd_per_teu",
)
TOTAL = "generalised_cost_usd_per_teu"
QUANTILES = ("p10", "p25", "p50", "p75", "p90", "p95")
STATISTICS = (*QUANTILES, "mean", "sd")
TIMES = tuple(f"time_{statistic}_h" for statistic in STATISTICS)
ROUTE_KEYS = (
    *("alternative", "year", "market", "commodity", "direction", "form"),
    *("flow", "origin", "destination", "route", "mode"),
)
ROUTE_VALUES = (
    *("lots", "teu", "tonnes", "undelivered_lots", "lost_lots", *COSTS, TOTAL),
    *(f"time_{statistic}_h" for statistic in STATISTICS),
    "kg_co2e_per_t",
)
FLOW_VALUES = ("teu", "composite_usd_per_teu", "t_co2e")
STEP_KEYS = ("alternative", "year", "flow", "route", "seq", "place", "activity")
STEP_VALUES = ("km", "time_h", "usd_per_teu", "elapsed_p10_h", "elapsed_p90_h")
_BY_TEU = "of each replication's routes, weighted by TEU; then mean over replications"
_BY_TONNES = "of each replication's routes, weighted by t; then mean over replications"
_ADDED = "sum of each replication's routes; then mean over replications"


def _share(name: str, within: str) -> Column:
    rule = f"tonnes / tonnes of {within}, by replication; then mean over replications"
    return Column(name, "1", f"share of the tonnes of {within}", rule)


SUMMARY = Table(
    "summary",
    "market by market, what the modes carry, cost and take",
    _keys(RouteRow, "alternative", "year", "market", "mode"),
    (
        *_values(RouteRow, *AMOUNTS, rule=_ADDED),
        _share("share", "the market"),
        *_values(RouteRow, *COSTS, TOTAL, "time_mean_h", "time_sd_h", rule=_BY_TEU),
        *_values(RouteRow, "kg_co2e_per_t", rule=_BY_TONNES),
    ),
)
ROUTES = Table(
    "routes",
    "flow by flow, what each route carries, costs and takes",
    _keys(RouteRow, *ROUTE_KEYS),
    (
        *_values(RouteRow, "lots", *AMOUNTS),
        _share("share", "market, commodity and direction"),
        *_values(RouteRow, "undelivered_lots", "lost_lots", *COSTS, TOTAL, *TIMES),
        *_values(RouteRow, "kg_co2e_per_t"),
    ),
)
FLOWS = Table(
    "flows",
    "who ships what from where to where on which route",
    _keys(
        RouteRow,
        *("alternative", "year", "market", "commodity", "direction", "flow"),
        *("origin", "destination", "route"),
    ),
    (
        *_values(RouteRow, *AMOUNTS),
        _share("share", "the flow"),
        *_values(RouteRow, "undelivered_lots", "lost_lots"),
    ),
)
TIMES_TABLE = Table(
    "times",
    "door-to-door times of each route, one statistic a row",
    (
        *_keys(RouteRow, *ROUTE_KEYS),
        Column("statistic", "id", "p10 to p95, mean or sd", "key", "string", False),
    ),
    (Column("time_h", "h", "door to door, weighted by TEU"),),
)
TCD = Table(
    "tcd",
    "time/cost-distance: the journey step by step, ready to plot",
    (
        *_keys(
            RouteRow,
            *("alternative", "year", "market", "commodity", "direction", "flow"),
            "route",
        ),
        *_keys(StepRow, "seq"),
    ),
    (
        Column("place", "id", columns_of(StepRow)["place"][1], "", "string", False),
        Column(
            "activity",
            "id",
            "resource of the step; start, or charges of the whole route",
            "",
            "string",
            False,
        ),
        Column("cum_km", "km", "distance from the start", "sum of km", "number", False),
        Column(
            "cum_h",
            "h",
            "mean hours since the start, over all lots",
            "sum of the steps' mean time_h",
            "number",
            False,
        ),
        Column(
            "cum_usd",
            "USD/TEU",
            "charges since the start",
            "sum of the steps' mean usd_per_teu; ends at the money of the route",
            "number",
            False,
        ),
        Column(
            "h_lo", "h", columns_of(StepRow)["elapsed_p10_h"][1], has_interval=False
        ),
        Column(
            "h_hi", "h", columns_of(StepRow)["elapsed_p90_h"][1], has_interval=False
        ),
    ),
)
COST_COMPONENTS = Table(
    "cost_components",
    "what each step costs, why and who is paid; parts sum to the generalised cost",
    (
        *_keys(CostRow, "alternative", "year", "flow", "route"),
        *_keys(CostRow, "step", "cause", "payee"),
    ),
    _values(CostRow, "usd_per_teu", rule="mean over replications with deliveries"),
)
RESOURCES = Table(
    "resources",
    "waits and use of every resource",
    _keys(ResourceRow, "alternative", "year", "resource", "kind"),
    _values(
        ResourceRow,
        *(
            "units",
            "trucks",
            "wait_mean_h",
            "wait_p95_h",
            "closed_wait_h",
            "queue_mean",
        ),
        *("queue_max", "open_server_h", "utilisation"),
    ),
)
LINE = Table(
    "line",
    "sections of railways: trains, occupation, conflicts",
    _keys(SectionRow, "alternative", "year", "line", "section"),
    _values(SectionRow, "trains", "occupied_share", "conflict_h"),
)
DEPARTURES = Table(
    "departures",
    "trains and vessels: departures, cancellations, loads",
    _keys(DepartureRow, "alternative", "year", "service"),
    _values(
        DepartureRow,
        *("km", "departures_run", "run_h"),
        *("cancelled_low_load", "cancelled_dropped"),
        *("cancelled_closed", "cancelled_no_token", "teu", "tonnes"),
        *("slot_load_factor", "tonne_load_factor"),
    ),
)
EMISSIONS = Table(
    "emissions",
    "greenhouse gases of each leg and hub, by country",
    _keys(EmissionRow, "alternative", "year", "flow", "route", "leg", "country"),
    (
        *_fixed(EmissionRow, "km"),
        *_fixed(EmissionRow, "kg_co2e_per_t"),
        *_values(EmissionRow, "t_co2e"),
    ),
)
TARGET_SHARE, TARGET_H = 0.05, 1.0
_LEFT_OUT = (
    "the year's mean route times interpolated from the simulated years beside it, less "
    "those simulated; mean over replications, then weighted by TEU"
)


def _left_out(name: str, unit: str, meaning: str) -> Column:
    return Column(name, unit, meaning, _LEFT_OUT, has_interval=False)


YEARS = Table(
    "years",
    "how each year was made, and what interpolating it would cost in accuracy",
    _keys(YearRow, "alternative", "year"),
    (
        Column("made_by", *columns_of(YearRow)["made_by"], "", "string", False),
        Column("before", *columns_of(YearRow)["before"], "", "integer", False),
        Column("after", *columns_of(YearRow)["after"], "", "integer", False),
        _left_out("left_out_error_h", "h", "mean absolute error if it is left out"),
        _left_out("left_out_error_share", "1", "the same, of the mean route time"),
        _left_out(
            "left_out_miss_share",
            "1",
            f"share of TEU with an error above {TARGET_H:g} h and {TARGET_SHARE:.0%}",
        ),
    ),
)
REVENUES = Table(
    "revenues",
    "who is paid how much on the routes of which mode",
    _keys(RevenueRow, "alternative", "year", "mode", "payee", "cause"),
    _values(RevenueRow, "revenue_usd", rule=_ADDED),
)
_DIFFERENCE = "by replication, under the same luck; then mean over replications"
EFFECTS = Table(
    "effects",
    "flow by flow, what an alternative changes against the first of the scenario",
    _keys(FlowRow, "alternative", "year", "market", "commodity", "direction", "flow"),
    (
        *_values(FlowRow, "teu"),
        Column(
            "consumer_surplus_usd",
            "USD",
            "gain of the shippers against the first alternative",
            f"(T0 + T1) / 2 times the fall of the composite cost, {_DIFFERENCE}",
        ),
        *_values(FlowRow, "t_co2e"),
        Column(
            "t_co2e_saved",
            "t CO2e",
            "emissions of the first alternative less those of this one",
            _DIFFERENCE,
        ),
    ),
)
CALIBRATION = Table(
    "calibration",
    "constants that make the model meet the base year",
    _keys(CalibrationRow, "flow", "route"),
    (
        *_fixed(CalibrationRow, "base_share"),
        *_values(CalibrationRow, "asc", "own_elasticity"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        SUMMARY,
        ROUTES,
        FLOWS,
        TIMES_TABLE,
        TCD,
        COST_COMPONENTS,
        RESOURCES,
        LINE,
        DEPARTURES,
        EMISSIONS,
        YEARS,
        REVENUES,
        EFFECTS,
        CALIBRATION,
    )
}
