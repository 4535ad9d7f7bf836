"""The worlds that a scenario compares: what each builds, and when that opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from railsim.finance.accounts import package_in_force
from railsim.horizon.years import anchored_alike, horizon_of
from railsim.living.taste import calibration_rounds
from railsim.project import Delivery, deliver, luck_of, open_sections, promise_warnings
from railsim.scenario import overlay
from railsim.scenario.schema import Scenario
from railsim.sharing import once_for

# Tables that decide who pays and how society counts, but not what moves: what they do
# to the day a line opens stands in `openings`.
MONEY = {
    *("projects", "reference_classes", "vehicles", "budget", "passengers"),
    *("operators", "packages", "finance", "appraisal"),
}

TRAFFIC = tuple(name for name in Scenario.model_fields if name not in MONEY)
ASKED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class World:
    """One alternative: its scenario with every opening dated, and how that came."""

    name: str
    scenario: Scenario
    deliveries: Mapping[str, Delivery]
    twin: str
    """The first alternative with the same traffic, perhaps this one."""
    doubts: tuple[str, ...]
    """What must be said of dates that the scenario sets itself."""


@once_for(most=ASKED_AT_ONCE)
def worlds_of(scenario: Scenario, seed: int, replication: int = 0) -> tuple[World, ...]:
    """Every alternative of a scenario, under the luck of a replication.

    Announcing, counting and evaluating ask for the same worlds: they are made once.
    """
    worlds = list[World]()
    for name, alternative in scenario.alternatives.items():
        world = _under_package(overlay(scenario, alternative.overlay))
        deliveries = deliver(world, luck_of(world, seed, replication))
        dated = open_sections(world, deliveries)
        twins = (w.name for w in worlds if _has_one_traffic(w.scenario, dated))
        worlds.append(
            World(name, dated, deliveries, next(twins, name), promise_warnings(world))
        )
    alike = anchored_alike([world.scenario for world in worlds])
    return tuple(map(_with_scenario, worlds, alike))


def _with_scenario(world: World, scenario: Scenario) -> World:
    return replace(world, scenario=scenario)


def count_years(scenario: Scenario, replications: Sequence[int] = (0,)) -> int:
    """How many years replications simulate, those of the calibration included."""
    if scenario.run.delivery_luck == "stated":
        return len(replications) * _count_years(scenario, 0)
    return sum(int(_count_years(scenario, number)) for number in replications)


def _count_years(scenario: Scenario, replication: int) -> int:
    worlds = worlds_of(scenario, scenario.run.seed, replication)
    lived = (horizon_of(w.scenario).simulated for w in worlds if w.twin == w.name)
    return 1 + calibration_rounds(scenario) + sum(len(years) for years in lived)


def reported_years(scenario: Scenario) -> tuple[int, ...]:
    """The years that any alternative has rows of, ascending."""
    worlds = worlds_of(scenario, scenario.run.seed, 0)
    return tuple(sorted({y for w in worlds for y in horizon_of(w.scenario).reported}))


def _under_package(world: Scenario) -> Scenario:
    """Projects as the package in force changes them: dearer, or begun later."""
    if world.finance is None:
        return world
    _, package = package_in_force(world, world.finance)
    projects = {
        name: project.model_copy(
            update={
                "overrun_added": project.overrun_added + package.overrun_added,
                "start_shift_years": project.start_shift_years
                + package.start_delay_years,
            }
        )
        for name, project in world.projects.items()
    }
    return world.model_copy(update={"projects": projects})


def _has_one_traffic(one: Scenario, other: Scenario) -> bool:
    """Whether worlds differ in money alone; most that do not differ in openings."""
    return all(getattr(one, name) == getattr(other, name) for name in TRAFFIC)
