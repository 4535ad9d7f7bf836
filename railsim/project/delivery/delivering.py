"""From a world and its luck to deliveries: dates of every section, money by half-year.

A section that the scenario dates opens on that day, whatever the luck; spending ends
commissioning before the line is whole, and main works begin soon enough for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from railsim.project.delivery.crowding import (
    MainWorks,
    Pressure,
    no_pressure,
    pressure_of,
    slowed_years,
)
from railsim.project.delivery.luck import ProjectLuck, lucks_of
from railsim.project.delivery.outturns import outturns
from railsim.project.delivery.spending import (
    approved_usd,
    edges_of,
    horizon_halves,
    of_halves,
    paid_by,
)
from railsim.project.halves import Halves
from railsim.project.works import Delivery
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.worth.projects import Component, Project
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class _Draft:
    """A delivery before rivals for money have had their say."""

    project: Project
    works: MainWorks
    openings: Mapping[str, float]
    costs_usd: Mapping[str, float]
    overrun: float
    prolonged_years: float


def deliver(world: Scenario, luck: Mapping[str, ProjectLuck]) -> dict[str, Delivery]:
    """Every project that is built in a world -> how it goes under its luck.

    Money is real US dollars of the price year on the half-years of `world.run`; what is
    spent before them falls on the first, what is spent after them on none.
    """
    halves = horizon_halves(world)
    drafts = {name: _draft(world, name, luck[name]) for name in built_projects(world)}
    works = {name: draft.works for name, draft in drafts.items()}
    if world.budget is not None and world.budget.is_crowding:
        pressure = pressure_of(world.budget, works, halves)
    else:
        pressure = no_pressure(works, halves)
    return {
        name: _deliver(name, draft, pressure, halves) for name, draft in drafts.items()
    }


def built_projects(world: Scenario) -> list[str]:
    """Projects whose openings are built."""
    return [
        name
        for name, project in world.projects.items()
        if all(world.openings[section].is_built for section in project.sections)
    ]


def open_sections(world: Scenario, deliveries: Mapping[str, Delivery]) -> Scenario:
    """The world with a date on every opening that a delivery brings."""
    dates = {o: day for d in deliveries.values() for o, day in d.openings.items()}
    openings = {
        name: opening.model_copy(update={"opens_year": dates[name]})
        if name in dates
        else opening
        for name, opening in world.openings.items()
    }
    return world.model_copy(update={"openings": openings})


def is_dated(world: Scenario, project: Project) -> bool:
    """Does the scenario itself say when the last section opens?"""
    return world.openings[_last_section(project)].opens_year is not None


def _last_section(project: Project) -> str:
    return max(project.sections, key=lambda name: project.sections[name])


def _draft(world: Scenario, name: str, luck: ProjectLuck) -> _Draft:
    project = world.projects[name]
    like = world.reference_classes[project.reference_class]
    found = outturns(project, like, lucks_of(luck))
    openings = _openings(world, project, float(found.opening[0]))
    end = max(openings.values()) - project.commissioning_years
    start = min(float(found.start[0]), end - project.least_works_years)
    prolonged, overrun = float(found.prolonged_years[0]), float(found.overrun[0])
    if is_dated(world, project):
        planned = project.plan.opens_year - project.plan.start_year
        prolonged = max(0.0, max(openings.values()) - start - planned)
    costs = _costs_usd(world, project, overrun, prolonged)
    main = math.fsum(
        costs[n] for n, c in project.components.items() if not _has_dates(c)
    )
    works = MainWorks(project.curve, start, end, main, is_dated(world, project))
    return _Draft(project, works, openings, costs, overrun, prolonged)


def _openings(world: Scenario, project: Project, drawn: float) -> dict[str, float]:
    """The scenario's dates; else the day of the line, earlier for earlier sections."""
    dated = world.openings[_last_section(project)].opens_year
    line = drawn if dated is None else dated
    last = max(project.sections.values())
    openings = {}
    for section, offset in project.sections.items():
        own = world.openings[section].opens_year
        openings[section] = line - (last - offset) if own is None else own
    return openings


def _costs_usd(
    world: Scenario, project: Project, overrun: float, prolonged: float
) -> dict[str, float]:
    """Component -> outturn, the owner's cost of longer works under its component."""
    approved = approved_usd(world, project)
    costs = {name: overrun * usd for name, usd in approved.items()}
    delay = project.delay_cost
    yearly = delay.share_per_year * math.fsum(approved.values())
    costs[delay.component] += yearly * prolonged
    return costs


def _deliver(name: str, draft: _Draft, pressure: Pressure, halves: Halves) -> Delivery:
    project, works, edges = draft.project, draft.works, edges_of(halves)
    clock = pressure.clocks[name]
    slowed = 0.0 if works.is_dated else slowed_years(clock, edges, works.end)
    paid = paid_by(works.curve, works.start, works.end, clock, project.retention)
    main = of_halves(paid) * pressure.price_factors
    spent = {
        key: draft.costs_usd[key]
        * (_on_own_dates(project, c, edges) if _has_dates(c) else main)
        for key, c in project.components.items()
    }
    openings = {section: day + slowed for section, day in draft.openings.items()}
    return Delivery(
        project=name,
        start=works.start,
        openings=openings,
        works_end=works.end + slowed,
        overrun=draft.overrun,
        delay_years=max(openings.values()) - project.plan.opens_year,
        spent_usd=spent,
        prolonged_years=draft.prolonged_years,
        slowed_years=slowed,
    )


def _has_dates(component: Component) -> bool:
    return component.start_year is not None


def _on_own_dates(project: Project, component: Component, edges: Floats) -> Floats:
    assert component.start_year is not None
    assert component.end_year is not None
    dates = (component.start_year, component.end_year)
    return of_halves(paid_by(project.curve, *dates, edges, project.retention))
