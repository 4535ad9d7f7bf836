"""Who chooses among what in a year: pieces of the year, and who knows a new route.

Openings and closings cut the year into pieces. Within a piece a new route is known to
R = 1 - exp(-t / ramp) of all shippers, t from its opening to the middle of the piece;
as one number of each shipper ranks all routes, whoever knows a route knows those that
are better known. With one opening that is T (w P_with + (1 - w) P_without), w the
`annual_inclusion` of MODEL specification 6.6.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, joined
from railsim.corridor.choosing.elementwise import expm1_of
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import NEVER_MS, decimal_year
from railsim.sharing import once_for
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY

CLOSED = -1.0  # known to less than nobody


@dataclass(frozen=True, slots=True)
class Menus:
    """Menus in turn, flow by flow.

    A `weight[p]` of the shippers of `flow[p]` chooses among the chains
    `member[begin[p] : begin[p + 1]]`.
    """

    flow: Ints
    weight: Floats
    begin: Ints
    member: Ints

    @property
    def of_member(self) -> Ints:
        """The menu that each member is on."""
        return np.repeat(np.arange(len(self.flow)), np.diff(self.begin))


@once_for("span", "chains", "flows", "choices", most=4)
def menus_of_year(plan: Plan) -> Menus:
    """All menus; the weights of a flow sum to 1 while a route is open."""
    return _in_turn([level for span in _pieces(plan) for level in _menus(plan, *span)])


def menus_of_first_day(plan: Plan) -> Menus:
    """What those chose among who decided on the first day of the year."""
    offers, at_ms = plan.choices.offers, plan.span.measure_ms
    ramp = np.where(offers.ramp_ms > 0, offers.ramp_ms, 1)
    known = -expm1_of(np.minimum((offers.open_from_ms - at_ms) / ramp, 0.0))
    return _in_turn([*_by_knowledge(plan, _where_open(plan, known, at_ms), 1.0)])


class _Level(NamedTuple):
    """A menu for each of some flows, their members in turn."""

    flow: Ints
    weight: Floats
    length: Ints
    member: Ints


def _pieces(plan: Plan) -> Iterator[tuple[int, int]]:
    """The year, cut wherever a route opens or closes."""
    span, offers = plan.span, plan.choices.offers
    cuts = np.concatenate([offers.open_from_ms, offers.open_until_ms])
    inside = cuts[(span.measure_ms < cuts) & (cuts < span.end_ms)]
    return pairwise([span.measure_ms, *np.unique(inside).tolist(), span.end_ms])


def _menus(plan: Plan, begin_ms: int, end_ms: int) -> Iterator[_Level]:
    begin, end = decimal_year(begin_ms), decimal_year(end_ms)
    known = _known_share(plan, (begin + end) / 2.0)
    return _by_knowledge(plan, _where_open(plan, known, begin_ms), end - begin)


def _known_share(plan: Plan, year: float) -> Floats:
    """Share of shippers who would consider each chain, in years of the calendar."""
    offers = plan.choices.offers
    ramp_years = offers.ramp_ms / (DAYS_PER_YEAR * MS_PER_DAY)
    age = np.zeros(len(ramp_years))
    for opens_ms in {*offers.open_from_ms[offers.ramp_ms > 0].tolist()} - {NEVER_MS}:
        age[offers.open_from_ms == opens_ms] = decimal_year(opens_ms) - year
    ramp = np.where(ramp_years > 0.0, ramp_years, 1.0)
    return -expm1_of(np.minimum(age / ramp, 0.0))


def _where_open(plan: Plan, known: Floats, at_ms: int) -> Floats:
    """The same, everybody for chains without a ramp, for closed ones `CLOSED`."""
    offers = plan.choices.offers
    is_open = (offers.open_from_ms <= at_ms) & (at_ms < offers.open_until_ms)
    return np.where(is_open, np.where(offers.ramp_ms > 0, known, 1.0), CLOSED)


def _by_knowledge(plan: Plan, known: Floats, weight: float) -> Iterator[_Level]:
    """One menu for each level of knowledge; the best known route is known to all."""
    flow = plan.chains.flow[: len(known)]
    below = np.zeros(len(plan.flows.names))
    for level in np.unique(known[known != CLOSED]).tolist():
        has = _has(flow[known == level], len(below))
        yield _level(flow, has, weight * (level - below), known >= level)
        below[has] = level
    has = _has(flow[known != CLOSED], len(below)) & (below < 1.0)
    yield _level(flow, has, weight * (1.0 - below), known == below[flow])


def _has(flow: Ints, count: int) -> Flags:
    """Which of so many flows are among these."""
    found = np.zeros(count, dtype=np.bool_)
    found[flow] = True
    return found


def _level(flow: Ints, has: Flags, weight: Floats, is_member: Flags) -> _Level:
    """A menu for each flow that `has` one, with those of its chains that are on it."""
    member = np.flatnonzero(is_member & has[flow])
    count = np.bincount(flow[member], minlength=len(has))
    return _Level(np.flatnonzero(has), weight[has], count[has], member)


def _in_turn(levels: Sequence[_Level]) -> Menus:
    """The menus of all levels flow by flow, in a flow as they come."""
    flow = joined([level.flow for level in levels], np.int64)
    count = joined([level.length for level in levels], np.int64)
    member = joined([level.member for level in levels], np.int64)
    order = np.argsort(flow, kind="stable")
    first, length = (np.cumsum(count) - count)[order], count[order]
    begin = np.concatenate([[0], np.cumsum(length)])
    place = np.repeat(first - begin[:-1], length) + np.arange(len(member))
    weight = joined([level.weight for level in levels], np.float64)
    return Menus(flow[order], weight[order], begin, member[place])
