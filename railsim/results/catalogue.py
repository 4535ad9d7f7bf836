"""Every table of a run folder: keys, columns, units, meanings, how they are made.

Columns that come straight from a kind of row keep its unit and meaning (`outcome.py`);
only what the aggregation adds is said here.
"""

from __future__ import annotations

from railsim.outcome import (
    CalibrationRow,
    CostRow,
    DayRow,
    DepartureRow,
    EmissionRow,
    FlowRow,
    ResourceRow,
    RevenueRow,
    RouteRow,
    SectionRow,
    StepRow,
    TrainRow,
    YearRow,
)
from railsim.results.tables.columns import (
    Column,
    Table,
    fixed_of,
    keys_of,
    texts_of,
    values_of,
)
from railsim.results.tables.money import (
    BENEFITS_BY_COUNTRY,
    CBA_SUMMARY,
    FINANCE_SUMMARY,
    INCIDENCE,
    MONEY,
    PROJECT,
    STARTS,
)
from railsim.rows import columns_of

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


def _text(name: str, meaning: str, rule: str = "") -> Column:
    return Column(name, "id", meaning, rule, "string", has_interval=False)


SUMMARY = Table(
    "summary",
    "market by market, what the modes carry, cost and take",
    keys_of(RouteRow, "alternative", "year", "market", "mode"),
    (
        *values_of(RouteRow, *AMOUNTS, rule=_ADDED),
        _share("share", "the market"),
        *values_of(RouteRow, *COSTS, TOTAL, "time_mean_h", "time_sd_h", rule=_BY_TEU),
        *values_of(RouteRow, "kg_co2e_per_t", rule=_BY_TONNES),
    ),
)
ROUTES = Table(
    "routes",
    "flow by flow, what each route carries, costs and takes",
    keys_of(RouteRow, *ROUTE_KEYS),
    (
        *values_of(RouteRow, "lots", *AMOUNTS),
        _share("share", "market, commodity and direction"),
        *values_of(RouteRow, "undelivered_lots", "lost_lots", *COSTS, TOTAL, *TIMES),
        *values_of(RouteRow, "kg_co2e_per_t"),
    ),
)
FLOWS = Table(
    "flows",
    "who ships what from where to where on which route",
    keys_of(
        RouteRow,
        *("alternative", "year", "market", "commodity", "direction", "flow"),
        *("origin", "destination", "route"),
    ),
    (
        *values_of(RouteRow, *AMOUNTS),
        _share("share", "the flow"),
        *values_of(RouteRow, "undelivered_lots", "lost_lots"),
    ),
)
TIMES_TABLE = Table(
    "times",
    "door-to-door times of each route, one statistic a row",
    (
        *keys_of(RouteRow, *ROUTE_KEYS),
        _text("statistic", "p10 to p95, mean or sd", "key"),
    ),
    (Column("time_h", "h", "door to door, weighted by TEU"),),
)
TCD = Table(
    "tcd",
    "time/cost-distance: the journey step by step, ready to plot",
    (
        *keys_of(
            RouteRow,
            *("alternative", "year", "market", "commodity", "direction", "flow"),
            "route",
        ),
        *keys_of(StepRow, "seq"),
    ),
    (
        _text("place", columns_of(StepRow)["place"][1]),
        _text("activity", "resource of the step; start, or charges of the whole route"),
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
        *keys_of(CostRow, "alternative", "year", "flow", "route"),
        *keys_of(CostRow, "step", "cause", "payee"),
    ),
    values_of(CostRow, "usd_per_teu", rule="mean over replications with deliveries"),
)
RESOURCES = Table(
    "resources",
    "waits and use of every resource",
    keys_of(ResourceRow, "alternative", "year", "resource", "kind"),
    values_of(
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
    keys_of(SectionRow, "alternative", "year", "line", "section"),
    values_of(SectionRow, "trains", "occupied_share", "conflict_h"),
)
DAYS = Table(
    "days",
    "queues and use of chosen resources, day by day, in the years of the diary",
    keys_of(DayRow, "alternative", "year", "resource", "date"),
    values_of(DayRow, "units", "queue_mean", "queue_max", "utilisation"),
)
TRAINS = Table(
    "trains",
    "trains of the diary's day at the stations of their lines, in replication 0",
    keys_of(TrainRow, "alternative", "date", "line", "train", "seq"),
    (
        *fixed_of(TrainRow, "km"),
        *fixed_of(TrainRow, "arrive_h", "depart_h", rule="in replication 0"),
    ),
    texts_of(TrainRow, "service", "direction", "place"),
)
DEPARTURES = Table(
    "departures",
    "trains and vessels: departures, cancellations, loads",
    keys_of(DepartureRow, "alternative", "year", "service"),
    values_of(
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
    keys_of(EmissionRow, "alternative", "year", "flow", "route", "leg", "country"),
    (
        *fixed_of(EmissionRow, "km"),
        *fixed_of(EmissionRow, "kg_co2e_per_t"),
        *values_of(EmissionRow, "t_co2e"),
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
    keys_of(YearRow, "alternative", "year"),
    (
        _text("made_by", columns_of(YearRow)["made_by"][1]),
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
    keys_of(RevenueRow, "alternative", "year", "mode", "payee", "cause"),
    values_of(RevenueRow, "revenue_usd", rule=_ADDED),
)
_DIFFERENCE = "by replication, under the same luck; then mean over replications"
EFFECTS = Table(
    "effects",
    "flow by flow, what an alternative changes against the first of the scenario",
    keys_of(FlowRow, "alternative", "year", "market", "commodity", "direction", "flow"),
    (
        *values_of(FlowRow, "teu"),
        Column(
            "consumer_surplus_usd",
            "USD",
            "gain of the shippers against the first alternative",
            f"(T0 + T1) / 2 times the fall of the composite cost, {_DIFFERENCE}",
        ),
        *values_of(FlowRow, "t_co2e"),
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
    keys_of(CalibrationRow, "flow", "route"),
    (
        *fixed_of(CalibrationRow, "base_share"),
        *values_of(CalibrationRow, "asc", "own_elasticity"),
    ),
)

REPORTED = (
    SUMMARY,
    PROJECT,
    FINANCE_SUMMARY,
    CBA_SUMMARY,
    BENEFITS_BY_COUNTRY,
    INCIDENCE,
    STARTS,
)  # whose numbers are kept replication by replication too
_KEYS_OF_REPORTED = {key.name: key for table in REPORTED for key in table.keys}
REPLICATIONS = Table(
    "replications",
    "what the run reports, replication by replication, so that runs can be compared "
    "under the same luck: the summary of the reported year and all that has no year",
    (
        _text("table", "table that has the mean of these numbers", "key"),
        _text("column", "its column; other keys are those of its row", "key"),
        *_KEYS_OF_REPORTED.values(),
        Column("replication", "id", "number of the luck", "key", "integer", False),
    ),
    (Column("value", "see column", "in the unit of that cell", "", "number", False),),
    has_empty_keys=True,
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
        DAYS,
        TRAINS,
        DEPARTURES,
        EMISSIONS,
        YEARS,
        REVENUES,
        EFFECTS,
        CALIBRATION,
        *MONEY.values(),
        REPLICATIONS,
    )
}
