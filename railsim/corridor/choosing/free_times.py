"""How long routes take when nobody queues: what shippers imagine of a new one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.corridor.arrays import Floats, Ints, floats, ints, sums
from railsim.corridor.costs import trucks_per_teu
from railsim.corridor.demand import mean_lot_teu
from railsim.corridor.tables import Act, Flows, Services, Steps, Stream, Unit
from railsim.corridor.time.timing import Timing, hours
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Flow
from railsim.sharing import Itself, once_for
from railsim.units import MS_PER_HOUR

MIDDLES: Floats = (np.arange(200, dtype=np.float64) + 0.5) / 200.0


Moments = tuple[float, float]  # mean in hours, variance in hours squared
Streams = tuple[tuple[Stream, ...], ...]
RIDE, TIMED = Act.RIDE.value, (Act.TRAVEL.value, Act.SERVE.value)


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the times of chains stand."""

    flows: Flows
    services: Services
    steps: Steps
    begin: Ints


def free_times(scenario: Scenario, ways: Ways) -> list[Moments]:
    """Mean and deviation of every route of every flow, half a headway for a ride.

    Steps are independent; one that is visited with chance p is a mixture.
    """
    chain = _chain_of_steps(ways)
    steps, own = ways.steps, slice(0, len(chain))
    mean, spread = _times_of_steps(scenario, ways, chain)
    chance = np.minimum(steps.high[own], 1.0) - steps.low[own]
    chance[(steps.regime[own] >= 0) & steps.is_regime_on[own]] = 0.0
    visited = chance * mean
    squares = chance * (spread + mean * mean) - visited * visited
    count = int(ways.flows.chain_begin[-1])
    deviation = np.sqrt(np.maximum(sums(chain, squares, count), 0.0))
    means = sums(chain, visited, count)
    return [*zip(means.tolist(), deviation.tolist(), strict=True)]


def _chain_of_steps(ways: Ways) -> Ints:
    """The chain of every step of lots."""
    count = int(ways.flows.chain_begin[-1])
    chain: Ints = np.repeat(np.arange(count), np.diff(ways.begin[: count + 1]))
    return chain


def _times_of_steps(
    scenario: Scenario, ways: Ways, chain: Ints
) -> tuple[Floats, Floats]:
    """Mean and variance of what lots do at each step; 0 where they do not stay."""
    known = _times_of_streams(scenario, Itself(ways.flows.streams))
    steps = ways.steps
    flow_of_chain = np.repeat(
        np.arange(len(ways.flows.names)), np.diff(ways.flows.chain_begin)
    )
    stream = known.begin[flow_of_chain[chain]] + steps.slot[: len(chain)]
    rides = [_ride_moments(ways, v, own) for v, own in enumerate(_departures(ways))]
    ride = np.array([*rides, (0.0, 0.0)])
    v = ways.services.of_resource[steps.resource[: len(chain)]]
    act = steps.act[: len(chain)]
    mean, variance = (
        np.where(
            act == RIDE,
            ride[v, i],
            np.where(np.isin(act, TIMED), of_stream[stream], 0.0),
        )
        for i, of_stream in enumerate((known.mean_h, known.variance_h2))
    )
    return mean, variance


@dataclass(frozen=True, slots=True)
class _Times:
    """The streams of all flows in turn; those of flow f begin at `begin[f]`."""

    begin: Ints
    mean_h: Floats
    variance_h2: Floats


@once_for("flows", "commodities", "lot_sizes", "loading")
def _times_of_streams(scenario: Scenario, key: Itself[Streams]) -> _Times:
    """Times of a lot of mean size; those of a scenario are the same in every year."""
    found = list[Moments]()
    for flow, streams in zip(scenario.flows.values(), key.thing, strict=True):
        counts = _unit_counts(scenario, flow)
        found += [_stream_moments(stream, counts) for stream in streams]
    found.append((0.0, 0.0))  # what a flow without times finds at its slot -1
    return _Times(
        begin=ints(np.cumsum([0, *map(len, key.thing)])),
        mean_h=floats(mean for mean, _ in found),
        variance_h2=floats(variance for _, variance in found),
    )


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


def _departures(ways: Ways) -> list[Ints]:
    services = ways.services
    return services.departures.by_service(len(services.resource))


def _ride_moments(ways: Ways, v: int, rows: Ints) -> Moments:
    """Run of the vehicle, cut-off, and half the interval between its departures."""
    services = ways.services
    times = services.departures.at_ms[rows]
    headway_h = float(np.mean(np.diff(times))) / MS_PER_HOUR if len(times) > 1 else 0.0
    parts = [_moments_of(services.streams[v][k].timing) for k in _slots_used(ways, v)]
    mean, variance = math.fsum(m for m, _ in parts), math.fsum(v for _, v in parts)
    cutoff_h = float(services.cutoff_ms[v]) / MS_PER_HOUR
    return mean + headway_h / 2.0 + cutoff_h, variance + headway_h**2 / 12.0


def _slots_used(ways: Ways, v: int) -> tuple[int, ...]:
    chain = int(ways.services.chain[v])
    return _slots_of_run(Itself(ways.steps), *ways.begin[chain : chain + 2].tolist())


@lru_cache(1024)
def _slots_of_run(key: Itself[Steps], begin: int, end: int) -> tuple[int, ...]:
    """Columns of a vehicle's times on its way; returns of tokens take it none."""
    steps = key.thing
    return tuple(
        sorted(
            {
                k
                for s in range(begin, end)
                if steps.act[s] in (Act.TRAVEL, Act.SERVE, Act.RUN)
                for k in range(
                    steps.slot[s],
                    steps.slot[s] + max(1, abs(int(steps.last[s] - steps.first[s]))),
                )
            }
        )
    )


@lru_cache(maxsize=4096)
def _moments_of(timing: Timing) -> Moments:
    times = hours(timing, MIDDLES)
    return float(np.mean(times)), float(np.var(times))
