"""Rivals for the same purse and the same lender: slower works, dearer works, less loan.

Works of the new lines have a clock of their own. While claims on the purse exceed it,
everyone gets the same share of what is claimed: the clock runs at that share of its
speed and the works end so much later. Rivals are taken as they are announced. Prices
rise by `price_response` for every excess claim as large as the purse.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from railsim.formulas.delivery import spent_share
from railsim.project.delivery.spending import edges_of, spent_by
from railsim.project.halves import PER_YEAR, Halves
from railsim.scenario.schema.worth.budget import Budget
from railsim.scenario.schema.worth.delivery import Curve
from railsim.traffic import Floats


@dataclass(frozen=True, slots=True)
class MainWorks:
    """What the main works of a project would spend if nobody else wanted money."""

    curve: Curve
    start: float
    end: float
    cost_usd: float
    is_dated: bool
    """The opening is set by the scenario: works cannot slow down."""


@dataclass(frozen=True, slots=True)
class Pressure:
    """What rivals do to works."""

    clocks: Mapping[str, Floats]
    """Project -> at the edges of half-years, the time its works have come to."""
    price_factors: Floats
    """One a half-year."""


def no_pressure(works: Mapping[str, MainWorks], halves: Halves) -> Pressure:
    """Nobody else wants anything."""
    clocks = dict.fromkeys(works, edges_of(halves))
    return Pressure(clocks, np.ones(halves.count))


def pressure_of(
    budget: Budget, works: Mapping[str, MainWorks], halves: Halves
) -> Pressure:
    """Let the clocks of all works run through the half-years side by side."""
    purse, rivals = purse_usd(budget, halves), claims_usd(budget, halves, "state")
    others = _total(rivals, halves.count).tolist()
    edges = edges_of(halves)
    clocks = {name: [float(edges[0])] for name in works}
    factors = []
    for have, claimed in zip(purse.tolist(), others, strict=True):
        wanted = [_wanted(works[name], clocks[name][-1]) for name in works]
        asked = claimed + budget.project_state_share * math.fsum(wanted)
        speed = min(1.0, have / asked) if asked > 0 else 1.0
        for name, clock in clocks.items():
            is_free = works[name].is_dated or clock[-1] < works[name].start
            clock.append(clock[-1] + (1.0 if is_free else speed) / PER_YEAR)
        factors.append(1.0 + budget.price_response * max(0.0, asked / have - 1.0))
    return Pressure({n: np.array(c) for n, c in clocks.items()}, np.array(factors))


def _wanted(works: MainWorks, clock: float) -> float:
    """What works would spend in the next half-year at full speed."""
    profile, params = works.curve.law()
    span = works.end - works.start
    now, then = (
        spent_share(profile, params, (t - works.start) / span)
        for t in (clock, clock + 1.0 / PER_YEAR)
    )
    return works.cost_usd * (then - now)


def slowed_years(clock: Floats, edges: Floats, end: float) -> float:
    """How much later works end than by their clock; after the horizon at full speed."""
    if end <= clock[0]:
        return 0.0
    beyond = max(0.0, end - float(clock[-1]))
    reached = float(np.interp(end - beyond, clock, edges))
    return reached + beyond - end


def purse_usd(budget: Budget, halves: Halves) -> Floats:
    """The purse of each half-year."""
    growth = (1.0 + budget.envelope_growth) ** (halves.years - budget.base_year)
    return np.asarray(budget.envelope_usd * growth / PER_YEAR)


def ceiling_usd(budget: Budget, halves: Halves) -> Floats:
    """The most that the lender gives in each half-year."""
    growth = (1.0 + budget.lender_growth) ** (halves.years - budget.base_year)
    return np.asarray(budget.lender_ceiling_usd * growth / PER_YEAR)


def claims_usd(budget: Budget, halves: Halves, payer: str) -> dict[str, Floats]:
    """Rival -> what it wants of the state or the lender (`payer`) in each half-year."""
    edges = edges_of(halves)
    return {
        name: claim.cost_usd
        * (claim.state_share if payer == "state" else claim.lender_share)
        * np.diff(spent_by(claim.curve, claim.start_year, claim.end_year, edges))
        for name, claim in budget.claims.items()
    }


def lender_share_left(budget: Budget, halves: Halves, spent_usd: Floats) -> float:
    """What the lender grants of the loan that works want: 1 where it has enough.

    `spent_usd` real spending of all new lines, a half-year each.
    """
    wanted = budget.project_lender_share * spent_usd
    if wanted.sum() == 0:
        return 1.0
    claimed = wanted + _total(claims_usd(budget, halves, "lender"), halves.count)
    ceiling = ceiling_usd(budget, halves)
    granted = wanted * np.minimum(1.0, ceiling / np.maximum(claimed, ceiling))
    return float(granted.sum() / wanted.sum())


def _total(claims: Mapping[str, Floats], count: int) -> Floats:
    return np.asarray(np.sum([np.zeros(count), *claims.values()], axis=0))
