"""Numbers that belong together: noted one by one, at the end sorted into their groups.

A group keeps the order in which its numbers were noted, so that sums and means add in
it. Groups are: the hours since creation at the end of each step; for each resource the
tokens taken and those given, times the time that was left; and of the requests made in
the measured year that had to wait, the wait, the part of it spent before a closed door,
and how many were made before it that had not.
"""

from __future__ import annotations

from math import floor

from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import World
from railsim.engine.measuring.tables import (
    NEVER,
    edge_at,
    request_at,
    sample_at,
    sorted_at,
)
from railsim.engine.measuring.watching import is_inside
from railsim.units import MS_PER_HOUR

TAKEN, GIVEN, WAITED, CLOSED, PROMPT = range(5)  # of resources, behind those of steps


def group_count(steps: int, resources: int) -> int:
    """How many groups there are."""
    return steps + (PROMPT + 1) * resources


@kernel
def group_of(w: World, what: int, r: int) -> int:
    """The group of what is noted of a resource; the group of a step is its number."""
    return int(w.step_count + what * w.resource_count + r)


@kernel
def note(w: World, group: int, number: int) -> None:
    """Keep a number of a group."""
    sample = sample_at(w, w.samples_count)
    sample.group = group
    sample.number = number
    w.samples_count += 1
    _count(w, group)


@kernel
def count_wait(w: World, r: int) -> None:
    """A request that had to wait has been granted; its row holds the numbers."""
    for what in range(WAITED, PROMPT + 1):
        _count(w, group_of(w, what, r))


@kernel
def _count(w: World, group: int) -> None:
    """Until the numbers are sorted, the count of a group stands two rows on."""
    edge_at(w, group + 2).begin += 1


@kernel
def sort_samples(w: World) -> None:
    """Put the numbers of each group together, in their order."""
    for group in range(w.group_count):
        edge_at(w, group + 2).begin += edge_at(w, group + 1).begin
    for i in range(w.samples_count):
        _place(w, sample_at(w, i).group, sample_at(w, i).number)
    for i in range(w.requests_count):
        request = request_at(w, i)
        if request.granted_ms > NEVER and is_inside(w, request.asked_ms):
            wait_ms, r = request.granted_ms - request.asked_ms, request.resource
            _place(w, group_of(w, WAITED, r), wait_ms)
            _place(w, group_of(w, CLOSED, r), request.closed_ms)
            _place(w, group_of(w, PROMPT, r), request.prompt)


@kernel
def _place(w: World, group: int, number: int) -> None:
    """The row after a group's goes on from where the group begins to where it ends."""
    edge = edge_at(w, group + 1)
    sorted_at(w, edge.begin).number = number
    edge.begin += 1


@kernel
def quantile_h(w: World, group: int, share: float) -> float:
    """A quantile of a group in hours, to the bit as `numpy.quantile` has it.

    The group's order is lost. NaN when it is empty.
    """
    begin, end = edge_at(w, group).begin, edge_at(w, group + 1).begin
    if begin == end:
        return float("nan")
    place = (end - begin - 1) * share
    i = begin + floor(place)
    upper_share = place - floor(place)
    low = _select(w, begin, end, i) / MS_PER_HOUR
    high = _select(w, i, end, min(i + 1, end - 1)) / MS_PER_HOUR
    if upper_share >= 0.5:
        return float(high - (high - low) * (1 - upper_share))
    return float(low + (high - low) * upper_share)


@kernel
def _select(w: World, begin: int, end: int, place: int) -> int:
    """The number that sorting would put at a place; the smaller ones stand before it.

    C. A. R. Hoare, Algorithm 65: Find, Communications of the ACM 4 (1961), 321.
    """
    low, high = begin, end - 1
    while low < high:
        pivot, i, j = sorted_at(w, place).number, low, high
        while i <= j:
            while sorted_at(w, i).number < pivot:
                i += 1
            while sorted_at(w, j).number > pivot:
                j -= 1
            if i <= j:
                _swap(w, i, j)
                i += 1
                j -= 1
        if j < place:
            low = i
        if place < i:
            high = j
    return int(sorted_at(w, place).number)


@kernel
def _swap(w: World, i: int, j: int) -> None:
    number = sorted_at(w, i).number
    sorted_at(w, i).number = sorted_at(w, j).number
    sorted_at(w, j).number = number
