"""Interpolated years against simulated ones, demand and closed forms."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from railsim.case import evaluate
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.horizon.between import LivedYear, years_between
from railsim.outcome import Outcome, RouteRow
from railsim.results.tables.building import build_tables
from railsim.results.tables.gathering import Gathered
from railsim.scenario import Scenario, load_scenario, overlay

SMALL = Path(__file__).parents[1] / "small_corridor.toml"
LAST = 2034
Key = tuple[str, int, str, str]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    change = {
        "run.last_year": LAST,
        "run.anchor_years": [2031],
        "run.simulate_years": "anchors",
        "run.engine": "compiled",
        "choice.calibration_rounds": 1,
    }
    return overlay(load_scenario(SMALL), change)


@pytest.fixture(scope="module")
def interpolated(scenario: Scenario) -> Outcome:
    return evaluate(scenario, 3)


@pytest.fixture(scope="module")
def simulated(scenario: Scenario) -> Outcome:
    return evaluate(overlay(scenario, {"run.simulate_years": "all"}), 3)


def by_key(outcome: Outcome) -> dict[Key, RouteRow]:
    return {(r.alternative, r.year, r.flow, r.route): r for r in outcome.routes}


def tonnes_of_flows(outcome: Outcome) -> dict[tuple[str, int, str], float]:
    total: dict[tuple[str, int, str], float] = defaultdict(float)
    for row in outcome.routes:
        total[row.alternative, row.year, row.flow] += row.tonnes
    return total


def test_every_year_has_rows_in_order_and_says_how_it_was_made(
    interpolated: Outcome,
) -> None:
    years = [r.year for r in interpolated.years if r.alternative == "with"]
    made_by = {r.year: r.made_by for r in interpolated.years if r.alternative == "with"}
    of_rows = [r.year for r in interpolated.routes if r.alternative == "with"]

    assert years == list(range(2026, LAST + 1))
    assert of_rows == sorted(of_rows)
    assert set(of_rows) == set(years)
    assert [y for y in years if made_by[y] == "event"] == [2026, 2027, 2028, 2031, 2034]


def test_years_before_the_first_interpolated_one_are_those_of_a_full_simulation(
    interpolated: Outcome, simulated: Outcome
) -> None:
    found, expected = by_key(interpolated), by_key(simulated)
    early = [key for key in expected if key[0] == "with" and key[1] <= 2028]

    assert early
    for key in early:
        assert repr(found[key]) == repr(expected[key])


def test_interpolated_flows_are_near_those_of_a_full_simulation(
    interpolated: Outcome, simulated: Outcome
) -> None:
    found, expected = by_key(interpolated), by_key(simulated)
    totals = tonnes_of_flows(simulated)

    many_lots = [key for key in expected if key[2] == "fruit_south"]
    for key in many_lots:
        row = expected[key]
        share = row.tonnes / totals[key[:3]]
        other = found[key].tonnes / totals[key[:3]]
        assert other == pytest.approx(share, abs=0.06), key


def test_demand_of_an_interpolated_year_is_that_of_its_growth(
    scenario: Scenario,
) -> None:
    quiet = overlay(
        scenario,
        {f"commodities.{c}.cost_elasticity": 0.0 for c in scenario.commodities},
    )
    totals = tonnes_of_flows(evaluate(quiet, 3))
    rate = scenario.growth["steady"].rate_by_year

    for flow in scenario.flows:
        income = scenario.commodities[scenario.flows[flow].commodity].income_elasticity
        growth = (1.0 + next(iter(rate.values()))) ** income
        for year in (2029, 2032):
            ratio = totals["with", year + 1, flow] / totals["with", year, flow]
            assert ratio == pytest.approx(growth, rel=1e-4)


def test_tables_of_interpolated_years_add_up(interpolated: Outcome) -> None:
    tables = build_tables(Gathered.of([interpolated]))

    years = {row[1]: row for row in tables["years"] if row[0] == "with"}
    assert years[2031][3:5] == (2028, 2034)
    assert math.isfinite(years[2031][5])
    assert math.isnan(years[2030][5])


def test_the_error_of_leaving_a_year_out_is_that_of_a_straight_line(
    interpolated: Outcome,
) -> None:
    routes = by_key(interpolated)
    errors, weights, times = [], [], []
    for (alternative, year, *route), row in routes.items():
        if (alternative, year) != ("without", 2031):
            continue
        line = [routes["without", y, *route].time_mean_h for y in (2026, LAST)]
        guess = line[0] + (line[1] - line[0]) * (2031 - 2026) / (LAST - 2026)
        errors.append(abs(guess - row.time_mean_h))
        times.append(row.time_mean_h)
        weights.append(row.teu)

    (found,) = (
        r
        for r in build_tables(Gathered.of([interpolated]))["years"]
        if r[:2] == ("without", 2031)
    )

    assert found[5] == pytest.approx(np.average(errors, weights=weights), rel=1e-9)
    share = np.average(errors, weights=weights) / np.average(times, weights=weights)
    assert found[6] == pytest.approx(share, rel=1e-9)


def test_between_two_equal_years_nothing_changes_but_demand(
    scenario: Scenario,
) -> None:
    world = overlay(scenario, {"openings.new_line.is_built": False})
    year = lived(world, 2026)
    same = replace(year, plan=lived(world, 2029).plan)

    for between in years_between(world, year, same):
        assert between.routes.mean_h == pytest.approx(year.routes.mean_h, nan_ok=True)
        for f in range(len(between.plan.flows.names)):
            chains = between.plan.flows.chains(f)
            now, then = between.routes.kg[chains], year.routes.kg[chains]
            assert now / now.sum() == pytest.approx(then / then.sum(), abs=2e-3)


def lived(world: Scenario, year: int) -> LivedYear:
    """A year at free-flow times with equal constants."""
    from railsim.engine.choose import engine_of
    from railsim.engine.draws import draw
    from railsim.engine.measuring.meter import measure

    plan = make_plan(world, planned_state(world), year, Memory())
    names = [plan.flows.names[f] if f >= 0 else "" for f in plan.chains.flow.tolist()]
    keys = list(zip(names, plan.chains.route, strict=True))
    memory = Memory(asc={key: 0.0 for key in keys if key[0]})
    plan = make_plan(world, planned_state(world), year, memory)
    draws = draw(plan, 1, 0)
    log = engine_of("reference").simulate(plan, draws)
    routes = measure(plan, draws, log).routes
    met = {
        key: (float(routes.lot_mean_h[c]), float(routes.lot_sd_h[c]))
        for c, key in enumerate(keys)
        if key[0] and math.isfinite(routes.lot_mean_h[c])
    }
    return LivedYear(plan, routes, replace(memory, perceived_h=met))
