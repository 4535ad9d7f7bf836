"""Times and waits of lots, step by step; a lot visits a step at most once."""

from __future__ import annotations

import numpy as np

from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Tables, World
from railsim.engine.measuring.samples import note, quantile_h
from railsim.engine.measuring.service import MOST_DAYS, StepService
from railsim.engine.measuring.tables import (
    NEVER,
    NONE,
    lot_at,
    request_at,
    step_at,
    waited_at,
)
from railsim.units import MS_PER_DAY, MS_PER_HOUR

DAYS = MOST_DAYS + 1


@kernel
def lot_asks(w: World, at: int, u: int, s: int, request: int) -> None:
    """A lot comes to a step and asks for it."""
    lot_at(w, u).request = request
    _come(w, at, u, s)


@kernel
def _come(w: World, at: int, u: int, s: int) -> None:
    """A lot is at a step, which may have begun before."""
    lot = lot_at(w, u)
    if lot.step != s:
        lot.step = s
        lot.entered_ms = at


@kernel
def lot_begins(w: World, at: int, u: int, s: int) -> None:
    """A step begins: the end of the wait of a lot that had to ask."""
    _come(w, at, u, s)
    i = lot_at(w, u).request
    if i != NONE and request_at(w, i).step == s:
        _end_wait(w, at, u)


@kernel
def lot_gets(w: World, at: int, u: int, r: int) -> None:
    """A lot has its tokens or its vehicle."""
    i = lot_at(w, u).request
    if i != NONE and request_at(w, i).resource == r:
        _end_wait(w, at, u)


@kernel
def _end_wait(w: World, at: int, u: int) -> None:
    lot = lot_at(w, u)
    request = request_at(w, lot.request)
    lot.request = NONE
    request.answered_ms = at
    days = min(-(-(at - request.asked_ms) // MS_PER_DAY), MOST_DAYS)
    waited_at(w, request.step * DAYS + days).teu += lot.teu
    step_at(w, request.step).answered += 1


@kernel
def lot_ends(w: World, at: int, u: int, s: int) -> None:
    """A lot has done a step."""
    lot, step = lot_at(w, u), step_at(w, s)
    step.ended += 1
    step.time_h += (at - lot.entered_ms) / MS_PER_HOUR * lot.teu
    note(w, s, at - lot.arrival_ms)


@kernel
def add_waits(w: World) -> None:
    """Sum the waits of each step in the order of the requests."""
    for i in range(w.requests_count):
        request = request_at(w, i)
        if request.answered_ms > NEVER:
            wait_h = (request.answered_ms - request.asked_ms) / MS_PER_HOUR
            step_at(w, request.step).wait_h += wait_h * lot_at(w, request.unit).teu


@kernel
def rank_steps(w: World) -> None:
    """Find the quantiles of the hours since creation at the end of each step."""
    for s in range(w.step_count):
        step_at(w, s).p10_h = quantile_h(w, s, 0.1)
        step_at(w, s).p90_h = quantile_h(w, s, 0.9)


def measure_steps(tables: Tables) -> StepService:
    """Time includes the wait; a step that has no end, taking tokens, is all wait."""
    steps = tables["steps"]
    wait_h = steps["wait_h"].copy()
    is_all_wait = steps["ended"] == 0
    return StepService(
        visits=np.maximum(steps["ended"], steps["answered"]),
        wait_h=wait_h,
        time_h=steps["time_h"] + np.where(is_all_wait, wait_h, 0.0),
        elapsed_p10_h=steps["p10_h"].copy(),
        elapsed_p90_h=steps["p90_h"].copy(),
        waited_days=tables["waited_days"]["teu"].reshape(len(steps), DAYS).copy(),
    )
