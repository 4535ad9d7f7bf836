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
    plan, m = year.plan, year.model
    load = _lots_per_departure(year, solution)
    found = set()
    for c in np.flatnonzero(solution.lots > 0.0).tolist():
        rows = range(int(m.chains[c]["step_begin"]) + 1, int(m.chains[c]["step_end"]))
        for s in rows:
            before, here = m.steps[s - 1], m.steps[s]
            act_before = plan.steps.act[before["step"]]
            if act_before != Act.RIDE or plan.steps.act[here["step"]] != Act.SERVE:
                continue
            node = m.nodes[here["node"]]
            if load[before["node"]] * here["work"] > SLOW_H * node["servers"]:
                found.add(int(node["resource"]))
    return sorted(found)


def _lots_per_departure(year: Year, solution: Solution) -> np.ndarray:
    """Mean lots on a departure of each node that is a service; 0 elsewhere."""
    m = year.model
    visits = solution.lots[year.steps["chain"]] * year.steps["chance"]
    node = year.steps["node"]
    lots = np.bincount(node[node >= 0], visits[node >= 0], len(m.nodes))
    headway, active = m.nodes["headway_h"], m.nodes["active_h"]
    share = np.divide(headway, active, out=np.zeros(len(lots)), where=active > 0.0)
    return np.asarray(lots * share, dtype=np.float64)
