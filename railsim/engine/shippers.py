"""Shippers: which route a lot takes, and how they learn from what arrived.

Utility of a route = constant - theta * (money + time costs at the perceived time). The
perceived mean and deviation move at every midnight towards what the lots delivered
that day met, with weight `learning_per_day` (MODEL specification 1.4, 5.1, 5.5).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from itertools import accumulate

from railsim.corridor.choosing.utility import (
    generalised_cost,
    inclusion,
    is_open,
    route_shares,
)
from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import NEVER_MS
from railsim.engine.draws import Draws
from railsim.units import MS_PER_HOUR

Table = tuple[list[int], list[float]]  # chains, cumulative shares
Tables = tuple[list[float], list[Table]]  # levels of inclusion, a table for each


class Shippers:
    """Perceptions of all routes and the share tables of the day."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self._plan = plan
        self._choices = plan.choices
        self._begin = plan.flows.chain_begin.tolist()
        self._lot_flow = draws.lots.flow.tolist()
        self._choice = draws.lots.choice.tolist()
        self._contract = draws.lots.contract.tolist()
        self._ramp = draws.lots.ramp.tolist()
        self._arrival_ms = draws.lots.arrival_ms.tolist()
        chain_count = self._begin[-1]
        self.mean_h = plan.choices.offers.perceived_h.tolist()
        self.sd_h = plan.choices.offers.perceived_sd_h.tolist()
        self._day: list[list[float]] = [[] for _ in range(chain_count)]
        self._lots: list[list[int]] = [[] for _ in range(chain_count)]
        self._oldest = [0] * chain_count
        self.chain_of: dict[int, int] = {}
        self._contract_share = plan.choices.tastes.contract_share.tolist()
        self._open: set[int] = set()
        self._tables: list[Tables] = []
        self._renew(plan.span.begin_ms)
        self._contract_tables = self._tables

    def choose(self, lot: int) -> int | None:
        """The route of a new lot by its own choice number; None when none is open."""
        flow, chain = self._lot_flow[lot], None
        if self._contract[lot] < self._contract_share[flow]:
            chain = self._pick(self._contract_tables[flow], lot)
        if chain is None or chain not in self._open:
            chain = self._pick(self._tables[flow], lot)
        if chain is not None:
            self._enlist(lot, chain)
        return chain

    def choose_again(self, lot: int, chains: list[int], u: float) -> int:
        """Another route for a stranded lot among `chains`, by their shares."""
        shares = self._shares(self._lot_flow[lot], chains)
        reached = list(accumulate(shares))
        chain = chains[min(bisect_right(reached, u), len(chains) - 1)]
        self._enlist(lot, chain)
        return chain

    def is_available(self, chain: int, at_ms: int) -> bool:
        """Is a route open at an instant?"""
        return is_open(self._choices, chain, at_ms)

    def delivered(self, lot: int, at_ms: int) -> None:
        """A lot has arrived: the day's experience of its route."""
        chain = self.chain_of.pop(lot)
        if self._choices.is_learning:
            self._day[chain].append((at_ms - self._arrival_ms[lot]) / MS_PER_HOUR)

    def lost(self, lot: int) -> None:
        """A lot will not arrive."""
        self.chain_of.pop(lot, None)

    def learn(self, at_ms: int) -> None:
        """Midnight: perceive the day that ended, then share anew."""
        if not self._choices.is_learning:
            self._renew_if_openings_change(at_ms)
            return
        weight = self._choices.learning_per_day
        for chain, times in enumerate(self._day):
            if times:
                self._perceive(chain, times, weight)
                self._day[chain] = []
            else:
                self._perceive_stuck(chain, at_ms)
        self._renew(at_ms)

    def _enlist(self, lot: int, chain: int) -> None:
        self.chain_of[lot] = chain
        if self._choices.is_learning:
            self._lots[chain].append(lot)

    def _perceive(self, chain: int, times: list[float], weight: float) -> None:
        """Mixture of old perception and the day: mean and variance."""
        mean = math.fsum(times) / len(times)
        variance = math.fsum((t - mean) * (t - mean) for t in times) / len(times)
        step = mean - self.mean_h[chain]
        old = self.sd_h[chain] * self.sd_h[chain]
        spread = (1.0 - weight) * (old + weight * step * step) + weight * variance
        self.mean_h[chain] += weight * step
        self.sd_h[chain] = math.sqrt(spread)

    def _perceive_stuck(self, chain: int, at_ms: int) -> None:
        """A route is stuck when nothing arrives and its oldest lot is stranded.

        Then the age of that lot is a lower bound of the perceived time.
        """
        lots, i = self._lots[chain], self._oldest[chain]
        while i < len(lots) and self.chain_of.get(lots[i]) != chain:
            i += 1
        self._oldest[chain] = i
        if i < len(lots):
            age = (at_ms - self._arrival_ms[lots[i]]) / MS_PER_HOUR
            if age > self.mean_h[chain] + self._choices.stranded_ms / MS_PER_HOUR:
                self.mean_h[chain] = age

    def _renew_if_openings_change(self, at_ms: int) -> None:
        choices = self._choices
        if (choices.offers.ramp_ms > 0).any() or (
            choices.offers.open_until_ms < NEVER_MS
        ).any():
            self._renew(at_ms)

    def _renew(self, at_ms: int) -> None:
        """The share tables of a day: one for each level of inclusion of new routes."""
        self._open = {c for c in range(self._begin[-1]) if self.is_available(c, at_ms)}
        self._tables = [
            self._flow_tables(f, at_ms) for f in range(len(self._begin) - 1)
        ]

    def _flow_tables(self, f: int, at_ms: int) -> Tables:
        begin, end = self._begin[f], self._begin[f + 1]
        chains = [c for c in range(begin, end) if c in self._open]
        included = {c: inclusion(self._choices, c, at_ms) for c in chains}
        levels, tables = sorted(set(included.values())), []
        for level in levels:
            known = [c for c in chains if included[c] >= level]
            tables.append((known, list(accumulate(self._shares(f, known)))))
        return levels, tables

    def _pick(self, by_level: Tables, lot: int) -> int | None:
        """By the table of the routes this shipper considers; the best known at least.

        None when no route is open.
        """
        levels, tables = by_level
        if not tables:
            return None
        considered = min(bisect_right(levels, self._ramp[lot]), len(tables) - 1)
        chains, reached = tables[considered]
        return chains[min(bisect_right(reached, self._choice[lot]), len(chains) - 1)]

    def _shares(self, f: int, chains: list[int]) -> list[float]:
        if not self._choices.is_learning:
            base = [float(self._choices.offers.base_share[c]) for c in chains]
            total = math.fsum(base)
            return [b / total for b in base] if total > 0 else _even(len(chains))
        return self._modelled(f, chains)

    def _modelled(self, f: int, chains: list[int]) -> list[float]:
        costs = [
            generalised_cost(self._choices, f, c, self.mean_h[c], self.sd_h[c])
            for c in chains
        ]
        return route_shares(self._choices, f, chains, costs).shares


def _even(count: int) -> list[float]:
    return [1.0 / count] * count
