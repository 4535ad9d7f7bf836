"""The steps of lots by closed forms: chance to visit, time there, what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, floats, ints, sums
from railsim.corridor.tables import Act, Plan, Unit
from railsim.corridor.time.moments import moments
from railsim.engine.analytic.kappas import Kappa
from railsim.engine.analytic.model import STEP, Rows, rows_of
from railsim.engine.analytic.reading.closures import Closures, regime_share
from railsim.engine.analytic.reading.counting import Counts, counts_of_lots
from railsim.engine.analytic.reading.rides import Rides
from railsim.sharing import Itself, once_for

ASKING = (Act.SERVE.value, Act.RIDE.value, Act.TAKE.value)
TIMED = (Act.TRAVEL.value, Act.SERVE.value)


@dataclass(frozen=True, slots=True)
class Posts:
    """Where lots of one priority wait at a node; those who go first stand first.

    `node` is that of each post, `of_step` the post of each step of lots, -1 for none.
    """

    node: Ints
    of_step: Ints


@once_for("steps", "chains", "flows")
def number_posts(plan: Plan, key: Itself[Ints]) -> Posts:
    """All posts of a year; `number[r]` is the node of resource r."""
    number, flow = key.thing, _flow_of_steps(plan)
    asks = np.isin(plan.steps.act[: len(flow)], ASKING)
    node = number[plan.steps.resource[: len(flow)]][asks]
    pairs = np.stack([node, plan.flows.cargo.priority[flow[asks]]], axis=1)
    posts, place = np.unique(pairs, axis=0, return_inverse=True)
    of_step = np.full(len(flow), -1, dtype=np.int64)
    of_step[asks] = place.ravel()
    return Posts(posts[:, 0], of_step)


def read_steps(
    plan: Plan,
    closures: Closures,
    rides: Rides,
    posts: Posts,
    kappas: Sequence[Kappa],
) -> Rows:
    """The steps of all chains of lots in turn."""
    lots = _read_lots(plan)
    time = _times(plan, lots, closures, rides, kappas)
    post = posts.of_step
    node = np.where(post >= 0, np.append(posts.node, -1)[post], -1)
    columns = (np.arange(len(post)), node, post, _chances(plan, len(post)))
    asked = _asked(plan, lots, time[0], time[1])
    return rows_of(STEP, dict(zip(STEP, (*columns, *time, *asked), strict=True)))


def _flow_of_steps(plan: Plan) -> Ints:
    """The flow of every step of lots."""
    count = int(plan.flows.chain_begin[-1])
    flow: Ints = np.repeat(
        plan.chains.flow[:count], np.diff(plan.chains.begin[: count + 1])
    )
    return flow


@dataclass(frozen=True, slots=True)
class _Lots:
    """The steps of lots: whose they are, what is done there, how long a unit takes.

    Of steps without a time of their own mean and variance mean nothing.
    """

    flow: Ints
    act: Ints
    resource: Ints
    mean_h: Floats
    variance_h2: Floats
    unit: Ints
    counts: Counts

    def where(self, *acts: int) -> Flags:
        """The steps at which one of these is done."""
        found: Flags = np.isin(self.act, acts)
        return found


@once_for("steps", "chains", "flows", "is_deterministic")
def _read_lots(plan: Plan) -> _Lots:
    """Those of a plan; a flow without times finds none at its slot -1, the last."""
    streams = [stream for of_flow in plan.flows.streams for stream in of_flow]
    begin = ints(np.cumsum([0, *map(len, plan.flows.streams)]))
    flow = _flow_of_steps(plan)
    own = begin[flow] + plan.steps.slot[: len(flow)]
    of_streams = [
        moments(stream.timing, is_deterministic=plan.is_deterministic)
        for stream in streams
    ]
    mean, variance = np.array([*of_streams, (0.0, 0.0)]).T
    return _Lots(
        flow=flow,
        act=plan.steps.act[: len(flow)],
        resource=plan.steps.resource[: len(flow)],
        mean_h=mean[own],
        variance_h2=variance[own],
        unit=ints([*(stream.unit for stream in streams), Unit.ONE])[own],
        counts=counts_of_lots(plan),
    )


def _chances(plan: Plan, count: int) -> Floats:
    """Share of lots that visit each step."""
    steps = plan.steps
    high, low = (np.minimum(edge[:count], 1.0) for edge in (steps.high, steps.low))
    regime, is_on = steps.regime[:count], steps.is_regime_on[:count]
    rules = floats([*(regime_share(plan, name) for name in plan.regime_names), 1.0])
    ruling = rules[regime]  # -1, no regime, is last
    share = np.where((regime < 0) | is_on, ruling, 1.0 - ruling)
    chances: Floats = (high - low) * share
    return chances


def _times(
    plan: Plan,
    lots: _Lots,
    closures: Closures,
    rides: Rides,
    kappas: Sequence[Kappa],
) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, variance, mean by TEU of the fixed time, and what of it is waiting."""
    counts, own = lots.counts, (lots.flow, lots.unit)
    shut, shut2 = _shut(plan, closures, lots)
    mean = counts.mean[own] * lots.mean_h
    square = counts.square[own] * (lots.variance_h2 + lots.mean_h * lots.mean_h)
    timed = (
        mean + shut,
        square - mean * mean + shut2 - shut * shut,
        counts.by_teu[own] * lots.mean_h + shut,
        shut,
    )
    v = plan.services.of_resource[lots.resource]
    ridden = _ridden(plan, rides, kappas)
    is_timed, is_ride = lots.where(*TIMED), lots.where(Act.RIDE.value)
    first, second, third, fourth = (
        np.where(is_timed, of_time, np.where(is_ride, of_ride[v], 0.0))
        for of_time, of_ride in zip(timed, ridden, strict=True)
    )
    return first, second, third, fourth


