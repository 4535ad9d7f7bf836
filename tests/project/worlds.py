"""Worlds for the tests of delivery: the corridor whose projects date their openings."""

import functools
from collections.abc import Mapping
from typing import Any

from railsim.project import Delivery, ProjectLuck, deliver
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.scenario.schema.worth.projects import Project
from tests.sources import ROOT

MEDIAN = ProjectLuck(start=0.5, slippage=0.5, cost=0.5, duration=0.5)


@functools.cache
def line() -> Scenario:
    """The corridor with the Lao Cai line, which opens when it is finished."""
    base = load_scenario(ROOT / "scenarios" / "base.toml")
    return overlay(base, {"openings.lchh.opens_year": None})


@functools.cache
def package() -> Scenario:
    """The corridor with all three lines."""
    base = load_scenario(ROOT / "scenarios" / "north_package.toml")
    undated = dict.fromkeys(f"openings.{name}.opens_year" for name in base.projects)
    return overlay(base, undated)


def altered(world: Scenario, values: Mapping[str, Any], name: str = "lchh") -> Scenario:
    """A world whose project has other values, not checked again."""
    project = world.projects[name].model_copy(update=values)
    return world.model_copy(update={"projects": {**world.projects, name: project}})


def with_parts(project: Project, **tables: Any) -> dict[str, Any]:
    """Values for `altered`, each read as the TOML would be."""
    whole = project.model_dump() | tables
    read = Project.model_validate(whole)
    return {name: getattr(read, name) for name in tables}


def delivered(world: Scenario, luck: ProjectLuck = MEDIAN) -> Delivery:
    """How the Lao Cai line goes."""
    return deliver(world, dict.fromkeys(world.projects, luck))["lchh"]
