"""The string lines of a day: where trains are, and where they meet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import INK, legend, local, sheet
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOURS = 24


def train_graph(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """All trains of the diary's day on the busiest single-track line of each world.

    Of a world that has lines which the first has not, on the busiest of those.
    """
    trains = shelf.table("trains")
    if trains is None:
        return
    scenario = shelf.scenario
    single = {n for n, line in scenario["lines"].items() if line["tracks"] == 1}
    known: list[Table] = []
    seen: set[str] = set()
    last = trains[trains["date"] == trains["date"].max()]
    for world, rows in last.groupby("alternative", sort=False):
        lines = rows[rows["line"].isin(single)].groupby("line")["train"].nunique()
        if lines.empty:
            continue
        new = [name for name in lines.index if name not in seen]
        seen |= set(lines.index)
        lines = lines[new] if new else lines
        line = str(lines.idxmax())
        here = rows[rows["line"] == line].drop(columns="alternative")
        here = here.reset_index(drop=True)
        if any(here.equals(other) for other in known):
            continue  # another world has the same trains
        known.append(here)
        meets = _meets(here)
        what = {"line": line.replace("_", " "), "date": here["date"].iloc[0]}
        what["world"] = shelf.title(world)
        yield Picture(
            name=f"trains_{world}",
            title=words("figure.trains", **what),
            alt=words(
                "alt.trains",
                **what,
                trains=here["train"].nunique(),
                meets=len(meets),
            ),
            tables=("trains",),
            data=here.drop(columns=["date", "line"]),
            draw=lambda here=here, meets=meets: _strings(  # type: ignore[misc]
                here, meets, scenario["places"], words
            ),
        )


def _meets(rows: Table) -> list[tuple[float, float]]:
    """Hour and km at which trains of both directions stand in one place."""
    found = []
    for km, here in rows.groupby("km"):
        stands = here[here["arrive_h"].notna() & here["depart_h"].notna()]
        down = stands[stands["direction"] == "down"]
        for up in stands[stands["direction"] == "up"].itertuples():
            met = down[
                (down["arrive_h"] <= up.depart_h) & (down["depart_h"] >= up.arrive_h)
            ]
            found += [(max(up.arrive_h, h), float(km)) for h in met["arrive_h"]]
    return [meet for meet in found if 0.0 <= meet[0] <= HOURS]


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
            stops = train.sort_values("seq")[["km", "arrive_h", "depart_h"]]
            times, kms = [], []
            for stop in stops.itertuples():
                for hour in (stop.arrive_h, stop.depart_h):
                    if hour == hour:
                        times.append(hour)
                        kms.append(stop.km)
            ax.plot(times, kms, color=ink, linestyle=dash, linewidth=0.8, label=label)
            label = "_"
    if meets:
        hours, kilometres = zip(*meets, strict=True)
        look: dict[str, Any] = {"s": 9, "color": "black", "zorder": 3, "linewidths": 0}
        ax.scatter(hours, kilometres, label=words("figure.meets"), **look)
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
