"""The corridor from above: who goes where, as wide as what is carried."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from railsim.report.figures.of_runs.journeys import ROUTES
from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import (
    DASHES,
    INK,
    MODES,
    legend,
    local,
    sheet,
)
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FAR_SOUTH = 18.0  # degrees; what lies beyond is an arrow to the edge
CLOSE = 0.35  # degrees
WIDEST = 9.0  # points
Point = tuple[float, float]
Leg = tuple[str, str, str]  # mode, and two places in order of name


def flow_map(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """TEU between neighbouring places by mode, all flows of the last world and year."""
    legs, routes = shelf.table("tcd"), shelf.table("routes", ROUTES)
    if legs is None or routes is None:
        return
    places = shelf.scenario.get("places", {})
    world, year = list(dict.fromkeys(legs["alternative"]))[-1], shelf.year(legs["year"])
    carried = _carried(legs, routes, world, year)
    if not carried:
        return
    table = _table(carried)
    first = table.iloc[0]
    what = {"year": year, "world": shelf.title(world)}
    yield Picture(
        name="map",
        title=words("figure.map", **what),
        alt=words(
            "alt.map",
            **what,
            mode=words.named("mode", first["mode"]),
            origin=_name(places, first["one"], words),
            destination=_name(places, first["other"], words),
            teu=f"{first['teu'] / 1000:,.0f}",
        ),
        tables=("tcd", "routes"),
        data=table,
        draw=lambda: _map(carried, places, words),
    )


def _carried(legs: Table, routes: Table, world: str, year: int) -> dict[Leg, float]:
    def chosen(rows: Table) -> Table:
        return rows[(rows["alternative"] == world) & (rows["year"] == year)]

    used = chosen(routes).groupby(["flow", "route"], sort=False)
    teu, mode = used["teu"].sum(), used["mode"].first()
    found: dict[Leg, float] = defaultdict(float)
    for key, way in chosen(legs).groupby(["flow", "route"], sort=False):
        if key not in teu.index or teu[key] <= 0:
            continue
        stops = list(dict.fromkeys(way["place"]))
        for one, other in pairwise(stops):
            found[mode[key], min(one, other), max(one, other)] += float(teu[key])
    return dict(found)


def _table(carried: dict[Leg, float]) -> Table:
    import pandas as pd

    rows = [(*leg, teu) for leg, teu in carried.items()]
    table = pd.DataFrame(rows, columns=["mode", "one", "other", "teu"])
    return table.sort_values("teu", ascending=False, kind="stable")


def _name(places: dict[str, Any], key: str, words: Words) -> str:
    return local(places.get(key, {}).get("name", key), words.language)


def _map(carried: dict[Leg, float], places: dict[str, Any], words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=4.6)
    near = {n: _point(places[n]) for leg in carried for n in leg[1:] if n in places}
    _draw_legs(ax, carried, near, words)
    for cluster in _clusters(near):
        names = dict.fromkeys(_name(places, name, words) for name in cluster)
        look: dict[str, Any] = {"textcoords": "offset points", "fontsize": 7}
        ax.annotate(" · ".join(names), near[cluster[0]], (6, 4), zorder=5, **look)
    ax.plot(*zip(*near.values(), strict=True), "o", color="black", markersize=3)
    ax.set_aspect(1.08)  # of a degree of latitude, at 22 degrees north
    ax.margins(0.09)
    ax.grid(visible=False)
    ax.set_xlabel(words("axis.east"))
    ax.set_ylabel(words("axis.north"))
    legend(figure, ax)
    return figure


def _draw_legs(
    ax: Axes, carried: dict[Leg, float], near: dict[str, Point], words: Words
) -> None:
    """Lines between places, the widest first, each mode a little beside the other."""
    most, said = max(carried.values()), set[str]()
    for (mode, *ends), teu in sorted(carried.items(), key=lambda item: -item[1]):
        if any(end not in near for end in ends):
            continue
        number, width = MODES.get(mode, 4), max(0.6, WIDEST * (teu / most) ** 0.5)
        east, north = zip(*(near[end] for end in ends), strict=True)
        ax.plot(
            *(east, [y + 0.05 * (number - 1) for y in north]),
            color=INK[number],
            linestyle=DASHES[number] if width < 2 else "-",
            linewidth=width,
            solid_capstyle="round",
            alpha=0.85,
            label="_" if mode in said else words.named("mode", mode),
        )
        said.add(mode)


def _point(place: dict[str, Any]) -> Point:
    """Longitude and latitude, far places at the edge of the map."""
    return float(place["longitude"]), max(float(place["latitude"]), FAR_SOUTH)


def _clusters(near: dict[str, Point]) -> list[list[str]]:
    """Places so close together that they share a label."""
    found: list[list[str]] = []
    for name, point in near.items():
        for cluster in found:
            if math.dist(point, near[cluster[0]]) < CLOSE:
                cluster.append(name)
                break
        else:
            found.append([name])
    return found
