"""How long routes take when nobody queues: what shippers imagine of a new one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.costs import trucks_per_teu
from railsim.corridor.demand import mean_lot_teu
from railsim.corridor.tables import Act, Flows, Services, Steps, Stream, Unit
from railsim.corridor.time.timing import Timing, hours
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.units import MS_PER_HOUR

MIDDLES: Floats = (np.arange(200, dtype=np.float64) + 0.5) / 200.0


Moments = tuple[float, float]  # mean in hours, variance in hours squared


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the times of chains stand."""

    flows: Flows
    services: Services
    steps: Steps
    begin: Ints


def free_times(scenario: Scenario, ways: Ways) -> list[Moments]:
    """Mean and deviation of every route of every flow, half a headway for a ride."""
    rides = [_ride_moments(ways, v) for v in range(len(ways.services.resource))]
    free: list[Moments] = []
    for f, flow in enumerate(scenario.flows.values()):
        counts = _unit_counts(scenario, flow)
        free += [
            _chain_moments(ways, f, c, counts, rides) for c in ways.flows.chains(f)
        ]
    return free


def _chain_moments(
    ways: Ways, f: int, c: int, counts: dict[int, float], rides: list[Moments]
) -> Moments:
    """Steps are independent; one that is visited with chance p is a mixture."""
    steps, mean, variance = ways.steps, 0.0, 0.0
    for s in range(*ways.begin[c : c + 2].tolist()):
        if steps.regime[s] >= 0 and steps.is_regime_on[s]:
            continue
        m, v = _step_moments(ways, s, ways.flows.streams[f], counts, rides)
        p = min(float(steps.high[s]), 1.0) - float(steps.low[s])
        mean += p * m
        variance += p * (v + m * m) - (p * m) ** 2
    return mean, math.sqrt(max(variance, 0.0))


def _unit_counts(scenario: Scenario, flow: Flow) -> dict[int, float]:
    commodity = scenario.commodities[flow.commodity]
    teu = mean_lot_teu(scenario, flow)
    return {
        Unit.ONE: 1.0,
        Unit.BOX: teu * (1.0 - commodity.forty_foot_share / 2.0),
        Unit.TEU: teu,
        Unit.TRUCK: max(1.0, teu * trucks_per_teu(scenario, flow)),
        Unit.TONNE: teu * commodity.tonnes_per_teu,
    }


def _step_moments(
    ways: Ways,
    s: int,
    streams: tuple[Stream, ...],
    counts: dict[int, float],
    rides: list[Moments],
) -> Moments:
    act = ways.steps.act[s]
    if act == Act.RIDE:
        return rides[int(ways.services.of_resource[ways.steps.resource[s]])]
    if act not in (Act.TRAVEL, Act.SERVE):
        return 0.0, 0.0
    stream = streams[ways.steps.slot[s]]
    mean, variance = _moments([stream])
    return mean * counts[stream.unit], variance * counts[stream.unit] ** 2


def _ride_moments(ways: Ways, v: int) -> Moments:
    """Run of the vehicle, cut-off, and half the interval between departures."""
    services = ways.services
    times = services.departures.at_ms[services.departures.service == v]
    headway_h = float(np.mean(np.diff(times))) / MS_PER_HOUR if len(times) > 1 else 0.0
    mean, variance = _moments(services.streams[v][k] for k in _slots_used(ways, v))
    cutoff_h = float(services.cutoff_ms[v]) / MS_PER_HOUR
    return mean + headway_h / 2.0 + cutoff_h, variance + headway_h**2 / 12.0


def _slots_used(ways: Ways, v: int) -> list[int]:
    """Columns of a vehicle's times on its way; returns of tokens take it none."""
    chain, steps = ways.services.chain[v], ways.steps
    return sorted(
        {
            k
            for s in range(*ways.begin[chain : chain + 2].tolist())
            if steps.act[s] in (Act.TRAVEL, Act.SERVE, Act.RUN)
            for k in range(
                steps.slot[s],
                steps.slot[s] + max(1, abs(int(steps.last[s] - steps.first[s]))),
            )
        }
    )


def _moments(streams: Iterable[Stream]) -> Moments:
    parts = [_moments_of(stream.timing) for stream in streams]
    return math.fsum(m for m, _ in parts), math.fsum(v for _, v in parts)


@lru_cache(maxsize=4096)
def _moments_of(timing: Timing) -> Moments:
    times = hours(timing, MIDDLES)
    return float(np.mean(times)), float(np.var(times))
