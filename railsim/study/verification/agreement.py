"""The engines against each other: the same events on random networks.

Networks have stations with hours, rooms and failures, a line with loops and
possessions, a train both ways, tokens, storms and lots that choose again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from random import Random

import numpy as np

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan
from railsim.corridor.services import planned_state
from railsim.corridor.tables import Plan
from railsim.engine.choose import engine_of
from railsim.engine.draws import draw
from railsim.engine.log import EventLog
from railsim.study.verification.checks import Check
from railsim.study.verification.random_worlds import random_world
from railsim.study.verification.worlds import small_world
from railsim.units import MS_PER_DAY

DAYS = 12
ENGINES = ("reference", "compiled")


def check_agreement(*, count: int, seed: int) -> Iterator[Check]:
    """One check of `count` networks, each with luck of its own."""
    alike, events, odd = 0, 0, ""
    for number in range(count):
        plan = random_plan(seed + number)
        draws = draw(plan, seed, number)
        truth, found = (engine_of(name).simulate(plan, draws) for name in ENGINES)
        difference = first_difference(truth, found)
        alike += not difference
        events += len(truth)
        if difference and not odd:
            odd = f"; network {seed + number}: {difference}"
    yield Check(
        group="engines against each other",
        claim=f"random networks with equal logs, {events:,} events",
        expected=f"{count:,}",
        found=f"{alike:,}{odd}",
        allowed="0",
        is_passed=alike == count,
    )


def random_plan(number: int) -> Plan:
    """The first days of a random network; always the same for a number."""
    scenario = small_world(random_world(Random(number)))
    year = scenario.run.first_year
    plan = make_plan(scenario, planned_state(scenario), year, Memory())
    end = plan.span.begin_ms + DAYS * MS_PER_DAY
    return replace(plan, span=replace(plan.span, end_ms=end, stop_ms=end))


def first_difference(truth: EventLog, found: EventLog) -> str:
    """Where two logs part, in words; nothing when they are equal."""
    if len(truth) != len(found) or truth.lot_count != found.lot_count:
        return f"{len(found)} events, not {len(truth)}"
    for field in fields(EventLog)[1:]:
        expected, other = (getattr(log, field.name) for log in (truth, found))
        if expected.dtype != other.dtype:
            return f"{field.name} is {other.dtype}, not {expected.dtype}"
        rows = np.flatnonzero(expected != other)
        if len(rows):
            r = rows[0]
            return f"{field.name} of event {r} is {other[r]}, not {expected[r]}"
    return ""
