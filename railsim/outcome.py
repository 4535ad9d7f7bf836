"""What comes of a scenario: rows with names, units and meanings, one kind a table.

The unit and meaning of every column stand here once; catalogue, Data Package and
documentation read them.
"""

from __future__ import annotations

from dataclasses import dataclass

from railsim.appraisal.rows import (
    BenefitByCountryRow,
    CbaAnnualRow,
    CbaSummaryRow,
    EmissionSavingRow,
    IncidenceRow,
    ShipperGainRow,
)
from railsim.balance import CheckRow
from railsim.finance.rows import (
    FinanceRow,
    LenderRow,
    PublicDebtRow,
    ScheduleRow,
)
from railsim.finance.summary import SummaryRow
from railsim.project.rows import ClaimRow, OddsRow, ProjectRow
from railsim.rows import Rows, column


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One flow on one route in one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    market: str = column("id", "bilateral, transit or domestic")
    commodity: str = column("id", "commodity")
    direction: str = column("id", "south: towards the sea; north: towards Yunnan")
    form: str = column("id", "container or bulk")
    flow: str = column("id", "flow of the scenario")
    origin: str = column("id", "place the flow begins")
    destination: str = column("id", "place it ends")
    route: str = column("id", "route")
    mode: str = column("id", "main mode of the route")
    lots: float = column("1", "lots created in the year that took the route")
    teu: float = column("TEU", "their TEU; of bulk, what its tonnes would fill")
    tonnes: float = column("t", "their net tonnes")
    undelivered_lots: int = column("1", "of these, still under way after the drain")
    lost_lots: int = column("1", "of these, refused for want of room")
    money_usd_per_teu: float = column("USD/TEU", "all charges, storage included")
    inventory_usd_per_teu: float = column("USD/TEU", "capital bound in transit")
    decay_usd_per_teu: float = column("USD/TEU", "value lost on the way")
    schedule_usd_per_teu: float = column("USD/TEU", "waiting for a fixed departure")
    safety_usd_per_teu: float = column("USD/TEU", "safety stock for unreliable times")
    generalised_cost_usd_per_teu: float = column("USD/TEU", "sum of the five above")
    time_mean_h: float = column("h", "door to door, weighted by TEU")
    time_sd_h: float = column("h", "standard deviation of the same")
    time_p10_h: float = column("h", "a tenth of the TEU is faster")
    time_p25_h: float = column("h", "a quarter is faster")
    time_p50_h: float = column("h", "median")
    time_p75_h: float = column("h", "a quarter is slower")
    time_p90_h: float = column("h", "a tenth is slower")
    time_p95_h: float = column("h", "a twentieth is slower")
    kg_co2e_per_t: float = column("kg CO2e/t", "well to wheel, legs and hubs")


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow over all its routes in one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    market: str = column("id", "bilateral, transit or domestic")
    commodity: str = column("id", "commodity")
    direction: str = column("id", "south: towards the sea; north: towards Yunnan")
    flow: str = column("id", "flow of the scenario")
    teu: float = column("TEU", "created in the year; of bulk, what its tonnes fill")
    composite_usd_per_teu: float = column(
        "USD/TEU", "-logsum/theta over who knows which routes; differences alone count"
    )
    t_co2e: float = column("t CO2e", "well to wheel, legs and hubs")


