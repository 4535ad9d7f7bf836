"""The string lines of a day: where trains are, and where they meet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import INK, legend, local, sheet
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOURS = 24


def train_graph(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """All trains of the diary's last day on a single-track line, a picture a world."""
    places = shelf.scenario.get("places", {})
    for world, line, rows in _days(shelf):
        meets = _meets(rows)
        what = {"line": line.replace("_", " "), "world": shelf.title(world)}
        what["date"] = str(rows["date"].iloc[0])
        count = rows["train"].nunique()
        yield Picture(
            name=f"trains_{world}",
            title=words("figure.trains", **what),
            alt=words("alt.trains", **what, trains=count, meets=len(meets)),
            tables=("trains",),
            data=rows.drop(columns=["date", "line"]),
            draw=partial(_strings, rows, meets, places, words),
        )


def _days(shelf: Shelf) -> Iterator[tuple[str, str, Table]]:
    """World, line and trains: the busiest line, of new ones if the world has such."""
    trains = shelf.table("trains")
    if trains is None:
        return
    known: list[Table] = []
    seen: set[str] = set()
    lines = shelf.scenario["lines"].items()
    single = {name for name, line in lines if line["tracks"] == 1}
    last = trains[trains["date"] == trains["date"].max()]
    for world, rows in last[last["line"].isin(single)].groupby(
        "alternative", sort=False
    ):
        busy = rows.groupby("line")["train"].nunique()
        new = [name for name in busy.index if name not in seen]
        seen = seen or set(busy.index)
        line = str((busy[new] if new else busy).idxmax())
        here = rows[rows["line"] == line].drop(columns="alternative")
        here = here.reset_index(drop=True)
        if not any(here.equals(other) for other in known):
            known.append(here)
            yield str(world), line, here


def _meets(rows: Table) -> list[tuple[float, float]]:
    """Hour and km at which trains of both directions stand in one place."""
    found = []
    for km, here in rows.groupby("km"):
        stands = here[here["arrive_h"].notna() & here["depart_h"].notna()]
        up, down = (
            stands.loc[stands["direction"] == way, ["arrive_h", "depart_h"]].to_numpy()
            for way in ("up", "down")
        )
        both_there = np.maximum(up[:, None, 0], down[:, 0])
        one_leaves = np.minimum(up[:, None, 1], down[:, 1])
        hours = both_there[both_there <= one_leaves].tolist()
        found += [(hour, float(km)) for hour in hours if 0.0 <= hour <= HOURS]
    return found


def _string(train: Table) -> tuple[list[float], list[float]]:
    """Hours and kilometres of a train, each stop twice."""
    stops = train.sort_values("seq")
    pairs = [
        (hour, stop.km)
        for stop in stops.itertuples()
        for hour in (stop.arrive_h, stop.depart_h)
        if hour == hour
    ]
    return [hour for hour, _ in pairs], [km for _, km in pairs]


def _strings(
    rows: Table,
    meets: list[tuple[float, float]],
    places: dict[str, dict[str, str]],
    words: Words,
) -> Figure:
    figure, (ax,) = sheet(1, height=4.2)
    for direction, ink, dash in (("up", INK[0], "-"), ("down", INK[1], "--")):
        label = words(f"figure.{direction}")
        for _, train in rows[rows["direction"] == direction].groupby("train"):
            look: dict[str, Any] = {"color": ink, "linestyle": dash, "label": label}
            ax.plot(*_string(train), linewidth=0.8, **look)
            label = "_"
    if meets:
        hours, kilometres = zip(*meets, strict=True)
        dot: dict[str, Any] = {"s": 9, "color": "black", "zorder": 3, "linewidths": 0}
        ax.scatter(hours, kilometres, label=words("figure.meets"), **dot)
    named = rows[rows["place"] != ""].groupby("place")["km"].first().sort_values()
    ax.set_yticks(
        named.tolist(),
        [local(places.get(n, {}).get("name", n), words.language) for n in named.index],
    )
    ax.set_xlim(0, HOURS)
    ax.set_xticks(range(0, HOURS + 1, 3))
    ax.set_xlabel(words("axis.hour_of_day"))
    legend(figure, ax)
    return figure
