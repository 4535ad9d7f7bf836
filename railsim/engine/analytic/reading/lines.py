"""What trains lose on the way: other trains on the sections, and shut lines.

Every section of a single track is one server for both directions, of a double track one
for each, with the trains' classes as priorities: W_k = W_0 / ((1 - s_(k-1)) (1 - s_k))
(Cobham 1954). Trains come by timetable, not by chance, which `kappa` has to mend.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Floats, Ints, sums
from railsim.corridor.tables import Plan
from railsim.engine.analytic.reading.vehicles import Passages, ways_of_vehicles
from railsim.units import MS_PER_HOUR

FULLEST = 0.98  # a section that is asked for more is taken to be used so much


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
    _, passages = ways_of_vehicles(plan)
    line, v = plan.lines.of_resource[passages.resource], passages.service
    often, slow = per_h[v], slowness[v]
    mean = slow * passages.mean_h + plan.lines.clear_ms[line] / MS_PER_HOUR
    square = mean * mean + slow * slow * passages.variance_h2
    server, count = _servers(passages, plan.lines.track_count[line])
    busy = often * mean
    residual = sums(server, often * square, count) / 2.0
    wait = _waits(server, plan.services.priority[v], busy, residual)
    load = np.minimum(FULLEST, sums(server, busy, count))[server]
    stop_h = plan.lines.stop_loss_ms[line] / MS_PER_HOUR
    cell = plan.lines.first_section[line] + passages.section
    cells = int(plan.lines.section_count.sum())
    return LineUse(
        lost_h=sums(v, np.where(often > 0.0, wait + load * stop_h, 0.0), len(per_h)),
        trains=sums(cell, often, cells),
        occupied=sums(cell, busy, cells),
        stood=sums(cell, often * wait, cells),
    )


def _servers(passages: Passages, tracks: Ints) -> tuple[Ints, int]:
    """The track that each passage takes, numbered, and how many tracks there are."""
    direction = np.where(tracks > 1, passages.direction, 0)
    keys = np.stack([passages.resource, passages.section, direction], axis=1)
    found, server = np.unique(keys, axis=0, return_inverse=True)
    return server.ravel(), len(found)


def _waits(server: Ints, priority: Ints, busy: Floats, residual: Floats) -> Floats:
    """Mean wait of each passage before its section; lower priorities go first."""
    keys = np.stack([server, priority], axis=1)
    classes, own = np.unique(keys, axis=0, return_inverse=True)
    of_class = classes[:, 0]
    load = sums(own.ravel(), busy, len(classes))
    through = np.cumsum(load)
    begin = np.searchsorted(of_class, of_class)
    through -= (through - load)[begin]
    before = np.minimum(FULLEST, through - load)
    after = np.minimum(FULLEST, through)
    wait: Floats = residual[of_class] / ((1.0 - before) * (1.0 - after))
    return wait[own.ravel()]