def _shut(plan: Plan, closures: Closures, lots: _Lots) -> tuple[Floats, Floats]:
    """Mean and mean square of the wait before links that are shut."""
    count = len(plan.resources.names)
    resource = np.repeat(np.arange(count), np.diff(closures.begin))
    is_shut = closures.kept_share == 0.0
    travels = lots.where(Act.TRAVEL.value)
    mean, square = (
        np.where(
            travels,
            sums(resource[is_shut], values[is_shut], count)[lots.resource],
            0.0,
        )
        for values in (closures.mean_h, closures.square_h2)
    )
    return mean, square


def _ridden(
    plan: Plan, rides: Rides, kappas: Sequence[Kappa]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Of each service, and of none at the end, the columns that `_times` gives."""
    kappa = floats(kappas[r].ride for r in plan.services.resource.tolist())
    spread = kappa * kappa * (rides.lost_h2 - rides.lost_h**2)
    ready = rides.cutoff_h + rides.late_h
    mean = ready + rides.free_h + kappa * rides.lost_h
    variance = rides.late_h2 + rides.free_h2 + np.maximum(spread, 0.0)
    mean, variance, ready = (np.append(c, 0.0) for c in (mean, variance, ready))
    return mean, variance, mean, ready


def _asked(
    plan: Plan, lots: _Lots, mean: Floats, variance: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Server-hours of a station or pool, or slots and kilograms of a service."""
    work, work2, kg, kg2 = (np.zeros(len(mean)) for _ in range(4))
    serves, rides = lots.where(Act.SERVE.value), lots.where(Act.RIDE.value)
    work[serves] = mean[serves]
    work2[serves] = variance[serves] + mean[serves] * mean[serves]
    f, cargo, counts = lots.flow[rides], plan.flows.cargo, lots.counts
    teu, teu2 = counts.mean[f, Unit.TEU], counts.square[f, Unit.TEU]
    slots = np.where(cargo.is_bulk[f], 0.0, 1.0)
    per_teu = cargo.kg_per_teu[f].astype(np.float64)
    work[rides], work2[rides] = slots * teu, slots * teu2
    kg[rides], kg2[rides] = teu * per_teu, teu2 * per_teu * per_teu
    for s in np.flatnonzero(lots.where(Act.TAKE.value)).tolist():
        held, own = _held(plan, lots, s), (lots.flow[s], plan.steps.unit[s])
        work[s] = counts.mean[own] * held
        work2[s] = counts.square[own] * held * held
    return work, work2, kg, kg2


def _held(plan: Plan, lots: _Lots, taken: int) -> float:
    """Hours from taking a token to its being back: the steps between and the delay.

    A token that is given elsewhere, or never, is held to the end of the chain.
    """
    steps, held = plan.steps, 0.0
    end = int(plan.chains.begin[np.searchsorted(plan.chains.begin, taken, "right")])
    for s in range(taken + 1, end):
        if steps.slot[s] >= 0:
            held += float(lots.mean_h[s])
        if steps.act[s] == Act.GIVE and steps.resource[s] == steps.resource[taken]:
            break
    return held
