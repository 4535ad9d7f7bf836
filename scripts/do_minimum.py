"""Size the do-minimum world by its rule (docs/decisions/0009-do-minimum.md).

    uv run python scripts/do_minimum.py [replications]

Prints, for every station, fleet and service that is too full in some five years, the
values that scenarios/corridor/*.toml should hold from the first of these years on. The
capacities in force are the starting point: what the files say already is never lowered,
so delete a line there to size it anew.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from railsim.corridor.time.years import in_year
from railsim.engine.choose import prepare
from railsim.outcome import Outcome
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.study.replications import run_replications

BASE = Path(__file__).resolve().parent.parent / "scenarios" / "base.toml"
FULL = 0.85  # of open hours, tokens, slots or net load
STEPS = (2036, 2041, 2046, 2051, 2056, 2061)
LAST = {step: step + 4 for step in STEPS}
ROUNDS = 4
Use = dict[tuple[str, int], float]  # the fullest by (resource, year)
Found = dict[str, dict[str, float]]  # path of a table by year -> what it should hold


def main(arguments: list[str]) -> None:
    """Enlarge what is too full until nothing is, and print it."""
    replications = int(arguments[0]) if arguments else 5
    prepare("compiled", lambda: print("compiling", flush=True))
    scenario = load_scenario(BASE)
    years = (scenario.run.first_year, *LAST.values())
    scenario = overlay(scenario, {"run.simulate_years": years})
    found: Found = {}
    for number in range(ROUNDS):
        use = fullest(scenario, replications)
        wanted = dict(enlarged(scenario, use))
        print(f"round {number + 1}: {len(wanted)} to enlarge", flush=True)
        if not wanted:
            break
        found |= wanted
        scenario = overlay(scenario, wanted)
    for path, by_year in sorted(found.items()):
        steps = ", ".join(f"{year} = {value:g}" for year, value in by_year.items())
        print(f"{path} = {{ {steps} }}")


def fullest(scenario: Scenario, replications: int) -> Use:
    """The highest use of a year over worlds, replications and directions."""
    use: Use = {}
    done = run_replications(
        scenario,
        scenario.run.seed,
        range(replications),
        jobs=os.cpu_count() or 1,
        advance=lambda: None,
    )
    for replication in done:
        for resource, year, share in _uses(replication.outcome):
            if math.isfinite(share):
                use[resource, year] = max(use.get((resource, year), 0.0), share)
    return use


def _uses(outcome: Outcome) -> Iterator[tuple[str, int, float]]:
    for row in outcome.resources:
        if row.utilisation is not None:
            yield row.resource, row.year, row.utilisation
    for run in outcome.departures:
        name = f"services.{run.service.removesuffix('.back')}"
        for measure, load in (
            ("capacity_teu", run.slot_load_factor),
            ("capacity_t", run.tonne_load_factor),
        ):
            if load is not None:
                yield f"{name}.{measure}", run.year, load


def enlarged(
    scenario: Scenario, use: Mapping[tuple[str, int], float]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Of what is too full in the last year of a step, all its capacities by year."""
    for path, first, by_year, key, whole in _capacities(scenario):
        new: dict[str, float] = dict(by_year)
        reached = in_year(first, by_year, STEPS[0] - 1)
        for step, last in LAST.items():
            reached = max(reached, in_year(first, new, step))
            share = use.get((key, last), 0.0)
            if share > FULL:
                needed = in_year(first, by_year, last) * share / FULL
                reached = max(reached, math.ceil(needed / whole - 1e-9) * whole)
            if reached > in_year(first, new, step):
                new[str(step)] = reached
        if new != by_year:
            yield path, dict(sorted(new.items()))


def _capacities(
    scenario: Scenario,
) -> Iterator[tuple[str, float, Mapping[str, float], str, int]]:
    """Path of the values by year, first value, the others, name in use, whole units."""
    for name, station in scenario.stations.items():
        key = f"stations.{name}"
        whole = 1 if station.servers < 100 else 10
        yield (
            f"{key}.servers_by_year",
            station.servers,
            station.servers_by_year,
            key,
            whole,
        )
    for name, fleet in scenario.fleets.items():
        for place, tokens in fleet.tokens.items():
            path = f"fleets.{name}.tokens_by_year.{place}"
            by_year = fleet.tokens_by_year.get(place, {})
            whole = 1 if tokens < 100 else 50
            yield path, tokens, by_year, f"fleets.{name}@{place}", whole
    for name, service in scenario.services.items():
        key = f"services.{name}"
        teu, by_year = service.capacity_teu, service.capacity_teu_by_year
        yield f"{key}.capacity_teu_by_year", teu, by_year, f"{key}.capacity_teu", 10
        load, loads = service.capacity_t, service.capacity_t_by_year
        yield f"{key}.capacity_t_by_year", load, loads, f"{key}.capacity_t", 20


if __name__ == "__main__":
    main(sys.argv[1:])
