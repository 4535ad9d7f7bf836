"""How the cost of a project falls on half-years: S-curves, components, retention."""

from __future__ import annotations

import math

import numpy as np

from railsim.formulas.delivery import spent_share
from railsim.project.halves import Halves
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.worth.delivery import Curve
from railsim.scenario.schema.worth.projects import Amount, Project, Retention
from railsim.traffic import Floats


def horizon_halves(world: Scenario) -> Halves:
    """The half-years of the run."""
    return Halves.of_years(world.run.first_year, world.run.last_year)


def approved_usd(world: Scenario, project: Project) -> dict[str, float]:
    """Component -> its part of the approved total, in dollars.

    The project says which of its two stated amounts counts; dong become dollars at the
    rate of `economy`, for the total and its components alike.
    """
    total = _usd(world, project, project.capex)
    own = {
        name: _usd(world, project, component.amount)
        for name, component in project.components.items()
        if component.amount is not None
    }
    shared = total - math.fsum(own.values())
    return {
        name: own[name] if component.share is None else component.share * shared
        for name, component in project.components.items()
    }


def _usd(world: Scenario, project: Project, amount: Amount) -> float:
    if project.capex_currency_basis == "usd":
        return amount.usd
    return amount.vnd / world.economy.vnd_per_usd


def edges_of(halves: Halves) -> Floats:
    """Decimal years at which half-years meet, both ends included."""
    return np.append(halves.begins, halves.ends[-1])


def spent_by(curve: Curve, start: float, end: float, at: Floats) -> Floats:
    """Share of a cost that is spent by decimal years `at`: 0 before, 1 after works."""
    profile, params = curve.law()
    reached = np.clip((at - start) / (end - start), 0.0, 1.0)
    spent = reached.copy()
    is_under_way = (reached > 0.0) & (reached < 1.0)
    spent[is_under_way] = [
        spent_share(profile, params, t) for t in reached[is_under_way].tolist()
    ]
    return spent


def paid_by(
    curve: Curve, start: float, end: float, at: Floats, retention: Retention | None
) -> Floats:
    """As `spent_by`, a part of every payment held back."""
    if retention is None:
        return spent_by(curve, start, end, at)
    at_once = spent_by(curve, start, end, at)
    later = spent_by(curve, start, end, at - retention.lag_years)
    return np.asarray((1.0 - retention.share) * at_once + retention.share * later)


def of_halves(paid: Floats) -> Floats:
    """Payments of half-years from cumulative payments at their edges.

    What was paid before the first half is booked in it, so that nothing is lost.
    """
    halves = np.diff(paid)
    halves[0] += paid[0]
    return np.asarray(halves)
