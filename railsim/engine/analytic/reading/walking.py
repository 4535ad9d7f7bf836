"""The steps of lots by closed forms: chance to visit, time there, what they ask for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.corridor.tables import Act, Plan, Unit
from railsim.corridor.time.moments import Moments, moments
from railsim.engine.analytic.kappas import Kappa
from railsim.engine.analytic.model import STEP, Rows, rows_of
from railsim.engine.analytic.reading.closures import Closures, regime_share
from railsim.engine.analytic.reading.counting import Count, counts_of_flow
from railsim.engine.analytic.reading.rides import Rides

Posts = dict[tuple[int, int], int]  # node and priority -> post
NOTHING = (0.0, 0.0, 0.0, 0.0)


def read_steps(
    plan: Plan,
    closures: Closures,
    rides: Rides,
    number: Ints,
    posts: Posts,
    kappas: Sequence[Kappa],
) -> tuple[Rows, list[int]]:
    """The steps of all chains of lots in turn, and where each chain begins."""
    reader = _Reader(plan, closures, rides, number, posts, kappas)
    rows: list[tuple[float, ...]] = []
    begin = [0]
    for f in range(len(plan.flows.names)):
        counts = counts_of_flow(plan, f)
        for c in plan.flows.chains(f):
            rows += reader.steps(f, c, counts)
            begin.append(len(rows))
    columns = np.array(rows, dtype=np.float64).reshape(-1, len(STEP)).T
    return rows_of(STEP, dict(zip(STEP, columns, strict=True))), begin


class _Reader:
    """Reads steps one by one; what depends on resources alone is at hand."""

    def __init__(
        self,
        plan: Plan,
        closures: Closures,
        rides: Rides,
        number: Ints,
        posts: Posts,
        kappas: Sequence[Kappa],
    ) -> None:
        self._plan, self._closures, self._number = plan, closures, number
        self._posts, self._priority = posts, plan.flows.cargo.priority.tolist()
        self._rides = [
            _ride(rides, v, kappas[r].ride)
            for v, r in enumerate(plan.services.resource.tolist())
        ]
        self._ready_h = (rides.cutoff_h + rides.late_h).tolist()
        self._regimes = [regime_share(plan, name) for name in plan.regime_names]

    def steps(
        self, f: int, c: int, counts: dict[Unit, Count]
    ) -> Iterator[tuple[float, ...]]:
        """Rows of `STEP`, one for each step of chain c."""
        plan = self._plan
        for s in range(*plan.chains.begin[c : c + 2].tolist()):
            resource, act = int(plan.steps.resource[s]), int(plan.steps.act[s])
            has_node = act in (Act.SERVE, Act.RIDE, Act.TAKE)
            mean, variance, by_teu, ready = self._time(f, s, counts)
            asks = self._asks(f, c, s, counts, mean, variance)
            node = int(self._number[resource]) if has_node else -1
            post = self._posts[node, self._priority[f]] if has_node else -1
            fixed = (mean, variance, by_teu, ready)
            yield (s, node, post, self._chance(s), *fixed, *asks)

    def _chance(self, s: int) -> float:
        """Share of lots that visit a step."""
        steps = self._plan.steps
        chance = min(float(steps.high[s]), 1.0) - min(float(steps.low[s]), 1.0)
        regime = int(steps.regime[s])
        if regime < 0:
            return chance
        ruling = self._regimes[regime]
        return chance * (ruling if steps.is_regime_on[s] else 1.0 - ruling)

    def _time(
        self, f: int, s: int, counts: dict[Unit, Count]
    ) -> tuple[float, float, float, float]:
        """Mean, variance, mean by TEU of the fixed time, and what of it is waiting."""
        plan = self._plan
        act, resource = int(plan.steps.act[s]), int(plan.steps.resource[s])
        if act == Act.RIDE:
            v = int(plan.services.of_resource[resource])
            mean, variance = self._rides[v]
            return mean, variance, mean, self._ready_h[v]
        if act not in (Act.TRAVEL, Act.SERVE):
            return NOTHING
        stream = plan.flows.streams[f][int(plan.steps.slot[s])]
        mean, variance = moments(stream.timing, is_deterministic=plan.is_deterministic)
        count = counts[stream.unit]
        square = count.square * (variance + mean * mean)
        shut, shut2 = self._shut(resource) if act == Act.TRAVEL else (0.0, 0.0)
        return (
            count.mean * mean + shut,
            square - (count.mean * mean) ** 2 + shut2 - shut * shut,
            count.by_teu * mean + shut,
            shut,
        )

    def _shut(self, resource: int) -> Moments:
        """Mean and mean square of the wait before a link that is shut."""
        closures = self._closures
        rows = slice(*closures.begin[resource : resource + 2].tolist())
        is_shut = closures.kept_share[rows] == 0.0
        return (
            float(closures.mean_h[rows][is_shut].sum()),
            float(closures.square_h2[rows][is_shut].sum()),
        )

    def _asks(
        self,
        f: int,
        c: int,
        s: int,
        counts: dict[Unit, Count],
        mean: float,
        variance: float,
    ) -> tuple[float, float, float, float]:
        """Server-hours of a station or pool, or slots and kilograms of a service."""
        plan = self._plan
        act = int(plan.steps.act[s])
        if act == Act.SERVE:
            return mean, variance + mean * mean, 0.0, 0.0
        if act == Act.TAKE:
            held, count = self._held(f, c, s), counts[Unit(int(plan.steps.unit[s]))]
            return count.mean * held, count.square * held * held, 0.0, 0.0
        if act != Act.RIDE:
            return 0.0, 0.0, 0.0, 0.0
        teu, kg = counts[Unit.TEU], float(plan.flows.cargo.kg_per_teu[f])
        slots = 0.0 if plan.flows.cargo.is_bulk[f] else 1.0
        weights = (teu.mean * kg, teu.square * kg * kg)
        return slots * teu.mean, slots * teu.square, *weights

    def _held(self, f: int, c: int, taken: int) -> float:
        """Hours from taking a token to its being back: the steps between and the delay.

        A token that is given elsewhere, or never, is held to the end of the chain.
        """
        plan, held = self._plan, 0.0
        for s in range(taken + 1, int(plan.chains.begin[c + 1])):
            slot, act = int(plan.steps.slot[s]), int(plan.steps.act[s])
            if slot >= 0:
                timing = plan.flows.streams[f][slot].timing
                held += moments(timing, is_deterministic=plan.is_deterministic)[0]
            if act == Act.GIVE and plan.steps.resource[s] == plan.steps.resource[taken]:
                break
        return held


def _ride(rides: Rides, v: int, kappa: float) -> Moments:
    """Cut-off, lateness and the run of a vehicle: mean and variance."""
    lost = kappa * float(rides.lost_h[v])
    spread = kappa * kappa * (float(rides.lost_h2[v]) - float(rides.lost_h[v]) ** 2)
    mean = math.fsum((rides.cutoff_h[v], rides.late_h[v], rides.free_h[v], lost))
    return mean, math.fsum((rides.late_h2[v], rides.free_h2[v], max(spread, 0.0)))
