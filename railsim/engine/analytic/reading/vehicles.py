"""What vehicles do on their way: the same in every year, read once.

One row a step on which a vehicle moves or is served, in the order of the services; then
one row a section of a line that it runs over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.routes import sections_between
from railsim.corridor.tables import Act, Plan, Steps, Stream
from railsim.corridor.time.moments import moments
from railsim.sharing import Itself, once_for

MOVING = (Act.TRAVEL, Act.SERVE, Act.RUN)


@dataclass(frozen=True, slots=True)
class Stops:
    """Steps of vehicles: whose, what, where, and mean and variance of the time."""

    service: Ints
    act: Ints
    resource: Ints
    mean_h: Floats
    variance_h2: Floats

    def where(self, act: Act) -> Flags:
        """The steps at which this is done."""
        found: Flags = self.act == act.value
        return found


@dataclass(frozen=True, slots=True)
class Passages:
    """Runs over sections; `direction` is 1 or -1."""

    service: Ints
    resource: Ints
    section: Ints
    direction: Ints
    mean_h: Floats
    variance_h2: Floats


def ways_of_vehicles(plan: Plan) -> tuple[Stops, Passages]:
    """All steps and sections of the services of a plan."""
    services = plan.services
    return _ways(plan, Itself(services.chain), Itself(services.streams))


@once_for("steps", "chains", "is_deterministic")
def _ways(
    plan: Plan, chain: Itself[Ints], streams: Itself[tuple[tuple[Stream, ...], ...]]
) -> tuple[Stops, Passages]:
    stops, passages = list[tuple[float, ...]](), list[tuple[float, ...]]()
    for v, c in enumerate(chain.thing.tolist()):
        timings = [stream.timing for stream in streams.thing[v]]
        drawn = [moments(t, is_deterministic=plan.is_deterministic) for t in timings]
        times = np.array(drawn).reshape(-1, 2)
        for s in range(*plan.chains.begin[c : c + 2].tolist()):
            act, resource, slot, first, last = _step(plan.steps, s)
            if act not in MOVING:
                continue
            run = [*_run(first, last)] if act == Act.RUN else [(0, 0)]
            own = times[slot : slot + len(run)]
            stops.append((v, act, resource, *own.sum(axis=0).tolist()))
            if act == Act.RUN:
                sections = zip(run, own, strict=True)
                passages += [(v, resource, *place, *time) for place, time in sections]
    return Stops(*_columns(stops, 3, 2)), Passages(*_columns(passages, 4, 2))


def _step(steps: Steps, s: int) -> tuple[int, ...]:
    names = ("act", "resource", "slot", "first", "last")
    return tuple(int(getattr(steps, name)[s]) for name in names)


def _run(first: int, last: int) -> Iterator[tuple[int, int]]:
    """Section and direction."""
    direction = 1 if last > first else -1
    return ((section, direction) for section in sections_between(first, last))


def _columns(
    rows: list[tuple[float, ...]], whole: int, real: int
) -> tuple[NDArray[Any], ...]:
    """Columns of whole numbers, then of others."""
    table = np.array(rows, dtype=np.float64).reshape(-1, whole + real).T
    return (*(column.astype(np.int64) for column in table[:whole]), *table[whole:])
