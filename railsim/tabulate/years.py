"""All rows of a year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from railsim.appraisal.emissions import emissions_of_year
from railsim.corridor.arrays import floats
from railsim.corridor.choosing.memory import RouteOfFlow
from railsim.corridor.fares import fares_of
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import (
    RouteService,
    Service,
)
from railsim.outcome import (
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
)
from railsim.rows import Rows
from railsim.scenario.schema import Scenario
from railsim.tabulate.days import day_rows, train_rows
from railsim.tabulate.payments import revenue_rows
from railsim.tabulate.routes import (
    RoutesOfYear,
    flow_rows,
    open_in_year,
    route_rows,
)
from railsim.tabulate.uses import departure_rows, resource_rows, section_rows
from railsim.tabulate.views import (
    View,
    cost_rows,
    emission_rows,
    step_rows,
    views_of,
)


@dataclass(frozen=True, slots=True)
class YearTables:
    """All rows of a year of an alternative; the first three if it is interpolated."""

    routes: Rows[RouteRow]
    flows: Rows[FlowRow]
    revenues: Rows[RevenueRow]
    costs: tuple[CostRow, ...] = ()
    emissions: tuple[EmissionRow, ...] = ()
    steps: tuple[StepRow, ...] = ()
    resources: tuple[ResourceRow, ...] = ()
    sections: tuple[SectionRow, ...] = ()
    departures: tuple[DepartureRow, ...] = ()
    days: tuple[DayRow, ...] = ()
    trains: tuple[TrainRow, ...] = ()

    def named(self, alternative: str) -> YearTables:
        """The same rows of another alternative."""
        kinds = (f.name for f in fields(self))
        return YearTables(
            **{kind: _named(getattr(self, kind), alternative) for kind in kinds}
        )


def _named(rows: Any, alternative: str) -> Any:
    if isinstance(rows, Rows):
        return rows.under("alternative", alternative)
    return tuple(replace(row, alternative=alternative) for row in rows)


KINDS = tuple(f.name for f in fields(YearTables))
ALWAYS = {"routes": RouteRow, "flows": FlowRow, "revenues": RevenueRow}
OF_VIEWS = {"costs", "emissions", "steps"}
NEEDED = ("routes", "flows", "revenues", "departures")  # accounts are made of them


def rows_of(tables: Iterable[YearTables], kind: str) -> Any:
    """All rows of one kind, in the order of the years."""
    parts = [getattr(table, kind) for table in tables]
    if kind in ALWAYS:
        return Rows.joined(ALWAYS[kind], parts)
    return tuple(row for part in parts for row in part)


def tabulate_year(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    service: Service,
    storage: Mapping[RouteOfFlow, float],
    kinds: Collection[str] = KINDS,
) -> YearTables:
    """Rows of one simulated year; routes nobody could take have no rows.

    Kinds that are neither asked for nor needed are left empty.
    """
    year, of = plan.span.year, _routes_of_year(scenario, plan, service.routes, storage)
    views = []
    if not OF_VIEWS.isdisjoint(kinds):
        views = list(views_of(scenario, alternative, plan, service.routes, storage))
    makers: dict[str, Callable[[], Iterable[Any]]] = {
        "costs": lambda: _of_views(views, cost_rows),
        "emissions": lambda: _of_views(
            views,
            partial(emission_rows, emissions=emissions_of_year(scenario, year)),
        ),
        "steps": lambda: _of_views(views, partial(step_rows, steps=service.steps)),
        "resources": lambda: resource_rows(alternative, year, plan, service),
        "sections": lambda: section_rows(scenario, alternative, year, service),
        "departures": lambda: departure_rows(
            scenario, alternative, year, plan, service
        ),
    }
    if service.days is not None:
        makers["days"] = partial(day_rows, alternative, plan, service.days)
    if service.trains is not None:
        trains = service.trains
        makers["trains"] = partial(train_rows, scenario, alternative, plan, trains)
    made: dict[str, Any] = {
        kind: tuple(make())
        for kind, make in makers.items()
        if kind in kinds or kind in NEEDED
    }
    return replace(_tables_of(of, alternative), **made)


def _of_views(
    views: Iterable[View], rows: Callable[[View], Iterable[Any]]
) -> Iterator[Any]:
    return (row for view in views for row in rows(view))


def tabulate_routes(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
) -> YearTables:
    """Rows of one year of which no more is known than what its routes offered."""
    return _tables_of(_routes_of_year(scenario, plan, met, storage), alternative)


def _routes_of_year(
    scenario: Scenario,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
) -> RoutesOfYear:
    fares = fares_of(scenario)
    stored = floats(storage.get((fare.name, fare.route), 0.0) for fare in fares)
    return RoutesOfYear(scenario, plan, met, stored)


def _tables_of(of: RoutesOfYear, alternative: str) -> YearTables:
    revenues = revenue_rows(
        of.scenario,
        alternative,
        of.plan.span.year,
        teu=of.met.teu[: len(of.storage_usd)].astype(np.float64),
        storage_usd=of.storage_usd,
        is_there=open_in_year(of.plan),
    )
    return YearTables(route_rows(of, alternative), flow_rows(of, alternative), revenues)
