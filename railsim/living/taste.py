"""Shippers' taste, found once on the base year with its observed shares."""

from __future__ import annotations

import math

from railsim.corridor.choosing.learning import (
    anchor_costs,
    calibrate,
    correct,
    own_elasticities,
)
from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import Service
from railsim.living.learning import learn_from
from railsim.living.years import Years
from railsim.outcome import CalibrationRow
from railsim.scenario import Scenario


def calibrate_base_year(
    scenario: Scenario, years: Years
) -> tuple[Memory, tuple[CalibrationRow, ...]]:
    """Find the taste that explains the observed shares of the base year.

    The year runs first at those shares, then as often as the scenario asks with
    shippers who learn, moving the constants by what the shares still miss.
    """
    first, state = scenario.run.first_year, planned_state(scenario)
    plan = make_plan(scenario, state, first, Memory())
    service = years.service("base year", plan)
    memory = learn_from(scenario, plan, service, Memory())
    plan = make_plan(scenario, state, first, memory)
    memory = calibrate(scenario, plan, memory)
    for _ in range(calibration_rounds(scenario)):
        plan = make_plan(scenario, state, first, memory)
        service = years.service("base year", plan)
        memory = correct(scenario, plan, memory, service.routes.lots.tolist())
    plan = make_plan(scenario, state, first, memory)
    return anchor_costs(plan, memory), _calibration_rows(plan, memory, service)


def calibration_rounds(scenario: Scenario) -> int:
    """Closed forms at the observed shares are met exactly in the first."""
    is_analytic = scenario.run.fidelity == "analytic"
    return 0 if is_analytic else scenario.choice.calibration_rounds


def _calibration_rows(
    plan: Plan, memory: Memory, service: Service
) -> tuple[CalibrationRow, ...]:
    elasticity, rows = own_elasticities(plan).tolist(), []
    for c, f in enumerate(plan.chains.flow.tolist()):
        if f < 0:
            continue
        total = float(service.routes.kg[plan.flows.chains(f)].sum())
        key = (plan.flows.names[f], plan.chains.route[c])
        rows.append(
            CalibrationRow(
                *key,
                base_share=float(plan.choices.offers.base_share[c]),
                model_share=float(service.routes.kg[c]) / total if total else math.nan,
                asc=memory.asc[key],
                own_elasticity=elasticity[c],
            )
        )
    return tuple(rows)


def elasticity_warnings(
    scenario: Scenario, calibration: tuple[CalibrationRow, ...]
) -> tuple[str, ...]:
    """One line on the rail routes whose own elasticity is outside the usual range."""
    low, high = scenario.choice.elasticity_usual
    rail = [
        row
        for row in calibration
        if row.base_share > 0.0 and scenario.routes[row.route].mode == "rail"
    ]
    odd = [row for row in rail if not low <= row.own_elasticity <= high]
    if not odd:
        return ()
    oddest = max(odd, key=lambda row: max(low - row.own_elasticity, row.own_elasticity))
    return (
        f"W020 {len(odd)} of {len(rail)} rail routes of single flows have an own-cost "
        f"elasticity outside {low:g} to {high:g}, {oddest.flow} on {oddest.route} one "
        f"of {oddest.own_elasticity:.2f}; all are in calibration.csv",
    )
