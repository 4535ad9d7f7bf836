"""How much every resource was used, waited for and closed in the measured year."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Floats, Ints, floats
from railsim.corridor.tables import Plan, Word
from railsim.engine.kernels.jit import kernel
from railsim.engine.kernels.tables import Tables, World
from railsim.engine.measuring.samples import (
    CLOSED,
    GIVEN,
    PROMPT,
    TAKEN,
    WAITED,
    group_of,
    note,
)
from railsim.engine.measuring.service import ResourceUse
from railsim.engine.measuring.tables import (
    delay_at,
    lot_at,
    request_at,
    resource_at,
    unit_at,
)
from railsim.engine.measuring.watching import is_inside, overlap_ms
from railsim.units import MS_PER_HOUR


@kernel
def begin_service(w: World, at: int, u: int, r: int) -> None:
    """Travel or service begins; lots bring their trucks."""
    unit_at(w, u).started_ms = at
    if u < w.lot_count and is_inside(w, at):
        resource_at(w, r).trucks += lot_at(w, u).trucks


@kernel
def end_service(w: World, at: int, u: int, r: int) -> None:
    """A server of a station is free again."""
    if resource_at(w, r).word == Word.STATION:
        resource_at(w, r).busy_ms += overlap_ms(w, unit_at(w, u).started_ms, at)


@kernel
def move_tokens(w: World, at: int, what: int, r: int, count: int) -> None:
    """Tokens are out, or no longer out, for the rest of the measured year."""
    note(w, group_of(w, what, r), count * overlap_ms(w, at, w.end))


@kernel
def follow_queues(w: World) -> None:
    """Find the longest queues: requests and grants in the order of time.

    Who is let in at once, or never, is not counted; at one instant grants come first.
    """
    done = 0
    for i in range(w.requests_count):
        request = request_at(w, i)
        if request.granted_ms > request.asked_ms:
            done = _let_in(w, done, request.asked_ms)
            _move_queue(w, request.resource, 1, request.asked_ms)
    _let_in(w, done, w.end)


@kernel
def _let_in(w: World, done: int, until_ms: int) -> int:
    """Grants after the first `done` of them, up to an instant; how many are done."""
    while done < w.delays_count:
        request = request_at(w, delay_at(w, done).request)
        if request.granted_ms > until_ms:
            break
        _move_queue(w, request.resource, -1, request.granted_ms)
        done += 1
    return done


@kernel
def _move_queue(w: World, r: int, by: int, at: int) -> None:
    resource = resource_at(w, r)
    resource.queue += by
    if is_inside(w, at):
        resource.longest = max(resource.longest, resource.queue)


def measure_resources(plan: Plan, tables: Tables) -> ResourceUse:
    """What was counted and noted, resource by resource."""
    resources, span = tables["resources"], plan.span
    waits = [_hours(tables, WAITED, r) for r in range(len(resources))]
    closed = [_hours(tables, CLOSED, r) for r in range(len(resources))]
    open_h = resources["open_ms"] / MS_PER_HOUR
    return ResourceUse(
        units=resources["units"].copy(),
        trucks=resources["trucks"].copy(),
        wait_mean_h=floats(_mean(hours) for hours in waits),
        wait_p95_h=floats(np.quantile(h, 0.95) if len(h) else 0.0 for h in waits),
        closed_wait_h=floats(_mean(hours) for hours in closed),
        queue_mean=resources["waited_ms"] / (span.end_ms - span.measure_ms),
        queue_max=resources["longest"].copy(),
        open_h=open_h,
        utilisation=_ratio(
            _by_fleet(plan, _busy_hours(tables)), _by_fleet(plan, open_h)
        ),
    )


def _numbers(tables: Tables, what: int, r: int) -> Ints:
    """The numbers of a group in the order in which they were noted."""
    counts = tables["world"][["step_count", "resource_count"]][0]
    group = int(counts["step_count"] + what * counts["resource_count"] + r)
    begin, end = tables["edges"]["begin"][group : group + 2].tolist()
    numbers: Ints = tables["sorted"]["number"][begin:end]
    return numbers


def _hours(tables: Tables, what: int, r: int) -> Floats:
    """A part of the wait of all requests, prompt ones too, in their order."""
    late, prompt = _numbers(tables, what, r), _numbers(tables, PROMPT, r)
    hours = np.zeros(len(late) + int(tables["resources"]["prompt"][r]))
    hours[prompt + np.arange(len(late))] = late / MS_PER_HOUR
    return hours


def _mean(hours: Floats) -> float:
    return float(hours.mean()) if len(hours) else 0.0


def _busy_hours(tables: Tables) -> Floats:
    """Servers in service, tokens out; other resources are not busy but NaN."""
    resources = tables["resources"]
    busy_h = np.where(
        resources["word"] == Word.STATION, resources["busy_ms"] / MS_PER_HOUR, np.nan
    )
    for r in np.flatnonzero(resources["word"] == Word.POOL).tolist():
        taken, given = (
            _numbers(tables, what, r).astype(np.float64).sum()
            for what in (TAKEN, GIVEN)
        )
        busy_h[r] = (taken - given) / MS_PER_HOUR
    return busy_h


def _by_fleet(plan: Plan, hours: Floats) -> Floats:
    """Hours of a fleet over all its places stand at each of its pools."""
    fleets = [name.partition("@")[0] for name in plan.resources.names]
    total: dict[str, float] = {}
    for fleet, h in zip(fleets, hours.tolist(), strict=True):
        total[fleet] = total.get(fleet, 0.0) + h
    return floats(total[fleet] for fleet in fleets)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """NaN where the whole is nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(whole > 0, part / whole, np.nan)
