"""What the lots of a flow met, paid and emitted on a route, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from railsim.appraisal.emissions import LegEmission
from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.choosing.utility import TimeCosts
from railsim.corridor.costs import Charge, step_label
from railsim.corridor.fares import Fare, fares_of
from railsim.corridor.routes import Visit, place_before
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import (
    RouteService,
    StepService,
)
from railsim.outcome import (
    CostRow,
    EmissionRow,
    StepRow,
)
from railsim.scenario.schema import Scenario
from railsim.tabulate.payments import storage_charge
from railsim.tabulate.ratios import ratio
from railsim.tabulate.routes import TIME_PARTS, open_in_year, times_met
from railsim.units import KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class View:
    """One flow on one route in one year, with everything known of it."""

    scenario: Scenario
    alternative: str
    plan: Plan
    met: RouteService
    c: int
    name: str
    route: str
    visits: tuple[Visit, ...]
    charges: tuple[Charge, ...]
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
                route=fare.route,
                visits=fare.visits,
                charges=_charges(fare, storage.get((fare.name, fare.route), 0.0)),
                time=times[c],
            )


def _charges(fare: Fare, storage_usd: float) -> tuple[Charge, ...]:
    """Tariffs by step, and the storage that was met."""
    if storage_usd <= 0.0:
        return fare.charges
    return (*fare.charges, storage_charge(storage_usd))


def _time_costs(plan: Plan, met: RouteService) -> list[TimeCosts]:
    """Of every chain at the times met; unknown where nobody arrived."""
    found = times_met(plan, met)
    parts = (getattr(found, part).tolist() for part in TIME_PARTS)
    return [TimeCosts(*row) for row in zip(*parts, strict=True)]


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