@dataclass(frozen=True, slots=True)
class RevenueRow:
    """What one payee takes on the routes of one mode in one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    mode: str = column("id", "main mode of the routes")
    payee: str = column("id", "who is paid")
    cause: str = column("id", "what for")
    revenue_usd: float = column("USD", "charges times TEU, in prices of the price year")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a route: where hours and dollars go."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    flow: str = column("id", "flow of the scenario")
    route: str = column("id", "route")
    seq: int = column("id", "number of the step in walking order")
    place: str = column("id", "where the step begins")
    activity: str = column("id", "resource of the step")
    km: float = column("km", "length of the step")
    visit_share: float = column("1", "share of lots that visit it")
    wait_h: float = column("h", "mean wait there, over all TEU of the route")
    time_h: float = column("h", "mean time there, wait included, over all TEU")
    usd_per_teu: float = column("USD/TEU", "charges there, over all lots")
    elapsed_p10_h: float = column(
        "h", "hours since creation at its end, 10th percentile"
    )
    elapsed_p90_h: float = column(
        "h", "hours since creation at its end, 90th percentile"
    )


@dataclass(frozen=True, slots=True)
class CostRow:
    """One cause of cost at one step, and who is paid."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    flow: str = column("id", "flow of the scenario")
    route: str = column("id", "route")
    step: str = column("id", "resource of the step, or the whole route")
    cause: str = column("id", "what for")
    payee: str = column("id", "who is paid; nobody for time costs")
    usd_per_teu: float = column("USD/TEU", "cost, over all lots of the route")


@dataclass(frozen=True, slots=True)
class EmissionRow:
    """Emissions of one leg or hub."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    flow: str = column("id", "flow of the scenario")
    route: str = column("id", "route")
    leg: str = column("id", "link, line, service or station")
    country: str = column("id", "where it is emitted")
    km: float = column("km", "length of the leg")
    kg_co2e_per_t: float = column("kg CO2e/t", "well to wheel")
    t_co2e: float = column("t CO2e", "of the year's tonnes")


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """One resource over one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    resource: str = column("id", "table and id; @place for pools of tokens")
    kind: str = column("id", "travel, station, departure, line or pool")
    units: float = column("1", "lots and vehicles let in")
    trucks: float = column("1", "trucks that these lots fill")
    wait_mean_h: float = column("h", "mean wait of those who asked in the year")
    wait_p95_h: float = column("h", "95th percentile of it")
    closed_wait_h: float = column("h", "part of the mean wait before a closed door")
    queue_mean: float = column("1", "units waiting, time average")
    queue_max: float = column("1", "most units that waited at once")
    open_server_h: float = column("h", "capacity times time")
    utilisation: float = column("1", "busy over open server-hours")


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section of a line over one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    line: str = column("id", "line")
    section: int = column("id", "number of the section from the line's beginning")
    trains: int = column("1", "trains through it, both directions")
    occupied_share: float = column("1", "of the year, clearing included")
    conflict_h: float = column("h", "time trains stood before it on the way")


@dataclass(frozen=True, slots=True)
class DayRow:
    """One resource on one day."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    resource: str = column("id", "table and id")
    date: str = column("id", "day, Hanoi time")
    units: float = column("1", "lots and vehicles let in")
    queue_mean: float = column("1", "units waiting, average of the day")
    queue_max: float = column("1", "most units that waited at once")
    utilisation: float = column("1", "busy over open server-hours")


@dataclass(frozen=True, slots=True)
class TrainRow:
    """One train at one station of a line on the chosen day."""

    alternative: str = column("id", "world that is compared")
    date: str = column("id", "day, Hanoi time")
    line: str = column("id", "line")
    train: int = column("id", "number of the train in its year")
    seq: int = column("id", "number of the station on its way")
    service: str = column("id", "service, .back for the return direction")
    direction: str = column("id", "up: with the numbers of the stations; down: against")
    place: str = column("id", "place of the network, empty at a loop")
    km: float = column("km", "from the beginning of the line")
    arrive_h: float = column("h", "since midnight; empty where it was not on the line")
    depart_h: float = column("h", "since midnight; empty where it left the line")


@dataclass(frozen=True, slots=True)
class DepartureRow:
    """One direction of a service over one year."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "simulated year")
    service: str = column("id", "service, .back for the return direction")
    km: float = column("km", "tariff distance of the service")
    departures_run: int = column("1", "that ran")
    run_h: float = column("h", "mean time from departure to arrival")
    cancelled_low_load: int = column("1", "cancelled for want of load")
    cancelled_dropped: int = column("1", "dropped by the operator")
    cancelled_closed: int = column("1", "because the service was closed")
    cancelled_no_token: int = column("1", "for want of rake or locomotive")
    teu: float = column("TEU", "carried; of bulk, what its tonnes would fill")
    tonnes: float = column("t", "carried")
    slot_load_factor: float = column("1", "slots carried over slots offered")
    tonne_load_factor: float = column("1", "tonnes carried over tonnes offered")


