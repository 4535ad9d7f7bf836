"""The resources of a plan as things with queues."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Plan, Word
from railsim.engine.capacity import Changes
from railsim.engine.reference.platform import Platform, Rules
from railsim.engine.reference.resources import Arbiter, Door, Pool, Resource, Station
from railsim.engine.reference.track import Track


def build_resources(plan: Plan, changes: Changes, arbiter: Arbiter) -> list[Resource]:
    """All resources in the order of their numbers."""
    return [_build(plan, changes, arbiter, r) for r in range(len(plan.resources.names))]


def _build(plan: Plan, changes: Changes, arbiter: Arbiter, r: int) -> Resource:
    capacity = int(plan.resources.capacity[r])
    match int(plan.resources.word[r]):
        case Word.TRAVEL:
            return Door(arbiter, r, capacity)
        case Word.STATION:
            return Station(
                arbiter,
                r,
                capacity,
                room=int(plan.resources.room[r]),
                reductions_ms=_reductions(plan, changes, r),
            )
        case Word.DEPARTURE:
            return Platform(arbiter, r, capacity, _rules(plan, r))
        case Word.LINE:
            return _track(plan, arbiter, r, capacity)
        case _:
            return Pool(arbiter, r, capacity)


def _rules(plan: Plan, r: int) -> Rules:
    services = plan.services
    v = int(services.of_resource[r])
    return Rules(
        capacity_teu=int(services.capacity_teu[v]),
        capacity_kg=int(services.capacity_kg[v]),
        cutoff_ms=int(services.cutoff_ms[v]),
        min_load_share=float(services.min_load_share[v]),
        max_cancel=int(services.max_cancel[v]),
        is_overtaking=bool(services.is_overtaking[v]),
        is_splittable=bool(services.is_splittable[v]),
    )


def _track(plan: Plan, arbiter: Arbiter, r: int, capacity: int) -> Track:
    lines = plan.lines
    i = int(lines.of_resource[r])
    return Track(
        arbiter,
        r,
        capacity,
        section_count=int(lines.section_count[i]),
        loop_tracks=lines.loop_tracks[i].tolist(),
        track_count=int(lines.track_count[i]),
        clear_ms=int(lines.clear_ms[i]),
        stop_loss_ms=int(lines.stop_loss_ms[i]),
    )


def _reductions(plan: Plan, changes: Changes, r: int) -> list[int] | None:
    """When the capacity of a `must_finish` station falls; None at other stations."""
    if not plan.resources.is_must_finish[r]:
        return None
    mine = np.flatnonzero(changes.resource == r)
    capacity = changes.capacity[mine]
    before = np.concatenate([[plan.resources.capacity[r]], capacity[:-1]])
    return [int(t) for t in changes.at_ms[mine][capacity < before]]
