"""A year as rows: what lots met, paid and emitted, how resources were used."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from railsim.appraisal.emissions import LegEmission, route_emissions
from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.choosing.menus import composite_cost, menus_of_year
from railsim.corridor.choosing.utility import TimeCosts, generalised_cost, time_costs
from railsim.corridor.costs import Charge, step_label
from railsim.corridor.fares import Fare, fares_of
from railsim.corridor.routes import Visit, place_before
from railsim.corridor.tables import Plan, Word
from railsim.engine.log import Cause
from railsim.engine.measuring.service import (
    QUANTILES,
    RouteService,
    Service,
    StepService,
)
from railsim.outcome import (
    CostRow,
    DepartureRow,
    EmissionRow,
    FlowRow,
    ResourceRow,
    RevenueRow,
    RouteRow,
    SectionRow,
    StepRow,
)
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.units import KG_PER_TONNE

TIME_PARTS = ("inventory", "decay", "schedule", "safety")
QUANTILE_COLUMNS = tuple(f"time_p{round(100 * q)}_h" for q in QUANTILES)
NO_COSTS = TimeCosts(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True, slots=True)
class YearTables:
    """All rows of a year of an alternative; the first three if it is interpolated."""

    routes: tuple[RouteRow, ...]
    flows: tuple[FlowRow, ...]
    revenues: tuple[RevenueRow, ...]
    costs: tuple[CostRow, ...] = ()
    emissions: tuple[EmissionRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    resources: tuple[ResourceRow, ...] = ()
    sections: tuple[SectionRow, ...] = ()
    departures: tuple[DepartureRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _View:
    """One flow on one route in one year, with everything known of it."""

    scenario: Scenario
    alternative: str
    plan: Plan
    met: RouteService
    c: int
    name: str
    flow: Flow
    route: str
    visits: tuple[Visit, ...]
    charges: tuple[Charge, ...]
    emissions: tuple[LegEmission, ...]
    time: TimeCosts

    @property
    def year(self) -> int:
        return self.plan.span.year

    @property
    def tonnes(self) -> float:
        return float(self.met.kg[self.c]) / KG_PER_TONNE


def tabulate_year(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    service: Service,
    storage: Mapping[RouteOfFlow, float],
) -> YearTables:
    """Rows of one simulated year; routes nobody could take have no rows."""
    year = plan.span.year
    views = list(_views(scenario, alternative, plan, service.routes, storage))
    return replace(
        _tables_of(plan, service.routes, views),
        costs=tuple(row for view in views for row in _cost_rows(view)),
        emissions=tuple(row for view in views for row in _emission_rows(view)),
        steps=tuple(row for view in views for row in _step_rows(view, service.steps)),
        resources=tuple(_resource_rows(alternative, year, plan, service)),
        sections=tuple(_section_rows(scenario, alternative, year, service)),
        departures=tuple(_departure_rows(scenario, alternative, year, plan, service)),
    )


def tabulate_routes(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
) -> YearTables:
    """Rows of one year of which no more is known than what its routes offered."""
    return _tables_of(
        plan, met, list(_views(scenario, alternative, plan, met, storage))
    )


def _tables_of(plan: Plan, met: RouteService, views: list[_View]) -> YearTables:
    routes = tuple(_route_row(view) for view in views)
    return YearTables(
        routes=routes,
        flows=tuple(_flow_rows(plan, met, routes)),
        revenues=tuple(row for view in views for row in _revenue_rows(view)),
    )


def _views(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
) -> Iterator[_View]:
    offers, span = plan.choices.offers, plan.span
    is_there = offers.open_from_ms < span.end_ms
    is_there &= offers.open_until_ms > span.measure_ms
    for c, fare in enumerate(fares_of(scenario)):
        if is_there[c]:
            yield _View(
                scenario=scenario,
                alternative=alternative,
                plan=plan,
                met=met,
                c=c,
                name=fare.name,
                flow=fare.flow,
                route=fare.route,
                visits=fare.visits,
                charges=_charges(fare, storage.get((fare.name, fare.route), 0.0)),
                emissions=tuple(route_emissions(scenario, fare.visits, span.year)),
                time=_time_costs(plan, met, c),
            )


def _charges(fare: Fare, storage_usd: float) -> tuple[Charge, ...]:
    """Tariffs by step, and the storage that was met."""
    if storage_usd <= 0.0:
        return fare.charges
    return (*fare.charges, Charge("whole route", "storage", "port", storage_usd))


def _time_costs(plan: Plan, met: RouteService, c: int) -> TimeCosts:
    """At the times met; unknown where nobody arrived."""
    mean_h, sd_h = float(met.mean_h[c]), float(met.sd_h[c])
    if not math.isfinite(mean_h):
        return NO_COSTS
    return time_costs(plan.choices, int(plan.chains.flow[c]), c, mean_h, sd_h)


def _route_row(view: _View) -> RouteRow:
    met, c, time = view.met, view.c, view.time
    money = math.fsum(charge.usd_per_teu for charge in view.charges)
    quantiles = zip(QUANTILE_COLUMNS, met.quantiles_h[c].tolist(), strict=True)
    return RouteRow(
        alternative=view.alternative,
        year=view.year,
        market=view.flow.market,
        commodity=view.flow.commodity,
        direction=view.flow.direction,
        flow=view.name,
        form=view.flow.form,
        origin=view.flow.origin,
        destination=view.flow.destination,
        route=view.route,
        mode=view.scenario.routes[view.route].mode,
        lots=float(met.lots[c]),
        teu=float(met.teu[c]),
        tonnes=view.tonnes,
        undelivered_lots=int(met.undelivered[c]),
        lost_lots=int(met.lost[c]),
        money_usd_per_teu=money,
        **{f"{part}_usd_per_teu": getattr(time, part) for part in TIME_PARTS},
        generalised_cost_usd_per_teu=money + time.total,
        time_mean_h=float(met.mean_h[c]),
        time_sd_h=float(met.sd_h[c]),
        **dict(quantiles),
        kg_co2e_per_t=math.fsum(leg.kg_co2e_per_t for leg in view.emissions),
    )


def _flow_rows(
    plan: Plan, met: RouteService, routes: tuple[RouteRow, ...]
) -> Iterator[FlowRow]:
    """Every flow with its composite cost at the times met, else at those remembered."""
    offers, menus = plan.choices.offers, menus_of_year(plan)

    def cost(f: int, c: int) -> float:
        mean, sd = float(met.lot_mean_h[c]), float(met.lot_sd_h[c])
        if not math.isfinite(mean):
            mean, sd = float(offers.perceived_h[c]), float(offers.perceived_sd_h[c])
        return generalised_cost(plan.choices, f, c, mean, sd)

    for f, name in enumerate(plan.flows.names):
        rows = [row for row in routes if row.flow == name]
        if not rows:
            continue
        first = rows[0]
        yield FlowRow(
            *(first.alternative, first.year, first.market),
            *(first.commodity, first.direction, name),
            math.fsum(row.teu for row in rows),
            composite_cost(plan, [m for m in menus if m.flow == f], partial(cost, f)),
            math.fsum(row.kg_co2e_per_t * row.tonnes for row in rows) / KG_PER_TONNE,
        )


def _revenue_rows(view: _View) -> Iterator[RevenueRow]:
    mode, teu = view.scenario.routes[view.route].mode, view.met.teu[view.c]
    for charge in view.charges:
        taken = charge.usd_per_teu * float(teu)
        key = (view.alternative, view.year, mode, charge.payee, charge.cause)
        yield RevenueRow(*key, taken)


def _step_rows(view: _View, steps: StepService) -> Iterator[StepRow]:
    lots, teu = float(view.met.lots[view.c]), float(view.met.teu[view.c])
    prices: dict[str, float] = {}
    for charge in view.charges:
        prices[charge.step] = prices.get(charge.step, 0.0) + charge.usd_per_teu
    begin = int(view.plan.chains.begin[view.c])
    for i, visit in enumerate(view.visits):
        label, km = step_label(view.scenario, visit)
        s = begin + i
        yield StepRow(
            alternative=view.alternative,
            year=view.year,
            flow=view.name,
            route=view.route,
            seq=i + 1,
            place=place_before(view.scenario, visit),
            activity=label,
            km=km,
            visit_share=_ratio(float(steps.visits[s]), lots),
            wait_h=_ratio(float(steps.wait_h[s]), teu),
            time_h=_ratio(float(steps.time_h[s]), teu),
            usd_per_teu=prices.pop(label, 0.0),
            elapsed_p10_h=float(steps.elapsed_p10_h[s]),
            elapsed_p90_h=float(steps.elapsed_p90_h[s]),
        )


def _cost_rows(view: _View) -> Iterator[CostRow]:
    year, key = view.year, (view.name, view.route)
    for charge in view.charges:
        yield CostRow(
            view.alternative,
            year,
            *key,
            charge.step,
            charge.cause,
            charge.payee,
            charge.usd_per_teu,
        )
    for cause in TIME_PARTS:
        amount = getattr(view.time, cause)
        if amount != 0.0 and math.isfinite(amount):
            yield CostRow(
                view.alternative, year, *key, "whole route", cause, "nobody", amount
            )


def _emission_rows(view: _View) -> Iterator[EmissionRow]:
    for leg in view.emissions:
        yield EmissionRow(
            alternative=view.alternative,
            year=view.year,
            flow=view.name,
            route=view.route,
            leg=leg.leg,
            country=leg.country,
            km=leg.km,
            kg_co2e_per_t=leg.kg_co2e_per_t,
            t_co2e=leg.kg_co2e_per_t * view.tonnes / KG_PER_TONNE,
        )


def _resource_rows(
    alternative: str, year: int, plan: Plan, service: Service
) -> Iterator[ResourceRow]:
    use = service.resources
    for r, name in enumerate(plan.resources.names):
        if use.units[r] == 0 and use.queue_max[r] == 0:
            continue
        yield ResourceRow(
            alternative=alternative,
            year=year,
            resource=name,
            kind=Word(plan.resources.word[r]).name.lower(),
            units=float(use.units[r]),
            trucks=float(use.trucks[r]),
            wait_mean_h=float(use.wait_mean_h[r]),
            wait_p95_h=float(use.wait_p95_h[r]),
            closed_wait_h=float(use.closed_wait_h[r]),
            queue_mean=float(use.queue_mean[r]),
            queue_max=float(use.queue_max[r]),
            open_server_h=float(use.open_h[r]),
            utilisation=float(use.utilisation[r]),
        )


def _section_rows(
    scenario: Scenario, alternative: str, year: int, service: Service
) -> Iterator[SectionRow]:
    names, use = list(scenario.lines), service.sections
    for i, line in enumerate(use.line.tolist()):
        if use.trains[i] > 0:
            yield SectionRow(
                alternative=alternative,
                year=year,
                line=names[line],
                section=int(use.section[i]),
                trains=int(use.trains[i]),
                occupied_share=float(use.occupied_share[i]),
                conflict_h=float(use.conflict_h[i]),
            )


def _departure_rows(
    scenario: Scenario, alternative: str, year: int, plan: Plan, service: Service
) -> Iterator[DepartureRow]:
    services, met = plan.services, service.departures
    for v, r in enumerate(services.resource.tolist()):
        run, cancelled = int(met.run[v]), met.cancelled[v]
        if run + int(cancelled.sum()) == 0:
            continue
        offered_teu = run * int(services.capacity_teu[v])
        offered_kg = run * int(services.capacity_kg[v])
        name = plan.resources.names[r].removeprefix("services.")
        yield DepartureRow(
            alternative=alternative,
            year=year,
            service=name,
            km=scenario.services[name.removesuffix(".back")].length_km,
            departures_run=run,
            run_h=float(met.run_h[v]),
            cancelled_low_load=int(cancelled[Cause.LOW_LOAD]),
            cancelled_dropped=int(cancelled[Cause.DROPPED]),
            cancelled_closed=int(cancelled[Cause.CLOSED]),
            cancelled_no_token=int(cancelled[Cause.NO_TOKEN]),
            teu=float(met.teu[v]),
            tonnes=float(met.kg[v]) / KG_PER_TONNE,
            slot_load_factor=_ratio(float(met.slots[v]), offered_teu),
            tonne_load_factor=_ratio(float(met.kg[v]), offered_kg),
        )


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
