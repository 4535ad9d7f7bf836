"""What trains lose on the way: other trains on the sections, and shut lines.

Every section of a single track is one server for both directions, of a double track one
for each, with the trains' classes as priorities: W_k = W_0 / ((1 - s_(k-1)) (1 - s_k))
(Cobham 1954). Trains come by timetable, not by chance, which `kappa` has to mend.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.corridor.routes import sections_between
from railsim.corridor.tables import Act, Plan
from railsim.corridor.time.moments import moments
from railsim.units import MS_PER_HOUR

FULLEST = 0.98  # a section that is asked for more is taken to be used so much


@dataclass(frozen=True, slots=True)
class Passage:
    """A service on a section of a line: how often, for how long, who goes first."""

    service: int
    resource: int
    section: int
    direction: int
    priority: int
    per_h: float
    mean_h: float
    square_h2: float


@dataclass(frozen=True, slots=True)
class LineUse:
    """What trains lose to each other: hours a run of each service, and by section.

    The arrays of sections stand as in `measuring.sections.SectionUse`: trains an hour,
    share of time occupied, hours stood an hour.
    """

    lost_h: Floats
    trains: Floats
    occupied: Floats
    stood: Floats


def use_of_lines(plan: Plan, per_h: Floats, slowness: Floats) -> LineUse:
    """Every train on every section of the year.

    `per_h[v]` trains of service v leave an hour; their running times are multiplied by
    `slowness[v]`.
    """
    count = int(plan.lines.section_count.sum())
    use = LineUse(np.zeros(len(per_h)), *(np.zeros(count) for _ in range(3)))
    servers: dict[tuple[int, int, int], list[Passage]] = {}
    for passage in _passages(plan, per_h, slowness):
        tracks = int(plan.lines.track_count[plan.lines.of_resource[passage.resource]])
        direction = passage.direction if tracks > 1 else 0
        key = (passage.resource, passage.section, direction)
        servers.setdefault(key, []).append(passage)
    for (resource, section, _), passages in servers.items():
        line = int(plan.lines.of_resource[resource])
        stop_h = float(plan.lines.stop_loss_ms[line]) / MS_PER_HOUR
        cell, load = int(plan.lines.first_section[line]) + section, _load(passages)
        use.occupied[cell] += load
        for passage, wait_h in zip(passages, _waits(passages), strict=True):
            use.lost_h[passage.service] += wait_h + min(FULLEST, load) * stop_h
            use.trains[cell] += passage.per_h
            use.stood[cell] += passage.per_h * wait_h
    return use


def _passages(plan: Plan, per_h: Floats, slowness: Floats) -> Iterator[Passage]:
    services, steps = plan.services, plan.steps
    for v, chain in enumerate(services.chain.tolist()):
        if per_h[v] == 0.0:
            continue
        for s in range(*plan.chains.begin[chain : chain + 2].tolist()):
            if steps.act[s] == Act.RUN:
                yield from _run(plan, v, s, float(per_h[v]), float(slowness[v]))


def _run(
    plan: Plan, v: int, s: int, per_h: float, slowness: float
) -> Iterator[Passage]:
    first, last = int(plan.steps.first[s]), int(plan.steps.last[s])
    resource = int(plan.steps.resource[s])
    clear_ms = int(plan.lines.clear_ms[plan.lines.of_resource[resource]])
    for i, section in enumerate(sections_between(first, last)):
        stream = plan.services.streams[v][int(plan.steps.slot[s]) + i]
        mean, variance = moments(stream.timing, is_deterministic=plan.is_deterministic)
        mean = slowness * mean + clear_ms / MS_PER_HOUR
        yield Passage(
            service=v,
            resource=resource,
            section=section,
            direction=1 if last > first else -1,
            priority=int(plan.services.priority[v]),
            per_h=per_h,
            mean_h=mean,
            square_h2=mean * mean + slowness * slowness * variance,
        )


def _load(passages: list[Passage]) -> float:
    return float(np.sum([p.per_h * p.mean_h for p in passages]))


def _waits(passages: list[Passage]) -> list[float]:
    """Mean wait of each passage before its section."""
    residual = float(np.sum([p.per_h * p.square_h2 for p in passages])) / 2.0
    loads: dict[int, float] = {}
    for p in passages:
        loads[p.priority] = loads.get(p.priority, 0.0) + p.per_h * p.mean_h
    waits, before = {}, 0.0
    for priority in sorted(loads):
        after = min(FULLEST, before + loads[priority])
        waits[priority] = residual / ((1.0 - before) * (1.0 - after))
        before = after
    return [waits[p.priority] for p in passages]
