"""Who gains, who pays, and what it does to the air."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from railsim.report.figures.of_runs.journeys import ROUTES
from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import (
    HATCHES,
    INK,
    MODES,
    legend,
    sheet,
    short,
)
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BILLION, KILOTONNES = 1e9, 1e3
LEAST = 2e-3  # of the longest bar; shorter ones are not seen


def incidence(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Present value of all that each party gains and pays, by world."""
    rows = shelf.table("incidence")
    if rows is None:
        return
    who = rows["party"].where(
        rows["country"] == "", rows["party"] + " " + rows["country"]
    )
    sums = rows.assign(who=who).groupby(["alternative", "who"], sort=False)["pv_usd"]
    table = sums.sum().unstack("alternative") / BILLION
    table = table.loc[:, (table.abs() > 0).any()]
    largest = float(table.abs().to_numpy().max(initial=0.0))
    table = table[(table.abs() > LEAST * largest).any(axis=1)]
    if table.empty:
        return
    titles, totals = shelf.titles, sums.sum().groupby(level=0).sum() / BILLION
    yield Picture(
        name="incidence",
        title=words("figure.incidence", rate=f"{100 * rows['rate'].iloc[0]:.0f}"),
        alt=words(
            "alt.incidence",
            totals="; ".join(f"{titles.get(w, w)}: {x:.1f}" for w, x in totals.items()),
        ),
        tables=("incidence",),
        data=table.reset_index(),
        draw=lambda: _incidence(table, titles, words),
    )


def _incidence(table: Table, titles: dict[str, str], words: Words) -> Figure:
    table = table.loc[table.iloc[:, 0].sort_values().index]
    figure, (ax,) = sheet(1, height=1.5 + 0.2 * table.size / 1.6)
    thick = 0.8 / len(table.columns)
    for number, world in enumerate(table.columns):
        places = [
            y + (number - (len(table.columns) - 1) / 2) * thick
            for y in range(len(table))
        ]
        ax.barh(
            *(places, table[world]),
            height=thick,
            color=INK[number % len(INK)],
            hatch=HATCHES[number % len(HATCHES)],
            edgecolor="white",
            linewidth=0.4,
            label=titles.get(world, world),
        )
    ax.set_yticks(range(len(table)), [short(str(name)) for name in table.index])
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_xlabel(words("axis.billion_usd_pv"))
    ax.grid(visible=False, axis="y")
    legend(figure, ax)
    return figure


def emissions(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Emissions of transport by mode in the last year that is told leg by leg."""
    legs = shelf.table("emissions", ("alternative", "year", "route", "t_co2e"))
    routes = shelf.table("routes", ROUTES)
    if legs is None or routes is None:
        return
    year = shelf.year(legs["year"])
    modes = routes.drop_duplicates("route").set_index("route")["mode"]
    rows = legs[legs["year"] == year]
    rows = rows.assign(mode=rows["route"].map(modes))
    sums = rows.groupby(["alternative", "mode"], sort=False)["t_co2e"].sum()
    table = sums.unstack("mode").fillna(0.0) / KILOTONNES
    if table.empty:
        return
    titles, totals = shelf.titles, table.sum(axis=1)
    yield Picture(
        name="emissions",
        title=words("figure.emissions", year=year),
        alt=words(
            "alt.emissions",
            year=year,
            totals="; ".join(f"{titles.get(w, w)}: {x:.0f}" for w, x in totals.items()),
        ),
        tables=("emissions", "routes"),
        data=table.reset_index(),
        draw=lambda: _emissions(table, titles, words),
    )


def _emissions(table: Table, titles: dict[str, str], words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=1.3 + 0.35 * len(table))
    begin = 0.0 * table.iloc[:, 0]
    places = list(range(len(table)))[::-1]
    for mode in table.columns:
        number = MODES.get(str(mode), 4)
        ax.barh(
            *(places, table[mode]),
            left=begin,
            color=INK[number],
            hatch=HATCHES[number],
            edgecolor="white",
            linewidth=0.4,
            label=words.named("mode", str(mode)),
        )
        begin = begin + table[mode]
    ax.set_yticks(places, [short(titles.get(str(w), str(w))) for w in table.index])
    ax.set_xlabel(words("axis.kilotonnes_co2e"))
    ax.grid(visible=False, axis="y")
    legend(figure, ax)
    return figure
