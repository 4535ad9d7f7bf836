"""Stations that whole trainloads reach at once: lots do not come there by chance."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Act
from railsim.engine.analytic.building import Year
from railsim.engine.analytic.solving import Solution

SLOW_H = 0.5  # a load that is handled sooner than this makes no burst worth a word


def crowded_stations(year: Year, solution: Solution) -> list[int]:
    """Resources whose servers need over half an hour for the lots of one departure.

    Only stations that lots reach straight from a ride, with a queue of any length.
    """
    m, steps = year.model, year.steps
    act = year.plan.steps.act[steps["step"]]
    is_fed = (act[:-1] == Act.RIDE) & (act[1:] == Act.SERVE)
    is_fed &= steps["chain"][1:] == steps["chain"][:-1]
    is_fed &= solution.lots[steps["chain"][1:]] > 0.0
    ride, served = steps["node"][:-1][is_fed], steps["node"][1:][is_fed]
    work = _lots_per_departure(year, solution)[ride] * steps["work"][1:][is_fed]
    crowded = served[work > SLOW_H * m.nodes["servers"][served]]
    found: list[int] = np.unique(m.nodes["resource"][crowded]).tolist()
    return found


def _lots_per_departure(year: Year, solution: Solution) -> np.ndarray:
    """Mean lots on a departure of each node that is a service; 0 elsewhere."""
    m = year.model
    visits = solution.lots[year.steps["chain"]] * year.steps["chance"]
    node = year.steps["node"]
    lots = np.bincount(node[node >= 0], visits[node >= 0], len(m.nodes))
    headway, active = m.nodes["headway_h"], m.nodes["active_h"]
    share = np.divide(headway, active, out=np.zeros(len(lots)), where=active > 0.0)
    return np.asarray(lots * share, dtype=np.float64)
