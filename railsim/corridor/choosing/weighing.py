"""What whole years of shippers weigh and choose: the formulas of `utility` on arrays.

Flows stand in the order of a plan, chains are those of its flows, one after another.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints, sums
from railsim.corridor.choosing.elementwise import exp_of, expm1_of, log_of
from railsim.corridor.choosing.menus import Menus
from railsim.corridor.tables import Choices, Plan
from railsim.units import DAYS_PER_YEAR, HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class ChainTimeCosts:
    """What time costs on every chain, US$ per TEU, part by part."""

    inventory: Floats
    decay: Floats
    schedule: Floats
    safety: Floats

    @property
    def total(self) -> Floats:
        """All parts."""
        return self.inventory + self.decay + self.schedule + self.safety


def weigh_times(plan: Plan, mean_h: Floats, sd_h: Floats) -> ChainTimeCosts:
    """Time costs of every chain at its door-to-door time; NaN where that is NaN."""
    tastes, offers = plan.choices.tastes, plan.choices.offers
    flow = plan.chains.flow[: len(offers.asc)]
    days, deviation = mean_h / HOURS_PER_DAY, sd_h / HOURS_PER_DAY
    value, demand = tastes.value_usd[flow], tastes.demand_per_day[flow]
    spread, demand_sd = demand * deviation, tastes.demand_sd[flow]
    varying = days * (demand_sd * demand_sd) + spread * spread
    stock = tastes.service_factor[flow] * np.sqrt(varying)
    wait_days = np.where(np.isnan(days), np.nan, offers.headway_days / 2.0)
    return ChainTimeCosts(
        inventory=value * tastes.inventory_rate[flow] * days / DAYS_PER_YEAR,
        decay=-value * expm1_of(-offers.decay_per_day * days),
        schedule=tastes.schedule_usd_per_day[flow] * wait_days,
        safety=tastes.holding_rate[flow] * value * stock / (DAYS_PER_YEAR * demand),
    )


def costs_at(plan: Plan, mean_h: Floats, sd_h: Floats) -> Floats:
    """Generalised cost of every chain at given times, US$ per TEU."""
    return plan.choices.offers.money_usd + weigh_times(plan, mean_h, sd_h).total


def remembered_costs(plan: Plan) -> Floats:
    """Generalised cost of every chain at the times that shippers remember."""
    offers = plan.choices.offers
    return costs_at(plan, offers.perceived_h, offers.perceived_sd_h)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Shares of the members of menus, and what each menu is worth in utils."""

    shares: Floats
    worth: Floats


def choose(choices: Choices, menus: Menus, cost: Floats) -> Chosen:
    """What shippers take of every menu, at a generalised cost of each chain."""
    offers, member, of = choices.offers, menus.member, menus.of_member
    theta = choices.tastes.theta[menus.flow][of]
    utility = offers.asc[member] - theta * cost[member]
    if choices.model == "aon":
        return _cheapest(menus, utility, cost[member])
    nest, scale = np.zeros_like(member), np.ones(1)
    if choices.model == "nested":
        nest, scale = offers.nest[member], choices.nest_scale
    count, group = len(menus.flow), of * len(scale) + nest
    within, inclusive = _softmax(utility / scale[nest], group, count * len(scale))
    tops = (inclusive.reshape(count, len(scale)) * scale).ravel()
    top, worth = _softmax(tops, np.repeat(np.arange(count), len(scale)), count)
    return Chosen(within * top[group], worth)


def chain_shares(plan: Plan, menus: Menus, cost: Floats) -> Floats:
    """Share of each chain in its flow's year; chains on no menu have none."""
    shares = choose(plan.choices, menus, cost).shares
    weights = menus.weight[menus.of_member] * shares
    return sums(menus.member, weights, len(cost))


def composite_costs(plan: Plan, menus: Menus, cost: Floats) -> Floats:
    """-logsum / theta of each flow's year, US$ per TEU, from an arbitrary origin.

    Only differences mean anything (Small and Rosen 1981); NaN where no route is open or
    cost does not matter.
    """
    theta = plan.choices.tastes.theta
    worth = choose(plan.choices, menus, cost).worth
    total = sums(menus.flow, menus.weight * worth, len(theta))
    is_known = np.bincount(menus.flow, minlength=len(theta)) > 0
    is_known &= theta != 0.0
    nothing = np.full(len(theta), np.nan)
    found: Floats = np.divide(-total, theta, out=nothing, where=is_known)
    return found


def _cheapest(menus: Menus, utility: Floats, cost: Floats) -> Chosen:
    """All to the cheapest, the first of equals."""
    best = np.lexsort((cost, menus.of_member))[menus.begin[:-1]]
    shares = np.zeros(len(utility))
    shares[best] = 1.0
    return Chosen(shares, utility[best])


def _softmax(values: Floats, group: Ints, count: int) -> tuple[Floats, Floats]:
    """Shares of values within their groups, and the log-sum-exp of each group."""
    high = np.full(count, -np.inf)
    np.maximum.at(high, group, values)
    raised = exp_of(values - high[group])
    total = sums(group, raised, count)
    return raised / total[group], high + log_of(total)
