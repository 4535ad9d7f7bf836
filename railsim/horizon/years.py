"""Which years are simulated, and between which of them the others lie.

A spell is a run of years in which the network stays as it is. What a year offers is
interpolated within a spell only: never across an opening, the running-in after it, a
second track, a year with a shock to trade or one with a closure by date. Timetables,
servers, tokens and vehicles that grow with trade begin no spell.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from railsim.corridor.services import planned_state
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.run import Run
from railsim.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Horizon:
    """The years of a world, ascending.

    `between` names, for a reported year that is not simulated, the nearest simulated
    years of its spell before and after it; `beside` does so for a simulated one that
    could be left out.
    """

    simulated: tuple[int, ...]
    between: Mapping[int, Pair] = field(default_factory=dict)
    beside: Mapping[int, Pair] = field(default_factory=dict)

    @property
    def reported(self) -> tuple[int, ...]:
        """Simulated and interpolated years."""
        return tuple(sorted((*self.simulated, *self.between)))


def horizon_of(world: Scenario) -> Horizon:
    """The years that the scenario asks for.

    Closed forms are quick: anchors are not enough for them, unless `interpolated` is
    asked for, as studies of many draws do.
    """
    run = world.run
    is_quick = run.fidelity == "analytic" and run.simulate_years == "anchors"
    if run.simulate_years == "all" or is_quick:
        return Horizon(tuple(range(run.first_year, run.last_year + 1)))
    if not isinstance(run.simulate_years, str):
        return Horizon(tuple(sorted(set(run.simulate_years))))
    parts = [_anchored(spell, _wanted(world)) for spell in spells(world)]
    return Horizon(
        simulated=tuple(year for part in parts for year in part.simulated),
        between={y: pair for part in parts for y, pair in part.between.items()},
        beside={y: pair for part in parts for y, pair in part.beside.items()},
    )


def anchored_alike(worlds: Sequence[Scenario]) -> list[Scenario]:
    """The worlds with the eves of all their openings among the anchors of each.

    So a year that lies before the openings of two worlds is the same in both, whether
    it is simulated or interpolated. Not where `interpolated` is asked for: in a study,
    another world must change nobody's numbers.
    """
    if any(world.run.simulate_years == "interpolated" for world in worlds):
        return list(worlds)
    years = [y for world in worlds for y in planned_state(world).opens_year.values()]
    eves = {math.floor(opens_year) - 1 for opens_year in years}
    runs = {id(world.run): _with_anchors(world.run, eves) for world in worlds}
    return [world.model_copy(update={"run": runs[id(world.run)]}) for world in worlds]


def _with_anchors(run: Run, years: Iterable[int]) -> Run:
    anchors = tuple(sorted({*run.anchor_years, *years}))
    return run.model_copy(update={"anchor_years": anchors})


def spells(world: Scenario) -> list[range]:
    """The horizon in runs of like years; a year of change is a spell of its own."""
    run = world.run
    inside = {y for y in _breaks(world) if run.first_year < y <= run.last_year}
    edges = sorted({run.first_year, *inside, run.last_year + 1})
    return [range(begin, end) for begin, end in itertools.pairwise(edges)]


def _breaks(world: Scenario) -> Iterator[int]:
    """Years that differ from the one before."""
    for name, opens_year in planned_state(world).opens_year.items():
        running_in = world.openings[name].running_in_days / DAYS_PER_YEAR
        settled = math.ceil(opens_year + running_in)
        yield from range(math.floor(opens_year), settled + 1)
    for line in world.lines.values():
        yield from map(int, line.tracks_by_year)
    for year in _odd_years(world):
        yield from (year, year + 1)


def _odd_years(world: Scenario) -> Iterator[int]:
    for growth in world.growth.values():
        yield from map(int, growth.shocks)
    for disruption in world.disruptions.values():
        for day in disruption.listed:
            yield _year_of(day)
    for regime in world.regimes.values():
        for month, months in regime.listed.items():
            ends = _year_of(month) + (int(month[5:7]) - 1 + months) / MONTHS_PER_YEAR
            yield from range(_year_of(month), math.ceil(ends))


def _year_of(iso_day: str) -> int:
    return int(iso_day[:4])


def _wanted(world: Scenario) -> set[int]:
    """Anchors beside the ends of spells."""
    run, opens = world.run, planned_state(world).opens_year.values()
    lags = {math.floor(o) + lag for o in opens for lag in run.anchor_lags_years}
    return {*run.anchor_years, *lags}


def _anchored(spell: range, wanted: Iterable[int]) -> Horizon:
    anchors = sorted({spell[0], spell[-1], *(y for y in wanted if y in spell)})
    return Horizon(
        simulated=tuple(anchors),
        between={
            year: (a, b)
            for a, b in itertools.pairwise(anchors)
            for year in range(a + 1, b)
        },
        beside={
            year: (a, b)
            for a, year, b in zip(anchors, anchors[1:], anchors[2:], strict=False)
        },
    )