@dataclass(frozen=True, slots=True)
class YearRow:
    """How a year was made, and between which simulated years it lies."""

    alternative: str = column("id", "world that is compared")
    year: int = column("id", "reported year")
    made_by: str = column("id", "event simulation, or interpolated")
    before: int | None = column("year", "simulated year before it")
    after: int | None = column("year", "simulated year after it")


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """The constant that makes the model meet the base-year share of a route."""

    flow: str = column("id", "flow of the scenario")
    route: str = column("id", "route")
    base_share: float = column("1", "observed share of tonnes in the base year")
    model_share: float = column("1", "share of tonnes the model gives that year")
    asc: float = column("utils", "calibrated constant")
    own_elasticity: float = column("1", "of the route's share to its generalised cost")


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    """One world that is compared."""

    alternative: str = column("id", "world that is compared")
    title: str = column("id", "what people call it")
    traffic_of: str = column(
        "id", "world whose traffic it has: tables of traffic name that one"
    )


@dataclass(frozen=True, slots=True)
class StartRow:
    """One world that builds, as an answer to the question when to begin."""

    alternative: str = column("id", "world that is compared")
    opens_year: float = column("year", "first day on which anything opens, decimal")
    enpv_usd: float = column("USD", "net present value to society, at the test rate")
    fyrr: float | None = column("1", "first-year rate of return")
    is_ripe: float | None = column("1", "1 if the first year earns the test rate")
    is_best: float = column("1", "1 if no other world, and not nothing, is worth more")


@dataclass(frozen=True, slots=True)
class HalfRuleRow:
    """What shippers of one market gain in one year, counted in two ways."""

    alternative: str = column("id", "world that is compared")
    market: str = column("id", "bilateral, transit or domestic")
    year: int = column("id", "calendar year")
    logsum_usd_real: float = column("USD", "gain by the logsum, which counts")
    half_rule_usd_real: float = column(
        "USD", "gain by the rule of a half on modes that both worlds have"
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """All answers of one scenario under one seed and replication."""

    replication: int
    alternatives: tuple[AlternativeRow, ...]
    years: tuple[YearRow, ...]
    routes: Rows[RouteRow]
    flows: Rows[FlowRow]
    revenues: Rows[RevenueRow]
    steps: tuple[StepRow, ...]
    costs: tuple[CostRow, ...]
    emissions: tuple[EmissionRow, ...]
    resources: tuple[ResourceRow, ...]
    sections: tuple[SectionRow, ...]
    departures: tuple[DepartureRow, ...]
    days: tuple[DayRow, ...]
    trains: tuple[TrainRow, ...]
    calibration: tuple[CalibrationRow, ...]
    warnings: tuple[str, ...]
    projects: tuple[ProjectRow, ...] = ()
    odds: tuple[OddsRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    finance_annual: tuple[FinanceRow, ...] = ()
    finance_summary: tuple[SummaryRow, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    debt_schedule: tuple[ScheduleRow, ...] = ()
    public_debt: tuple[PublicDebtRow, ...] = ()
    lenders: tuple[LenderRow, ...] = ()
    cba_annual: tuple[CbaAnnualRow, ...] = ()
    cba_summary: tuple[CbaSummaryRow, ...] = ()
    benefits: tuple[BenefitByCountryRow, ...] = ()
    incidence: tuple[IncidenceRow, ...] = ()
    shipper_gains: tuple[ShipperGainRow, ...] = ()
    emission_savings: tuple[EmissionSavingRow, ...] = ()
    starts: tuple[StartRow, ...] = ()
    half_rule: tuple[HalfRuleRow, ...] = ()
