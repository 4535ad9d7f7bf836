"""The measured year, and the capacity of resources in it."""

from __future__ import annotations

from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World
from railsim.engine.measuring.tables import resource_at


@kernel
def is_inside(w: World, at: int) -> bool:
    """Does an instant lie in the measured year?"""
    return bool(w.begin <= at < w.end)


@kernel
def overlap_ms(w: World, begin: int, end: int) -> int:
    """How much of a time lies in the measured year."""
    return int(min(max(end, w.begin), w.end) - min(max(begin, w.begin), w.end))


@kernel
def change_capacity(w: World, at: int, r: int, capacity: int) -> None:
    """A resource has another capacity from now on."""
    resource = resource_at(w, r)
    open_ms = overlap_ms(w, resource.changed_ms, at) * resource.capacity
    closed_ms = closed_ms_until(w, r, at)
    resource.open_ms += open_ms
    resource.closed_ms = closed_ms
    resource.changed_ms = at
    resource.capacity = capacity


@kernel
def closed_ms_until(w: World, r: int, at: int) -> int:
    """How long a resource has been closed since the beginning."""
    resource = resource_at(w, r)
    if resource.capacity > 0:
        return int(resource.closed_ms)
    return int(resource.closed_ms + at - resource.changed_ms)
