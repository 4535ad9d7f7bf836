"""Shares of a whole year at given times, without a simulation."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping

from railsim.corridor.choosing.utility import inclusion, is_open, route_shares
from railsim.corridor.tables import Choices, Plan
from railsim.units import MONTHS_PER_YEAR


def yearly_shares(plan: Plan, f: int, costs: Mapping[int, float]) -> dict[int, float]:
    """Share of each chain of flow f in a year, at generalised costs in US$ per TEU.

    The mean over the middles of the months, in which routes may open and become
    known; chains that nobody can take have none.
    """
    span, found = plan.span, defaultdict[int, list[float]](list)
    month_ms = (span.end_ms - span.measure_ms) / MONTHS_PER_YEAR
    weights: dict[tuple[int, ...], list[float]] = defaultdict(list)
    for month in range(MONTHS_PER_YEAR):
        at_ms = span.measure_ms + round((month + 0.5) * month_ms)
        for offer, weight in _offers(plan.choices, plan.flows.chains(f), at_ms):
            weights[offer].append(weight / MONTHS_PER_YEAR)
    for offer, parts in weights.items():
        shares = route_shares(plan.choices, f, [*offer], [costs[c] for c in offer])
        for c, share in zip(offer, shares.shares, strict=True):
            found[c].append(math.fsum(parts) * share)
    return {c: math.fsum(parts) for c, parts in found.items()}


def _offers(
    choices: Choices, chains: range, at_ms: int
) -> list[tuple[tuple[int, ...], float]]:
    """The sets of routes that shippers consider at an instant, with their shares.

    Who considers a route considers all that are better known.
    """
    known = {
        c: inclusion(choices, c, at_ms) for c in chains if is_open(choices, c, at_ms)
    }
    levels = sorted(set(known.values()))
    bounds = [0.0, *levels[:-1], 1.0]
    return [
        (tuple(c for c in known if known[c] >= level), bounds[i + 1] - bounds[i])
        for i, level in enumerate(levels)
    ]
