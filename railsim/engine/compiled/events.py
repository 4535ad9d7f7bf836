"""What is written down, which resources are touched, and who has been answered."""

from __future__ import annotations

from railsim.engine.compiled.rows import (
    log_amount_at,
    log_event_at,
    log_instant_at,
    log_resource_at,
    log_unit_at,
    log_value_at,
    resource_at,
    unit_at,
)
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World


@kernel
def record(
    w: World, event: int, unit: int, resource: int, value: int, amount: int
) -> None:
    """Append a row to the log."""
    row = w.rows
    w.rows = row + 1
    log_instant_at(w, row).at_ms = w.now
    log_event_at(w, row).event = event
    log_unit_at(w, row).number = unit
    log_resource_at(w, row).number = resource
    log_value_at(w, row).number = value
    log_amount_at(w, row).number = amount


@kernel
def touch(w: World, r: int) -> None:
    """Let a resource grant when this instant's events are over."""
    if resource_at(w, r).is_touched:
        return
    resource_at(w, r).is_touched = 1
    resource_at(w, r).then = -1
    if resource_at(w, r).is_first:
        if w.first_head < 0:
            w.first_head = r
        else:
            resource_at(w, w.first_tail).then = r
        w.first_tail = r
        return
    if w.rest_head < 0:
        w.rest_head = r
    else:
        resource_at(w, w.rest_tail).then = r
    w.rest_tail = r


@kernel
def answer(w: World, u: int, value: int) -> None:
    """Let a unit go on when the round is over."""
    unit_at(w, u).answer = value
    unit_at(w, u).then = -1
    if w.answered_head < 0:
        w.answered_head = u
    else:
        unit_at(w, w.answered_tail).then = u
    w.answered_tail = u
