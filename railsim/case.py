"""What comes of one scenario under one seed: the whole model on one page."""

from __future__ import annotations

from railsim.living.taste import calibrate_base_year, elasticity_warnings
from railsim.living.through import live_through, year_rows
from railsim.living.worlds import worlds_of
from railsim.living.years import Progress, Trace, years_of
from railsim.outcome import Outcome
from railsim.scenario import Scenario
from railsim.tabulate import KINDS, rows_of


def evaluate(
    scenario: Scenario,
    seed: int,
    *,
    replication: int = 0,
    on_year: Progress | None = None,
    on_log: Trace | None = None,
) -> Outcome:
    """All alternatives of a scenario on the same draws.

    Shippers' constants are calibrated once, on the base year with its observed shares;
    then every alternative lives through its years with that taste. `on_year` is called
    after each simulated year, `on_log` with each year's events. Pure otherwise.
    """
    years = years_of(scenario, seed, replication, on_year, on_log)
    memory, calibration = calibrate_base_year(scenario, years)
    worlds = worlds_of(scenario, seed, replication)
    lives = {
        world.name: list(live_through(world.scenario, world.name, memory, years))
        for world in worlds
        if world.twin == world.name
    }
    tables = [table for life in lives.values() for table in life]
    return Outcome(
        replication=replication,
        years=tuple(
            row
            for world in worlds
            if world.name in lives
            for row in year_rows(world.name, world.scenario)
        ),
        calibration=calibration,
        warnings=(*elasticity_warnings(scenario, calibration), *years.warnings()),
        **{kind: rows_of(tables, kind) for kind in KINDS},
    )
