"""How many lots come in a year, and what they would take as shippers remember it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, sums
from railsim.corridor.choosing.menus import Menus, menus_of_first_day
from railsim.corridor.choosing.weighing import chain_shares, remembered_costs
from railsim.corridor.tables import Plan
from railsim.corridor.time.moments import moments
from railsim.scenario.schema.demand import Annual, Listed, Poisson, Renewal
from railsim.units import MS_PER_DAY, MS_PER_HOUR


def hours_of_year(plan: Plan) -> float:
    """Length of the measured year."""
    return (plan.span.end_ms - plan.span.measure_ms) / MS_PER_HOUR


def lots_of_year(plan: Plan) -> Floats:
    """Expected lots of every flow in the measured year."""
    return np.array([_lots_of_flow(plan, f) for f in range(len(plan.flows.names))])


def _lots_of_flow(plan: Plan, f: int) -> float:
    arrivals, span = plan.flows.arrivals[f], plan.span
    hours = hours_of_year(plan)
    match arrivals:
        case Annual():
            first = (span.measure_ms - span.begin_ms) // MS_PER_DAY
            return float(np.sum(plan.lots_per_day[f][first:]))
        case Poisson():
            return arrivals.rate_per_h * hours
        case Renewal():
            gap, _ = moments(arrivals.gap, is_deterministic=plan.is_deterministic)
            return hours / gap
        case Listed():
            return float(sum(0.0 <= at < hours for at in arrivals.at_h))
        case _:
            return hours / arrivals.every_h


def shares_by_menu(plan: Plan, menus: Menus) -> Floats:
    """Shares of the chains in their flows at the times shippers remember."""
    if plan.choices.is_learning:
        return chain_shares(plan, menus, remembered_costs(plan))
    of, base = menus.of_member, plan.choices.offers.base_share[menus.member]
    total = sums(of, base, len(menus.flow))[of]
    even = 1.0 / np.diff(menus.begin)[of]
    shares = np.divide(base, total, out=even, where=total > 0.0)
    count = int(plan.flows.chain_begin[-1])
    return sums(menus.member, menus.weight[of] * shares, count)


@dataclass(frozen=True, slots=True)
class Contracts:
    """Shares of chains among those who keep their route, of whom `kept` by flow.

    Who finds the route of the year's first day closed later on chooses with the others.
    """

    shares: Floats
    kept: Floats


def read_contracts(plan: Plan) -> Contracts:
    """What shippers under contract take in the year."""
    span, offers = plan.span, plan.choices.offers
    open_ms = np.minimum(offers.open_until_ms, span.end_ms) - span.measure_ms
    open_share = np.clip(open_ms / (span.end_ms - span.measure_ms), 0.0, 1.0)
    shares = shares_by_menu(plan, menus_of_first_day(plan))
    shares *= open_share[: len(shares)]
    flow = plan.chains.flow[: len(shares)]
    total = np.bincount(flow, shares, len(plan.flows.names))
    kept = plan.choices.tastes.contract_share * total
    return Contracts(shares / np.where(total > 0.0, total, 1.0)[flow], kept)
