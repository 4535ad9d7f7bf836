"""What comes of one scenario under one seed: the whole model on one page."""

from __future__ import annotations

from collections.abc import Iterator

from railsim.horizon.years import horizon_of
from railsim.living.taste import (
    calibrate_base_year,
    calibration_rounds,
    elasticity_warnings,
)
from railsim.living.through import live_through, year_rows
from railsim.living.years import Progress, Trace, years_of
from railsim.outcome import Outcome
from railsim.scenario import Scenario, overlay
from railsim.tabulate import YearTables


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
    tables: list[YearTables] = []
    alternatives = list(worlds(scenario))
    for name, world in alternatives:
        tables += live_through(world, name, memory, years)
    return Outcome(
        replication=replication,
        years=tuple(
            row for name, world in alternatives for row in year_rows(name, world)
        ),
        routes=tuple(row for t in tables for row in t.routes),
        flows=tuple(row for t in tables for row in t.flows),
        revenues=tuple(row for t in tables for row in t.revenues),
        steps=tuple(row for t in tables for row in t.steps),
        costs=tuple(row for t in tables for row in t.costs),
        emissions=tuple(row for t in tables for row in t.emissions),
        resources=tuple(row for t in tables for row in t.resources),
        sections=tuple(row for t in tables for row in t.sections),
        departures=tuple(row for t in tables for row in t.departures),
        calibration=calibration,
        warnings=(*elasticity_warnings(scenario, calibration), *years.warnings()),
    )


def count_years(scenario: Scenario) -> int:
    """How many years `evaluate` reports to `on_year`."""
    horizons = [horizon_of(world) for _, world in worlds(scenario)]
    base_years = 1 + calibration_rounds(scenario)
    return base_years + sum(len(horizon.simulated) for horizon in horizons)


def reported_years(scenario: Scenario) -> tuple[int, ...]:
    """The years that any alternative has rows of, ascending."""
    found = {y for _, world in worlds(scenario) for y in horizon_of(world).reported}
    return tuple(sorted(found))


def worlds(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Every alternative with the scenario that it makes."""
    for name, alternative in scenario.alternatives.items():
        yield name, overlay(scenario, alternative.overlay)
