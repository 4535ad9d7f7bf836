"""What the lots of a flow met, paid and emitted on a route."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from railsim.appraisal.emissions import LegEmission, kg_co2e_per_t
from railsim.corridor.arrays import Flags
from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.choosing.menus import menus_of_year
from railsim.corridor.choosing.utility import TimeCosts
from railsim.corridor.choosing.weighing import (
    composite_costs,
    costs_at,
    weigh_times,
)
from railsim.corridor.costs import Charge, step_label
from railsim.corridor.fares import Fare, fares_of
from railsim.corridor.routes import Visit, place_before
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import (
    QUANTILES,
    RouteService,
    StepService,
)
from railsim.outcome import (
    CostRow,
    EmissionRow,
    FlowRow,
    RouteRow,
    StepRow,
)
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.tabulate.payments import storage_charge
from railsim.tabulate.ratios import ratio
from railsim.units import KG_PER_TONNE

TIME_PARTS = ("inventory", "decay", "schedule", "safety")
QUANTILE_COLUMNS = tuple(f"time_p{round(100 * q)}_h" for q in QUANTILES)


@dataclass(frozen=True, slots=True)
class View:
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
    kg_co2e_per_t: float
    time: TimeCosts

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.plan.span.year

    @property
    def tonnes(self) -> float:
        """Net tonnes that took the route."""
        return float(self.met.kg[self.c]) / KG_PER_TONNE


def views_of(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
) -> Iterator[View]:
    """All flows on all routes that were open in the year."""
    is_there = open_in_year(plan)
    emitted = kg_co2e_per_t(scenario, plan.span.year).tolist()
    times = _time_costs(plan, met)
    for c, fare in enumerate(fares_of(scenario)):
        if is_there[c]:
            yield View(
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
                kg_co2e_per_t=emitted[c],
                time=times[c],
            )


def open_in_year(plan: Plan) -> Flags:
    """Chains that somebody could take on some day of the year."""
    offers, span = plan.choices.offers, plan.span
    is_there = offers.open_from_ms < span.end_ms
    return is_there & (offers.open_until_ms > span.measure_ms)


def _charges(fare: Fare, storage_usd: float) -> tuple[Charge, ...]:
    """Tariffs by step, and the storage that was met."""
    if storage_usd <= 0.0:
        return fare.charges
    return (*fare.charges, storage_charge(storage_usd))


def _time_costs(plan: Plan, met: RouteService) -> list[TimeCosts]:
    """Of every chain at the times met; unknown where nobody arrived."""
    count = len(plan.choices.offers.asc)
    found = weigh_times(plan, met.mean_h[:count], met.sd_h[:count])
    parts = (getattr(found, part).tolist() for part in TIME_PARTS)
    return [TimeCosts(*row) for row in zip(*parts, strict=True)]


def route_row(view: View) -> RouteRow:
    """Amounts, costs and times."""
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
        kg_co2e_per_t=view.kg_co2e_per_t,
    )


def flow_rows(
    plan: Plan, met: RouteService, routes: tuple[RouteRow, ...]
) -> Iterator[FlowRow]:
    """Every flow with its composite cost at the times met, else at those remembered."""
    composite = dict(zip(plan.flows.names, _composites(plan, met), strict=True))
    for name, found in groupby(routes, key=lambda row: row.flow):
        rows = [*found]
        first = rows[0]
        yield FlowRow(
            *(first.alternative, first.year, first.market),
            *(first.commodity, first.direction, name),
            math.fsum(row.teu for row in rows),
            composite[name],
            math.fsum(row.kg_co2e_per_t * row.tonnes for row in rows) / KG_PER_TONNE,
        )


def _composites(plan: Plan, met: RouteService) -> list[float]:
    offers, count = plan.choices.offers, len(plan.choices.offers.asc)
    mean, sd = met.lot_mean_h[:count], met.lot_sd_h[:count]
    is_met = np.isfinite(mean)
    cost = costs_at(
        plan,
        np.where(is_met, mean, offers.perceived_h),
        np.where(is_met, sd, offers.perceived_sd_h),
    )
    found: list[float] = composite_costs(plan, menus_of_year(plan), cost).tolist()
    return found


def step_rows(view: View, steps: StepService) -> Iterator[StepRow]:
    """The way, step by step."""
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
            visit_share=ratio(float(steps.visits[s]), lots),
            wait_h=ratio(float(steps.wait_h[s]), teu),
            time_h=ratio(float(steps.time_h[s]), teu),
            usd_per_teu=prices.pop(label, 0.0),
            elapsed_p10_h=float(steps.elapsed_p10_h[s]),
            elapsed_p90_h=float(steps.elapsed_p90_h[s]),
        )


def cost_rows(view: View) -> Iterator[CostRow]:
    """Every cause of cost, time included."""
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


def emission_rows(
    view: View, emissions: Sequence[Sequence[LegEmission]]
) -> Iterator[EmissionRow]:
    """Every leg and hub; `emissions` are those of every chain in the year."""
    for leg in emissions[view.c]:
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
