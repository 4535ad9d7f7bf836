"""The trains of one day on their lines, station by station."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Flags, Ints, flags
from railsim.corridor.tables import Act, Plan
from railsim.engine.diary.happened import Happened
from railsim.engine.diary.records import Trains
from railsim.engine.log import ENTER


def follow_trains(plan: Plan, begin_ms: int, lot_count: int, log: Happened) -> Trains:
    """Where trains left a station and came to the next, on the day that begins then."""
    vehicle = log.unit - lot_count
    is_departure = log.event == ENTER
    is_up = _is_up(plan, vehicle, log.resource)
    return Trains(
        begin_ms=begin_ms,
        vehicle=vehicle,
        service=plan.services.departures.service[vehicle],
        line=plan.lines.of_resource[log.resource],
        station=log.value + (is_up != is_departure),
        at_ms=log.at_ms,
        is_departure=is_departure,
        is_up=is_up,
    )


def _is_up(plan: Plan, vehicle: Ints, resource: Ints) -> Flags:
    """Do vehicles run with the numbers of a line's stations?"""
    chain = plan.services.chain[plan.services.departures.service[vehicle]]
    known: dict[tuple[int, int], bool] = {}
    for key in zip(chain.tolist(), resource.tolist(), strict=True):
        if key not in known:
            known[key] = _runs_up(plan, *key)
    pairs = zip(chain.tolist(), resource.tolist(), strict=True)
    return flags(known[pair] for pair in pairs)


def _runs_up(plan: Plan, chain: int, resource: int) -> bool:
    begin, end = plan.chains.begin[chain : chain + 2].tolist()
    steps = plan.steps
    is_it = (steps.act[begin:end] == Act.RUN) & (steps.resource[begin:end] == resource)
    at = begin + int(np.argmax(is_it))
    return bool(steps.last[at] > steps.first[at])
