"""What comes of one scenario under one seed: the whole model on one page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from railsim.judging.rows import rows_of_cases
from railsim.judging.worlds import carried_by, case_of, has_money, is_whole
from railsim.living.taste import calibrate_base_year, elasticity_warnings
from railsim.living.through import live_through, year_rows
from railsim.living.worlds import World, worlds_of
from railsim.living.years import Progress, Trace, years_of
from railsim.outcome import AlternativeRow, Outcome
from railsim.scenario import Scenario
from railsim.tabulate import KINDS, YearTables, rows_of

Lives = Mapping[str, Sequence[YearTables]]
"""Alternative -> its years; those with the traffic of another have none."""


def evaluate(
    scenario: Scenario,
    seed: int,
    *,
    replication: int = 0,
    on_year: Progress | None = None,
    on_log: Trace | None = None,
    kinds: Collection[str] | None = None,
) -> Outcome:
    """All alternatives of a scenario on the same draws.

    Shippers' constants are calibrated once, on the base year with its observed shares.
    Then every alternative builds what it builds, lives through its years with that
    taste, and is accounted for; each is judged against the first. `on_year` is called
    after each simulated year, `on_log` with each year's events. With `kinds`, rows that
    are neither among them nor needed for others are left out. Pure otherwise.
    """
    years = years_of(scenario, seed, replication, on_year, on_log)
    memory, calibration = calibrate_base_year(scenario, years)
    worlds = worlds_of(scenario, seed, replication)
    made = KINDS if kinds is None else kinds
    lived = [world for world in worlds if world.twin == world.name]
    lives = live_through(lived, memory, years, made)
    tables = [table for life in lives.values() for table in life]
    return Outcome(
        replication=replication,
        alternatives=tuple(_alternative(scenario, world) for world in worlds),
        years=tuple(
            row
            for world in worlds
            if world.name in lives
            for row in year_rows(world.name, world.scenario)
        ),
        calibration=calibration,
        warnings=(
            *elasticity_warnings(scenario, calibration),
            *years.warnings(),
            *_money_warnings(worlds),
        ),
        **{kind: rows_of(tables, kind) for kind in KINDS},
        **_money(worlds, lives, seed, replication, kinds),
    )


def _money(
    worlds: Sequence[World],
    lives: Lives,
    seed: int,
    replication: int,
    kinds: Collection[str] | None,
) -> dict[str, Any]:
    """What each world builds, who pays for it, and what it is worth to society."""
    if not has_money(worlds[0].scenario) or not _are_whole(worlds):
        return {}
    carried = {
        world.name: carried_by(world.scenario, lives[world.name])
        for world in worlds
        if world.name in lives
    }
    cases = [
        case_of(
            world.name,
            world.scenario,
            world.deliveries,
            carried[world.twin],
            seed=seed,
            replication=replication,
        )
        for world in worlds
    ]
    return rows_of_cases(cases, seed, with_odds=replication == 0, wanted=kinds)


def _are_whole(worlds: Sequence[World]) -> bool:
    return all(is_whole(world.scenario) for world in worlds)


def _alternative(scenario: Scenario, world: World) -> AlternativeRow:
    return AlternativeRow(
        alternative=world.name,
        title=scenario.alternatives[world.name].title,
        traffic_of=world.twin,
    )


def _money_warnings(worlds: Sequence[World]) -> Iterator[str]:
    """What must be said of dates and of accounts that cannot be kept."""
    if has_money(worlds[0].scenario) and not _are_whole(worlds):
        yield (
            "W036 not every year from the first to the last is reported: there are no "
            "accounts and no appraisal"
        )
    for world in worlds:
        yield from world.doubts
