"""The analytic fidelity at single places, beside the textbook and beside events.

Nothing is scaled: every kappa is 1. One server, a door and the time to the next train
are exact; for the rest `Case.accuracy_h` says what is known of the formula.
"""

from __future__ import annotations

from collections.abc import Iterator

from railsim.corridor.tables import Plan
from railsim.engine.analytic import prepare_year, serve, solve
from railsim.scenario import load_scenario, overlay
from railsim.study.verification.checks import Check
from railsim.study.verification.queues import (
    WORLD,
    cases,
    mean_and_allowed,
    run_year,
)

_QUICK, _FULL = 10.0, 50.0  # lots an hour, a year long
_ROUNDING = 1e-9  # relative


def check_closed_forms(*, is_quick: bool, seed: int) -> Iterator[Check]:
    """Two checks a queue: the mean wait beside the known one, and events beside it."""
    world = load_scenario(WORLD)
    for case in cases(_QUICK if is_quick else _FULL):
        plan, draws, log = run_year(overlay(world, case.laid), seed, "compiled")
        solved = solved_wait_h(plan, case.resource)
        allowed = case.accuracy_h + _ROUNDING * case.expected_h
        claim = f"{case.name}: mean wait by closed forms, h"
        yield _beside(claim, case.expected_h, solved, allowed)
        mean, allowed = mean_and_allowed(case, plan, log)
        claim = f"{case.name}: mean wait of {len(draws.lots.flow):,} lots, h"
        yield _beside(claim, solved, mean, allowed + case.accuracy_h)


def solved_wait_h(plan: Plan, resource: str) -> float:
    """Mean wait at a resource as the analytic fidelity offers it, unscaled."""
    year = prepare_year(plan, {})
    service = serve(year, solve(year.model))
    return float(service.resources.wait_mean_h[plan.resources.names.index(resource)])


def _beside(claim: str, expected: float, found: float, allowed: float) -> Check:
    return Check(
        group="closed forms against events",
        claim=claim,
        expected=f"{expected:.5g}",
        found=f"{found:.5g}",
        allowed=f"{allowed:.2g}",
        is_passed=abs(found - expected) <= allowed,
    )
