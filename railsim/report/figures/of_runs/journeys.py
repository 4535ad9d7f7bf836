"""A box's way: time and cost by distance, and what the cost is made of.

The chart of time and cost by distance is that of Beresford & Dubey 1990 and Banomyong
2000, as UNESCAP draws it: legs slope, stops stand upright.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import (
    DASHES,
    HATCHES,
    INK,
    largest,
    legend,
    plain,
    sheet,
)
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROUTES = ("alternative", "year", "market", "form", "flow", "route", "mode", "teu")
PARTS = ("alternative", "year", "flow", "route", "cause", "payee", "usd_per_teu")
MOST_PARTS = 6  # of a bar; the smallest are one


class _Shown(NamedTuple):
    """The world, the year and the flow that are drawn: the largest of the market."""

    world: str
    year: int
    flow: str
    routes: dict[str, str]
    """Route -> its mode, the most used first."""

    def of(self, rows: Table) -> Table:
        return rows[
            (rows["alternative"] == self.world)
            & (rows["year"] == self.year)
            & (rows["flow"] == self.flow)
            & rows["route"].isin(list(self.routes))
        ]


def _shown(shelf: Shelf) -> _Shown | None:
    routes, legs = shelf.table("routes", ROUTES), shelf.table("tcd")
    if routes is None or legs is None:
        return None
    world, year = list(dict.fromkeys(legs["alternative"]))[-1], shelf.year(legs["year"])
    here = routes[(routes["alternative"] == world) & (routes["year"] == year)]
    here = here[(here["form"] == "container") & (here["teu"] > 0)]
    if here.empty:
        return None
    market = shelf.market(list(dict.fromkeys(here["market"])))
    here = here[here["market"] == market]
    if here.empty:
        return None
    flow = str(here.groupby("flow", sort=False)["teu"].sum().idxmax())
    used = here[here["flow"] == flow].sort_values("teu", ascending=False)
    used = used.drop_duplicates("route").head(len(INK))
    return _Shown(
        world, year, flow, dict(zip(used["route"], used["mode"], strict=True))
    )


def time_and_cost_by_distance(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Hours, with the band from p10 to p90, and dollars along each route of a flow."""
    shown, legs = _shown(shelf), shelf.table("tcd")
    if shown is None or legs is None:
        return
    rows = shown.of(legs)
    if rows.empty:
        return
    ends = rows.groupby("route", sort=False).last()
    world = shelf.title(shown.world)
    what = {"flow": plain(shown.flow), "year": shown.year, "world": world}
    yield Picture(
        name="time_cost_distance",
        title=words("figure.time_cost_distance", **what),
        alt=words(
            "alt.time_cost_distance",
            **what,
            routes="; ".join(
                f"{route} ({words.named('mode', shown.routes[str(route)])}) "
                f"{end.cum_km:.0f} km, {end.cum_h:.0f} h, {end.cum_usd:.0f} USD"
                for route, end in ends.iterrows()
            ),
        ),
        tables=("tcd", "routes"),
        data=rows.drop(columns=["alternative", "year", "market"]),
        draw=lambda: _by_distance(rows, shown, words),
    )


def _by_distance(rows: Table, shown: _Shown, words: Words) -> Figure:
    figure, axes = sheet(1, 2, height=3.3)
    for number, route in enumerate(shown.routes):
        line = rows[rows["route"] == route]
        look: dict[str, Any] = {
            "color": INK[number % len(INK)],
            "linestyle": DASHES[number % 7],
        }
        label = f"{route} {words.named('mode', shown.routes[route])}"
        axes[0].plot(line["cum_km"], line["cum_h"], label=label, **look)
        axes[0].fill_between(
            *(line["cum_km"], line["h_lo"], line["h_hi"]),
            color=look["color"],
            alpha=0.15,
            linewidth=0,
        )
        axes[1].plot(line["cum_km"], line["cum_usd"], **look)
    for ax, axis in zip(axes, ("axis.hours", "axis.usd_per_teu"), strict=True):
        ax.set_xlabel(words("axis.km"))
        ax.set_ylabel(words(axis))
        ax.set_ylim(bottom=0)
    legend(figure, axes[0], columns=4)
    return figure


def cost_build_up(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """What a box costs on each route: by cause, and by who is paid."""
    shown, parts = _shown(shelf), shelf.table("cost_components", PARTS)
    if shown is None or parts is None:
        return
    rows = shown.of(parts)
    if rows.empty:
        return
    world = shelf.title(shown.world)
    what = {"flow": plain(shown.flow), "year": shown.year, "world": world}
    for by in ("cause", "payee"):
        table = rows.pivot_table(
            index="route", columns=by, values="usd_per_teu", aggfunc="sum", sort=False
        ).reindex(list(shown.routes))
        table = largest(table.fillna(0.0), MOST_PARTS, words("figure.rest"))
        yield Picture(
            name=f"cost_by_{by}",
            title=words(f"figure.cost_by_{by}", **what),
            alt=words(
                f"alt.cost_by_{by}",
                **what,
                routes="; ".join(
                    f"{route} {total:.0f} USD"
                    for route, total in table.sum(axis=1).items()
                ),
            ),
            tables=("cost_components",),
            data=table.reset_index(),
            draw=lambda table=table, by=by: _bars(table, by, shown, words),  # type: ignore[misc]
        )


def _bars(table: Table, by: str, shown: _Shown, words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=1.4 + 0.28 * len(table))
    places = list(range(len(table)))[::-1]
    begin = 0.0 * table.iloc[:, 0]
    for number, part in enumerate(table.columns):
        name = words.named(by, str(part))
        ax.barh(
            *(places, table[part]),
            left=begin,
            color=INK[number % len(INK)],
            hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white",
            linewidth=0.4,
            label=plain(name) if name == part else name,
        )
        begin = begin + table[part]
    modes = [words.named("mode", shown.routes[str(r)]) for r in table.index]
    ax.set_yticks(places, [f"{r} {m}" for r, m in zip(table.index, modes, strict=True)])
    ax.set_xlabel(words("axis.usd_per_teu"))
    ax.grid(visible=False, axis="y")
    legend(figure, ax, columns=4)
    return figure
