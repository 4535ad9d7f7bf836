"""Generalised cost and choice: what a route is worth to those who ship.

GC = money + inventory + decay + schedule delay + safety stock, US$ per TEU (Baumol &
Vinod 1970; Small 1982; Fetter & Dalleck 1961); shares by nested logit (Ben-Akiva &
Lerman 1985). Scalar arithmetic only, so that every engine and machine agrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from railsim.corridor.tables import Choices
from railsim.formulas.choice import logsumexp, softmax
from railsim.units import DAYS_PER_YEAR, HOURS_PER_DAY


@dataclass(frozen=True, slots=True)
class TimeCosts:
    """What time costs a shipper, US$ per TEU, part by part."""

    inventory: float
    decay: float
    schedule: float
    safety: float

    @property
    def total(self) -> float:
        """All parts."""
        return self.inventory + self.decay + self.schedule + self.safety


def time_costs(
    choices: Choices, f: int, c: int, mean_h: float, sd_h: float
) -> TimeCosts:
    """Time costs of chain c for flow f at a door-to-door time of mean and deviation.

    The simulated time holds the wait for a departure, so half a headway enters the
    schedule cost only.
    """
    value = float(choices.tastes.value_usd[f])
    days, deviation = mean_h / HOURS_PER_DAY, sd_h / HOURS_PER_DAY
    demand = float(choices.tastes.demand_per_day[f])
    demand_sd, spread = float(choices.tastes.demand_sd[f]), demand * deviation
    stock = float(choices.tastes.service_factor[f]) * math.sqrt(
        days * (demand_sd * demand_sd) + spread * spread
    )
    wait_days = float(choices.offers.headway_days[c]) / 2.0
    return TimeCosts(
        inventory=value
        * float(choices.tastes.inventory_rate[f])
        * days
        / DAYS_PER_YEAR,
        decay=-value * math.expm1(-float(choices.offers.decay_per_day[c]) * days),
        schedule=float(choices.tastes.schedule_usd_per_day[f]) * wait_days,
        safety=float(choices.tastes.holding_rate[f])
        * value
        * stock
        / (DAYS_PER_YEAR * demand),
    )


def generalised_cost(
    choices: Choices, f: int, c: int, mean_h: float, sd_h: float
) -> float:
    """Money and time costs of chain c, US$ per TEU."""
    return (
        float(choices.offers.money_usd[c])
        + time_costs(choices, f, c, mean_h, sd_h).total
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the offered chains, and what the whole offer is worth in utils."""

    shares: list[float]
    logsum: float


def route_shares(
    choices: Choices, f: int, chains: list[int], gc: list[float]
) -> Shares:
    """Shares among the chains on offer at their generalised costs."""
    theta = float(choices.tastes.theta[f])
    utility = [
        float(choices.offers.asc[c]) - theta * cost
        for c, cost in zip(chains, gc, strict=True)
    ]
    if choices.model == "aon":
        best = gc.index(min(gc))
        return Shares([float(i == best) for i in range(len(gc))], utility[best])
    if choices.model == "mnl":
        return Shares(softmax(utility), logsumexp(utility))
    return _nested(utility, [int(choices.offers.nest[c]) for c in chains], choices)


def _nested(utility: list[float], nest: list[int], choices: Choices) -> Shares:
    """Top-normalised nested logit over the nests that have a route on offer."""
    scale = choices.nest_scale.tolist()
    present = sorted(set(nest))
    inner = {
        n: [v / scale[n] for v, m in zip(utility, nest, strict=True) if m == n]
        for n in present
    }
    tops = [scale[n] * logsumexp(inner[n]) for n in present]
    top = dict(zip(present, softmax(tops), strict=True))
    within = {n: iter(softmax(inner[n])) for n in present}
    return Shares([next(within[n]) * top[n] for n in nest], logsumexp(tops))


def is_open(choices: Choices, c: int, at_ms: int) -> bool:
    """Can chain c be taken at an instant?"""
    offers = choices.offers
    return bool(offers.open_from_ms[c] <= at_ms < offers.open_until_ms[c])


def inclusion(choices: Choices, c: int, at_ms: int) -> float:
    """Share of shippers who consider a route: 1 - exp(-t / ramp), 1 if it is old."""
    ramp = int(choices.offers.ramp_ms[c])
    if ramp == 0:
        return 1.0
    return -math.expm1(-(at_ms - int(choices.offers.open_from_ms[c])) / ramp)
