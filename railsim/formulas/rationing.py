"""How shippers divide when a route is short of room: by its rent or by its delay.

A capped route carries its capacity at the price that keeps the rest away (Bell 1995);
a congested one the flow whose delay calls forth just that flow (Horowitz 1984).
"""

import math
from collections.abc import Sequence
from typing import TypedDict

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
)
from railsim.formulas.choice import (
    check_route,
    logsumexp,
    mnl_shares,
    softmax,
    utilities,
)

CLAMP_SHARE = 0.999
BISECTIONS = 200


class CappedFlows(TypedDict):
    """The rent of the capped route and the flows it leaves."""

    shadow: float
    flows: list[float]


class FixedPoint(TypedDict):
    """Flow, cost and share at rest, and the averages on the way there."""

    x: float
    gc_rail: float
    share: float
    msa: list[float]


def capacitated_mnl(
    *,
    gc: Sequence[float],
    asc: Sequence[float],
    theta: float,
    demand: float,
    capacity: float,
    capped: int,
) -> CappedFlows:
    """Ration one route by the price which brings its flow down to its capacity.

    ``demand`` and ``capacity`` in the same unit of flow; ``shadow`` US$ per unit
    added to the capped route: [logit(P) - logit(capacity / demand)] / theta, and 0
    where the capacity suffices.
    Raises ValueError as ``mnl_shares``, or if capacity is not positive, capped is
    not a route, or no price can help (no other route, or theta 0).
    Source: Bell 1995, Stochastic user equilibrium assignment with queues.
    """
    utility = utilities(gc=gc, asc=asc, theta=theta)
    check_route("capped", capped, len(gc))
    require_nonnegative("demand", demand)
    require_positive("capacity", capacity)
    flows = [demand * share for share in softmax(utility)]
    if flows[capped] <= capacity:
        return {"shadow": 0.0, "flows": flows}
    if theta == 0:
        raise ValueError("theta must be above 0 where capacity binds, found 0")
    rest = [value for route, value in enumerate(utility) if route != capped]
    if not rest:
        raise ValueError(f"capacity must reach {demand} on the only route")
    spill = demand - capacity
    log_odds = utility[capped] - logsumexp(rest)
    shadow = max(0.0, (log_odds - math.log(capacity / spill)) / theta)
    flows = [spill * share for share in softmax(rest)]
    flows.insert(capped, float(capacity))
    return {"shadow": shadow, "flows": flows}


def congestion_fixed_point(
    *,
    demand: float,
    theta: float,
    gc_rail_free: float,
    gc_road: float,
    delay_usd_per_h: float,
    mu: float,
    msa_iters: int,
) -> FixedPoint:
    """Balance rail's flow against the delay it makes at an M/M/1 terminal.

    ``demand`` and ``mu`` units per h; x = demand * P(rail), rail cost = free + delay
    / (mu - x), where x counts at most as 0.999 mu: an x beyond that says that the
    terminal cannot carry it. ``msa`` lists successive averages from x = 0, steps
    1 / (k + 1). Raises ValueError if a number is negative or mu is 0.
    Source: Horowitz 1984; Cascetta 1989, stochastic equilibrium.
    """
    for name, value in (("gc_rail_free", gc_rail_free), ("gc_road", gc_road)):
        require_finite(name, value)
    for name, value in (("demand", demand), ("delay_usd_per_h", delay_usd_per_h)):
        require_nonnegative(name, value)
    require_positive("mu", mu)
    require_count("msa_iters", msa_iters, 0)

    def rail_cost(x: float) -> float:
        return gc_rail_free + delay_usd_per_h / (mu - min(x, CLAMP_SHARE * mu))

    def rail_share(x: float) -> float:
        costs = [rail_cost(x), gc_road]
        return mnl_shares(gc=costs, asc=[0.0, 0.0], theta=theta)[0]

    averages = [0.0]
    for k in range(1, int(msa_iters) + 1):
        last = averages[-1]
        averages.append(last + (demand * rail_share(last) - last) / (k + 1))
    low, high = 0.0, float(demand)
    for _ in range(BISECTIONS):
        x = (low + high) / 2.0
        low, high = (x, high) if demand * rail_share(x) > x else (low, x)
    x = (low + high) / 2.0
    share = rail_share(x)
    return {"x": x, "gc_rail": rail_cost(x), "share": share, "msa": averages[1:]}
