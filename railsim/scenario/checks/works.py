"""Projects, openings and years must fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator

from railsim.scenario.checks.findings import Finding
from railsim.scenario.paths import Segments, quote
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.worth.delivery import FixedStart, Start, WindowStart
from railsim.scenario.schema.worth.projects import Project

WORKED = {"projects", "openings", "run"}  # tables that are looked at


def check_works(scenario: Scenario) -> list[Finding]:
    """Find openings nobody dates, sections torn apart and works that come too late."""
    return [
        *_check_openings(scenario),
        *(
            finding
            for name, project in scenario.projects.items()
            for finding in _check_project(scenario, name, project)
        ),
    ]


def _check_openings(scenario: Scenario) -> Iterator[Finding]:
    owner: dict[str, str] = {}
    for name, project in scenario.projects.items():
        for section in project.sections:
            if section in owner:
                message = f"the opening belongs to project {quote(owner[section])} too"
                yield Finding("E111", ("projects", name, "sections", section), message)
            owner[section] = name
    for key, opening in scenario.openings.items():
        if opening.is_built and opening.opens_year is None and key not in owner:
            path: Segments = ("openings", key, "opens_year")
            help_ = "or a project with this opening among its sections"
            yield Finding("E104", path, "missing value", help_)


def _check_project(
    scenario: Scenario, name: str, project: Project
) -> Iterator[Finding]:
    built = [scenario.openings[section].is_built for section in project.sections]
    path: Segments = ("projects", name)
    if any(built) and not all(built):
        message = "openings of one project are built together or not at all"
        yield Finding("E111", (*path, "sections"), message)
    if not any(built):
        return
    first, last = _first_year(project.start), scenario.run.last_year
    if first > last:
        message = f"works start in {first:g}, after the last year {last}"
        yield Finding("E111", (*path, "start"), message)
    yield from _check_promise(scenario, project, path)


def _first_year(start: Start) -> float:
    """The earliest year in which works may start."""
    match start:
        case FixedStart():
            return math.floor(start.year)
        case WindowStart():
            return math.floor(min(start.years))
    low = (
        start.low_year
        if start.kind == "uniform"
        else min(part.low_year for part in start.parts.values())
    )
    return math.floor(low)


def _check_promise(
    scenario: Scenario, project: Project, path: Segments
) -> Iterator[Finding]:
    """A fixed start and a dated opening must leave room for the works."""
    days = [scenario.openings[section].opens_year for section in project.sections]
    dated = [day for day in days if day is not None]
    if not dated or not isinstance(project.start, FixedStart):
        return
    latest = max(dated) - project.commissioning_years - project.least_works_years
    if project.start.year > latest:
        least = project.least_works_years + project.commissioning_years
        message = (
            f"works that start in {project.start.year:g} cannot be open in "
            f"{max(dated):g}: they need at least {least:g} years with commissioning"
        )
        yield Finding("E111", (*path, "start"), message)
