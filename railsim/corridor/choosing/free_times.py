"""How long routes take when nobody queues: what shippers imagine of a new one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from railsim.corridor.arrays import Floats, Ints, floats, ints, sums
from railsim.corridor.choosing.choices import Times
from railsim.corridor.costs import trucks_per_teu
from railsim.corridor.demand import mean_lot_teu
from railsim.corridor.tables import Act, Flows, Services, Steps, Stream, Unit
from railsim.corridor.time.timetables import Runs
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


def free_times(scenario: Scenario, ways: Ways) -> Times:
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
    return Times(sums(chain, visited, count), deviation)


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
    rides = [np.append(column, 0.0) for column in _ride_moments(ways)]
    v = ways.services.of_resource[steps.resource[: len(chain)]]
    act = steps.act[: len(chain)]
    mean, variance = (
        np.where(
            act == RIDE,
            of_ride[v],
            np.where(np.isin(act, TIMED), of_stream[stream], 0.0),
        )
        for of_ride, of_stream in zip(
            rides, (known.mean_h, known.variance_h2), strict=True
        )
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


def _ride_moments(ways: Ways) -> tuple[Floats, Floats]:
    """Run of each vehicle, cut-off, and half the interval between its departures."""
    services, headway_h = ways.services, floats(map(_headway_h, ways.services.runs))
    mean, variance = _runs(ways, Itself(services.chain), Itself(services.streams))
    fixed = services.cutoff_ms / MS_PER_HOUR
    return mean + headway_h / 2.0 + fixed, variance + headway_h**2 / 12.0


def _headway_h(run: Runs) -> float:
    """Mean interval between departures; 0 of a single one."""
    gaps = len(run.at_ms) - 1
    if gaps < 1:
        return 0.0
    return int(run.at_ms.max() - run.at_ms.min()) / MS_PER_HOUR / gaps


@once_for("steps", "begin")
def _runs(
    ways: Ways, chain: Itself[Ints], key: Itself[Streams]
) -> tuple[Floats, Floats]:
    """Mean and variance of each vehicle's way; returns of tokens take it none."""
    found = []
    for c, streams in zip(chain.thing.tolist(), key.thing, strict=True):
        slots = _slots_of_run(ways.steps, *ways.begin[c : c + 2].tolist())
        parts = [_moments_of(streams[k].timing) for k in slots]
        found.append([math.fsum(part[i] for part in parts) for i in range(2)])
    table = floats(x for row in found for x in row).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _slots_of_run(steps: Steps, begin: int, end: int) -> list[int]:
    """Columns of a vehicle's times."""
    return sorted(
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


@lru_cache(maxsize=4096)
def _moments_of(timing: Timing) -> Moments:
    times = hours(timing, MIDDLES)
    return float(np.mean(times)), float(np.var(times))
