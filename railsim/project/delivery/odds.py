"""How likely a project is to open when and cost what: its distributions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.project.delivery.delivering import built_projects
from railsim.project.delivery.luck import FATES, KINDS, Lucks, lattice, seeded_lattice
from railsim.project.delivery.outturns import outturns, overruns_of
from railsim.project.delivery.spending import approved_usd
from railsim.scenario.schema import Scenario
from railsim.traffic import Floats

PROBABILITIES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95)
MIDDLE = dict.fromkeys(KINDS, 0.5)


@dataclass(frozen=True, slots=True)
class Odds:
    """Many fates of a project, sorted; money is real US dollars.

    Costs hold overrun and the owner's cost of longer works, without crowding.
    """

    project: str
    start: Floats
    opening: Floats
    """As if no date were set by the scenario."""
    overrun: Mapping[str, Floats]
    """Reference class -> outturn over the approved total."""
    cost_usd: Mapping[str, Floats]
    """Reference class -> the same as money."""


def delivery_odds(
    world: Scenario,
    project: str,
    seed: int,
    *,
    outside_view: float | None = None,
) -> Odds:
    """Evenly strewn fates of a project, every reference class side by side.

    `outside_view` is the project's own unless given. The same seed gives the same odds.
    """
    lucks = seeded_lattice(project, seed)
    return _odds(world, project, lucks, outside_view)


def _odds(world: Scenario, name: str, lucks: Lucks, outside_view: float | None) -> Odds:
    project = world.projects[name]
    b = project.outside_view if outside_view is None else outside_view
    own = world.reference_classes[project.reference_class]
    fates = outturns(project, own, lucks, outside_view=b)
    approved = math.fsum(approved_usd(world, project).values())
    delays = project.delay_cost.share_per_year * fates.prolonged_years
    overruns = {
        like: overruns_of(project, by, lucks.cost, outside_view=b)
        for like, by in world.reference_classes.items()
    }
    return Odds(
        project=name,
        start=np.sort(fates.start),
        opening=np.sort(fates.opening),
        overrun={like: np.sort(each) for like, each in overruns.items()},
        cost_usd={
            like: np.sort(approved * (each + delays)) for like, each in overruns.items()
        },
    )


def quantiles_of(fates: Floats, probabilities: Sequence[float]) -> list[float]:
    """Quantiles of sorted fates."""
    return [float(q) for q in np.quantile(fates, probabilities)]


def share_up_to(fates: Floats, value: float) -> float:
    """Share of sorted fates at or below a value."""
    return float(np.searchsorted(fates, value, side="right")) / len(fates)


def share_open_by(world: Scenario, project: str, year: float) -> float:
    """Share of the outside view's fates of a project that open by a decimal year."""
    odds = _odds(world, project, lattice(MIDDLE), outside_view=1.0)
    return share_up_to(odds.opening, year)


def promise_warnings(world: Scenario) -> tuple[str, ...]:
    """One line for each built project whose opening the scenario sets: W035."""
    lines = []
    for name in built_projects(world):
        days = [world.openings[s].opens_year for s in world.projects[name].sections]
        dated = [day for day in days if day is not None]
        if dated:
            share = share_open_by(world, name, max(dated))
            lines.append(_promise(name, max(dated), share))
    return tuple(lines)


def _promise(project: str, year: float, share: float) -> str:
    found = f"{share:.1%}" if share > 0 else f"none of {FATES:,}"
    return (
        f"W035 {project} opens {year:g} because the scenario says so; of projects like "
        f"it, started when it may start, {found} would be open by then"
    )
