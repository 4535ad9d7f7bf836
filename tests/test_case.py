"""The whole model on a small corridor."""

from __future__ import annotations

import math
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from railsim.case import evaluate
from railsim.corridor.tables import Plan
from railsim.engine.analytic import AnalyticYears
from railsim.engine.measuring.service import Service
from railsim.living.worlds import count_years
from railsim.living.years import _EventYears
from railsim.outcome import Outcome, RouteRow
from railsim.scenario import Scenario, load_scenario, overlay

SMALL = Path(__file__).parent / "small_corridor.toml"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(SMALL)


@pytest.fixture(scope="module")
def outcome(scenario: Scenario) -> Outcome:
    return evaluate(scenario, scenario.run.seed)


def rows(outcome: Outcome, alternative: str, year: int) -> list[RouteRow]:
    return [r for r in outcome.routes if (r.alternative, r.year) == (alternative, year)]


def test_before_the_line_opens_both_worlds_are_alike(outcome: Outcome) -> None:
    def plain(row: RouteRow) -> tuple[object, ...]:
        return (row.flow, row.route, row.lots, row.tonnes, row.time_mean_h)

    without, with_line = rows(outcome, "without", 2026), rows(outcome, "with", 2026)

    assert [plain(r) for r in without] == [plain(r) for r in with_line]


def test_the_new_line_appears_with_its_opening_and_takes_traffic(
    outcome: Outcome,
) -> None:
    new = [r for r in outcome.routes if r.route == "new_rail"]

    assert {(r.alternative, r.year) for r in new} == {("with", 2028)}
    assert all(r.lots > 0 for r in new)


def test_money_and_time_costs_sum_to_generalised_cost_in_every_row(
    outcome: Outcome,
) -> None:
    total: dict[tuple[object, ...], float] = defaultdict(float)
    for cost in outcome.costs:
        total[cost.alternative, cost.year, cost.flow, cost.route] += cost.usd_per_teu

    for row in outcome.routes:
        key = (row.alternative, row.year, row.flow, row.route)
        assert total[key] == pytest.approx(row.generalised_cost_usd_per_teu, rel=1e-12)


def test_base_year_shares_stay_near_the_observed_ones(
    outcome: Outcome, scenario: Scenario
) -> None:
    base = [r for r in rows(outcome, "without", 2026) if r.flow == "fruit_south"]
    total = math.fsum(r.tonnes for r in base)

    for row in base:
        observed = scenario.flows["fruit_south"].base_share.get(row.route, 0.0)
        assert row.tonnes / total == pytest.approx(observed, abs=0.04)


def test_time_at_the_steps_of_a_route_sums_to_its_total(outcome: Outcome) -> None:
    walked: dict[tuple[object, ...], float] = defaultdict(float)
    for step in outcome.steps:
        walked[step.alternative, step.year, step.flow, step.route] += step.time_h

    for row in outcome.routes:
        if row.undelivered_lots == 0:
            key = (row.alternative, row.year, row.flow, row.route)
            assert walked[key] == pytest.approx(row.time_mean_h, rel=1e-9)


def test_the_same_seed_gives_the_same_outcome(
    scenario: Scenario, outcome: Outcome
) -> None:
    assert repr(evaluate(scenario, scenario.run.seed)) == repr(outcome)


def test_years_read_page_by_page_are_those_of_whole_logs(
    scenario: Scenario, outcome: Outcome
) -> None:
    watched = evaluate(scenario, scenario.run.seed, on_log=lambda *_: None)

    assert repr(watched) == repr(outcome)


REFERENCE = f"""
import sys
from railsim.case import evaluate
from railsim.scenario import load_scenario
outcome = evaluate(load_scenario({str(SMALL)!r}, ["run.engine=reference"]), 11)
assert "railsim.engine.compiled" not in sys.modules
print(outcome)
"""


def test_the_reference_engine_runs_alone_and_agrees() -> None:
    done = subprocess.run(
        [sys.executable, "-c", REFERENCE], check=True, capture_output=True, text=True
    )

    assert done.stdout == f"{evaluate(load_scenario(SMALL), 11)}\n"


def test_another_replication_has_other_luck_and_the_same_scale(
    scenario: Scenario, outcome: Outcome
) -> None:
    other = evaluate(scenario, scenario.run.seed, replication=1)

    tonnes = [math.fsum(r.tonnes for r in o.routes) for o in (outcome, other)]
    assert tonnes[0] != tonnes[1]
    assert tonnes[0] == pytest.approx(tonnes[1], rel=0.03)


def test_an_opening_beyond_the_horizon_leaves_no_trace(scenario: Scenario) -> None:
    late = overlay(scenario, {"openings.new_line.opens_year": 2040.0})

    outcome = evaluate(late, scenario.run.seed)

    worlds = [
        [repr(r).replace(name, "") for r in outcome.routes if r.alternative == name]
        for name in ("without", "with")
    ]
    assert worlds[0] == worlds[1]


def test_dearer_trucks_lose_traffic(scenario: Scenario, outcome: Outcome) -> None:
    alternatives = {
        "dear": {"title": "dear", "overlay": {"tariffs.truck.per_truck_km": 14.0}}
    }
    dear = evaluate(
        overlay(scenario, {"alternatives": alternatives}), scenario.run.seed
    )

    def road(outcome: Outcome, name: str) -> float:
        chosen = rows(outcome, name, 2028)
        return math.fsum(r.tonnes for r in chosen if r.mode == "road")

    assert road(dear, "dear") < 0.9 * road(outcome, "without")


def test_progress_is_reported_once_a_year(scenario: Scenario) -> None:
    seen: list[int] = []

    evaluate(scenario, 1, on_year=lambda: seen.append(1))

    assert len(seen) == count_years(scenario)


@pytest.mark.parametrize("fidelity", ["event", "analytic"])
def test_worlds_that_share_their_past_are_what_each_is_alone(
    scenario: Scenario, fidelity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = {"openings.new_line.opens_year": 2028.2, "openings.new_line.is_built": True}
    laid = {
        "run.fidelity": fidelity,
        "run.simulate_years": "all",
        "alternatives.later": {"title": "later", "overlay": later},
    }
    three, took = overlay(scenario, laid), list[tuple[str, int]]()
    years = AnalyticYears if fidelity == "analytic" else _EventYears
    service = years.service

    def counted(self: Any, alternative: str, plan: Plan) -> Service:
        took.append((alternative, plan.span.year))
        return service(self, alternative, plan)

    monkeypatch.setattr(years, "service", counted)
    shared = evaluate(three, 1)
    once, took = took, []
    monkeypatch.setattr(years, "can_be_shared", False)

    assert repr(evaluate(three, 1)) == repr(shared)
    lived = [pair for pair in once if pair[0] != "base year"]
    assert lived == [
        *[("without", year) for year in (2026, 2027, 2028)],
        *[("with", year) for year in (2027, 2028)],
        ("later", 2028),
    ]
    assert len(took) == len(once) + 3
