"""Tables of the way: time/cost-distance points and the parts of the cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from railsim import formulas
from railsim.results.catalogue import COST_COMPONENTS, STEP_VALUES, TCD, TOTAL
from railsim.results.tables.panel import Floats, Key, Panel, mean_and_half_width
from railsim.results.tables.routes import Rows, place_of, rows_of

ROUTE_OF_YEAR = ("alternative", "year", "flow", "route")
_CENT = 1e-9


def cost_table(panel: Panel, routes: Panel) -> Rows:
    """Parts of the cost; a part a replication does not mention is zero there."""
    counts = _counted(routes)
    is_counted = np.array([counts[key[:4]] for key in panel.keys])
    amounts = panel.zero_if_absent("usd_per_teu")
    columns = {
        "usd_per_teu": np.where(is_counted.reshape(amounts.shape), amounts, np.nan)
    }
    return rows_of(COST_COMPONENTS, panel.keys, columns)


def _counted(routes: Panel) -> dict[Key, Any]:
    """Replications whose whole cost is known; all of them where none is."""
    is_known = np.isfinite(routes[TOTAL])
    counts = np.where(is_known.any(axis=1, keepdims=True), is_known, True)
    return dict(zip(place_of(routes, ROUTE_OF_YEAR), counts, strict=True))


def tcd_table(panel: Panel, routes: Panel) -> Rows:
    """The journey of each route from (0, 0) to all its km, hours and charges.

    `panel` has the steps.
    """
    means = {name: mean_and_half_width(panel[name])[0] for name in STEP_VALUES}
    money = mean_and_half_width(routes["money_usd_per_teu"])[0].tolist()
    steps = _by_route(panel)
    rows: Rows = []
    places = place_of(routes, ROUTE_OF_YEAR)
    heads = place_of(routes, TCD.key_names[:-1])
    goals = place_of(routes, ("destination",))
    for place, head, goal, usd in zip(places, heads, goals, money, strict=True):
        walked = steps.get(place, [])
        if walked and all(math.isfinite(means["time_h"][i]) for i in walked):
            journey = _journey(panel, means, walked, goal[0], usd)
            rows += [(*head, *point) for point in journey]
    return rows


def _by_route(panel: Panel) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = {}
    for i, key in enumerate(panel.keys):
        found.setdefault(key[:4], []).append(i)
    return found


def _journey(
    panel: Panel, means: dict[str, Floats], steps: list[int], goal: str, money: float
) -> Iterator[tuple[Any, ...]]:
    """seq, place, activity, cumulated km, h and USD, hours of the fast and the slow."""
    walk: list[list[str | float]] = [
        [*panel.keys[i][5:], *(float(means[name][i]) for name in STEP_VALUES[:3])]
        for i in steps
    ]
    paid = math.fsum(float(means["usd_per_teu"][i]) for i in steps)
    if abs(money - paid) > _CENT * max(1.0, abs(money)):
        walk.append([goal, "whole route", 0.0, 0.0, money - paid])
    low = [float(means["elapsed_p10_h"][i]) for i in steps]
    high = [float(means["elapsed_p90_h"][i]) for i in steps]
    yield (0, walk[0][0], "start", 0.0, 0.0, 0.0, 0.0, 0.0)
    for seq, point in enumerate(formulas.tcd_points(rows=walk)):
        last = min(seq, len(steps) - 1)
        yield (seq + 1, *point, low[last], high[last])
