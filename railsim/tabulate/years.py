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
from railsim.scenario.schema import Scenario
from railsim.tabulate.days import day_rows, train_rows
from railsim.tabulate.payments import revenue_rows
from railsim.tabulate.routes import (
    View,
    cost_rows,
    emission_rows,
    flow_rows,
    open_in_year,
    route_row,
    step_rows,
    views_of,
)
from railsim.tabulate.uses import departure_rows, resource_rows, section_rows


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
    days: tuple[DayRow, ...] = ()
    trains: tuple[TrainRow, ...] = ()


KINDS = tuple(f.name for f in fields(YearTables))
NEEDED = ("routes", "flows", "revenues", "departures")  # accounts are made of them


def rows_of(tables: Iterable[YearTables], kind: str) -> tuple[Any, ...]:
    """All rows of one kind, in the order of the years."""
    return tuple(row for table in tables for row in getattr(table, kind))


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
    year = plan.span.year
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
    made = {
        kind: tuple(make())
        for kind, make in makers.items()
        if kind in kinds or kind in NEEDED
    }
    known = _tables_of(scenario, alternative, plan, service.routes, storage, views)
    return replace(known, **made)


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
    views = list(views_of(scenario, alternative, plan, met, storage))
    return _tables_of(scenario, alternative, plan, met, storage, views)


def _tables_of(
    scenario: Scenario,
    alternative: str,
    plan: Plan,
    met: RouteService,
    storage: Mapping[RouteOfFlow, float],
    views: list[View],
) -> YearTables:
    routes = tuple(route_row(view) for view in views)
    stored = [storage.get((f.name, f.route), 0.0) for f in fares_of(scenario)]
    revenues = revenue_rows(
        scenario,
        alternative,
        plan.span.year,
        teu=met.teu[: len(stored)].astype(np.float64),
        storage_usd=floats(stored),
        is_there=open_in_year(plan),
    )
    return YearTables(routes, tuple(flow_rows(plan, met, routes)), tuple(revenues))
