"""How long routes take when nobody queues: what shippers imagine of a new one."""

from __future__ import annotations

import math
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
RIDE, TIMED = Act.RIDE.value, (Act.TRAVEL.value, Act.SERVE.value)


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
        times = [_stream_moments(stream, counts) for stream in ways.flows.streams[f]]
        free += [_chain_moments(ways, c, times, rides) for c in ways.flows.chains(f)]
    return free


def _chain_moments(
    ways: Ways, c: int, times: list[Moments], rides: list[Moments]
) -> Moments:
    """Steps are independent; one that is visited with chance p is a mixture."""
    steps, own = ways.steps, slice(*ways.begin[c : c + 2].tolist())
    ride = ways.services.of_resource[steps.resource[own]]
    chance = np.minimum(steps.high[own], 1.0) - steps.low[own]
    chance[(steps.regime[own] >= 0) & steps.is_regime_on[own]] = 0.0
    columns = (steps.act[own], steps.slot[own], ride, chance)
    mean, variance = 0.0, 0.0
    for act, k, v, p in zip(*(column.tolist() for column in columns), strict=True):
        if act != RIDE and act not in TIMED:
            continue
        m, spread = rides[v] if act == RIDE else times[k]
        mean += p * m
        variance += p * (spread + m * m) - (p * m) ** 2
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


def _stream_moments(stream: Stream, counts: dict[int, float]) -> Moments:
    mean, variance = _moments_of(stream.timing)
    return mean * counts[stream.unit], variance * counts[stream.unit] ** 2


def _ride_moments(ways: Ways, v: int) -> Moments:
    """Run of the vehicle, cut-off, and half the interval between departures."""
    services = ways.services
    times = services.departures.at_ms[services.departures.service == v]
    headway_h = float(np.mean(np.diff(times))) / MS_PER_HOUR if len(times) > 1 else 0.0
    parts = [_moments_of(services.streams[v][k].timing) for k in _slots_used(ways, v)]
    mean, variance = math.fsum(m for m, _ in parts), math.fsum(v for _, v in parts)
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


@lru_cache(maxsize=4096)
def _moments_of(timing: Timing) -> Moments:
    times = hours(timing, MIDDLES)
    return float(np.mean(times)), float(np.var(times))
