"""Who chooses among what in a year: pieces of the year, and who knows a new route.

Openings and closings cut the year into pieces. Within a piece a new route is known to
R = 1 - exp(-t / ramp) of all shippers, t from its opening to the middle of the piece;
as one number of each shipper ranks all routes, whoever knows a route knows those that
are better known. With one opening that is T (w P_with + (1 - w) P_without), w the
`annual_inclusion` of MODEL specification 6.6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from railsim.corridor.choosing.utility import inclusion, is_open, route_shares
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import decimal_year
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY


@dataclass(frozen=True, slots=True)
class Menu:
    """The routes that a share of a year's shippers of a flow chooses among."""

    flow: int
    weight: float
    chains: tuple[int, ...]


def menus_of_year(plan: Plan) -> list[Menu]:
    """All menus, flow by flow; the weights of a flow sum to 1 while a route is open."""
    pieces = list(_pieces(plan))
    return [
        menu
        for f in range(len(plan.flows.names))
        for begin, end in pieces
        for menu in _menus(plan, f, begin, end)
    ]


def menus_of_contracts(plan: Plan) -> list[Menu]:
    """What those chose among who keep the routes of the year's first day."""
    at_ms = plan.span.measure_ms
    return [
        menu
        for f in range(len(plan.flows.names))
        for menu in _by_knowledge(
            f,
            1.0,
            {c: inclusion(plan.choices, c, at_ms) for c in _open(plan, f, at_ms)},
        )
    ]


def composite_cost(
    plan: Plan, menus: Sequence[Menu], cost: Callable[[int], float]
) -> float:
    """-logsum / theta of a flow's year, US$ per TEU, from an arbitrary origin.

    `menus` are those of one flow, `cost` gives the generalised cost of a chain. Only
    differences mean anything (Small and Rosen 1981); NaN where no route is open or cost
    does not matter.
    """
    f = menus[0].flow if menus else 0
    theta = float(plan.choices.tastes.theta[f])
    if theta == 0.0 or not menus:
        return math.nan
    worth = math.fsum(
        menu.weight
        * route_shares(
            plan.choices, f, list(menu.chains), [cost(c) for c in menu.chains]
        ).logsum
        for menu in menus
    )
    return -worth / theta


def chain_shares(
    plan: Plan, menus: Sequence[Menu], cost: Callable[[int], float]
) -> dict[int, float]:
    """Share of each chain in a flow's year; chains on no menu have none."""
    found: dict[int, list[float]] = {}
    for menu in menus:
        costs = [cost(c) for c in menu.chains]
        shares = route_shares(plan.choices, menu.flow, list(menu.chains), costs).shares
        for c, share in zip(menu.chains, shares, strict=True):
            found.setdefault(c, []).append(menu.weight * share)
    return {c: math.fsum(parts) for c, parts in found.items()}


def _pieces(plan: Plan) -> Iterator[tuple[int, int]]:
    """The year, cut wherever a route opens or closes."""
    span, offers = plan.span, plan.choices.offers
    cuts = {*offers.open_from_ms.tolist(), *offers.open_until_ms.tolist()}
    inside = {cut for cut in cuts if span.measure_ms < cut < span.end_ms}
    return pairwise(sorted({span.measure_ms, *inside, span.end_ms}))


def _menus(plan: Plan, f: int, begin_ms: int, end_ms: int) -> Iterator[Menu]:
    begin, end = decimal_year(begin_ms), decimal_year(end_ms)
    known = {
        c: _known_share(plan, c, (begin + end) / 2.0) for c in _open(plan, f, begin_ms)
    }
    return _by_knowledge(f, end - begin, known)


def _open(plan: Plan, f: int, at_ms: int) -> list[int]:
    return [c for c in plan.flows.chains(f) if is_open(plan.choices, c, at_ms)]


def _known_share(plan: Plan, c: int, year: float) -> float:
    """Share of shippers who consider a route, in years of the calendar."""
    offers = plan.choices.offers
    ramp_years = float(offers.ramp_ms[c]) / (DAYS_PER_YEAR * MS_PER_DAY)
    if ramp_years == 0.0:
        return 1.0
    return -math.expm1((decimal_year(int(offers.open_from_ms[c])) - year) / ramp_years)


def _by_knowledge(f: int, weight: float, known: dict[int, float]) -> Iterator[Menu]:
    """One menu for each level of knowledge; the best known route is known to all."""
    below = 0.0
    for level in sorted(set(known.values())):
        chains = tuple(c for c, share in known.items() if share >= level)
        yield Menu(f, weight * (level - below), chains)
        below = level
    if known and below < 1.0:
        best = tuple(c for c, share in known.items() if share == below)
        yield Menu(f, weight * (1.0 - below), best)
