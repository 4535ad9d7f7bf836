"""Requests at resources and the grants that answer them.

A grant answers the oldest open request of its unit at the resource: a lot that asked,
was turned away to another route and asked there again has waited since it asked first.
"""

from __future__ import annotations

from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World
from railsim.engine.measuring.samples import count_wait
from railsim.engine.measuring.tables import (
    NEVER,
    NONE,
    delay_at,
    request_at,
    resource_at,
    unit_at,
)
from railsim.engine.measuring.watching import closed_ms_until, is_inside, overlap_ms


@kernel
def ask(w: World, at: int, u: int, r: int, s: int) -> int:
    """A unit asks a resource for a step; the number of the request."""
    i = w.requests_count
    w.requests_count = i + 1
    request = request_at(w, i)
    request.asked_ms = at
    request.granted_ms = NEVER
    request.answered_ms = NEVER
    request.closed_ms = closed_ms_until(w, r, at)
    request.unit = u
    request.resource = r
    request.step = s
    request.then = NONE
    request.prompt = resource_at(w, r).prompt
    _append(w, u, i)
    return int(i)


@kernel
def _append(w: World, u: int, i: int) -> None:
    last = unit_at(w, u).oldest
    if last == NONE:
        unit_at(w, u).oldest = i
        return
    while request_at(w, last).then != NONE:
        last = request_at(w, last).then
    request_at(w, last).then = i


@kernel
def grant(w: World, at: int, u: int, r: int) -> None:
    """A resource lets a unit in, whether it had to ask or not."""
    if is_inside(w, at):
        resource_at(w, r).units += 1
    i = _take_out(w, u, r)
    if i == NONE:
        return
    request = request_at(w, i)
    if at == request.asked_ms and i == w.requests_count - 1:
        w.requests_count = i
        resource_at(w, r).prompt += is_inside(w, at)
        return
    request.granted_ms = at
    request.closed_ms = closed_ms_until(w, r, at) - request.closed_ms
    if is_inside(w, request.asked_ms):
        count_wait(w, r)
    if at > request.asked_ms:
        resource_at(w, r).waited_ms += overlap_ms(w, request.asked_ms, at)
        delay_at(w, w.delays_count).request = i
        w.delays_count += 1


@kernel
def _take_out(w: World, u: int, r: int) -> int:
    """The oldest open request of a unit at a resource, which is open no longer."""
    before, i = NONE, unit_at(w, u).oldest
    while i != NONE and request_at(w, i).resource != r:
        before, i = i, request_at(w, i).then
    if i == NONE:
        return NONE
    if before == NONE:
        unit_at(w, u).oldest = request_at(w, i).then
    else:
        request_at(w, before).then = request_at(w, i).then
    return int(i)
