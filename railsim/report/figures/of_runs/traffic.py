"""Who carries how much: shares by market, boxes by rail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import MODES, band, legend, sheet, span, year_axis
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def shares(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Shares of tonnes by mode over the years, a panel a world, a picture a market."""
    rows = shelf.table("summary")
    if rows is None:
        return
    titles = shelf.titles
    for market, here in rows.groupby("market", sort=False):
        name = words.named("market", str(market))
        yield Picture(
            name=f"shares_{market}",
            title=words("figure.shares", market=name),
            alt=words(
                "alt.shares",
                market=name,
                years=span(here["year"]),
                shares=_last_shares(here, titles, words),
            ),
            tables=("summary",),
            data=here[["alternative", "year", "mode", "share", "share_ci95"]],
            draw=lambda here=here: _shares(here, titles, words),  # type: ignore[misc]
        )


def _shares(rows: Table, titles: dict[str, str], words: Words) -> Figure:
    worlds = list(dict.fromkeys(rows["alternative"]))
    figure, axes = sheet(1, len(worlds), height=2.9)
    for ax, world in zip(axes, worlds, strict=True):
        for mode, line in rows[rows["alternative"] == world].groupby("mode"):
            part = line.assign(share=100 * line["share"])
            part["share_ci95"] = 100 * line["share_ci95"]
            label, number = words.named("mode", str(mode)), MODES.get(str(mode), 4)
            band(ax, part, "year", "share", number=number, label=label)
        ax.set_title(_wrapped(titles.get(world, world)))
        ax.set_ylim(0, 100)
        year_axis(ax, words("axis.year"))
        ax.sharey(axes[0])
    axes[0].set_ylabel(words("axis.share_of_tonnes"))
    legend(figure, axes[0])
    return figure


def _last_shares(rows: Table, titles: dict[str, str], words: Words) -> str:
    last = rows[rows["year"] == rows["year"].max()]
    return "; ".join(
        f"{titles.get(world, world)}: "
        + ", ".join(
            f"{words.named('mode', mode)} {100 * share:.0f} %"
            for mode, share in zip(part["mode"], part["share"], strict=True)
        )
        for world, part in last.groupby("alternative", sort=False)
    )


def _wrapped(title: str, width: int = 26) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(title, width)[:2])


def boxes(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """TEU by rail over the years with their interval, a panel a market."""
    rows = shelf.table("summary")
    if rows is None:
        return
    rail = rows[rows["mode"] == "rail"]
    if rail.empty:
        return
    last = rail[rail["year"] == rail["year"].max()]
    total = last.groupby("alternative", sort=False)["teu"].sum()
    titles = shelf.titles
    yield Picture(
        name="teu_by_rail",
        title=words("figure.teu_by_rail"),
        alt=words(
            "alt.teu_by_rail",
            years=span(rail["year"]),
            totals="; ".join(
                f"{titles.get(world, world)}: {teu / 1000:,.0f}"
                for world, teu in total.items()
            ),
        ),
        tables=("summary",),
        data=rail[["alternative", "year", "market", "teu", "teu_ci95"]],
        draw=lambda: _boxes(rail, titles, words),
    )


def _boxes(rail: Table, titles: dict[str, str], words: Words) -> Figure:
    markets = list(dict.fromkeys(rail["market"]))
    figure, axes = sheet(1, len(markets), height=2.9)
    for ax, market in zip(axes, markets, strict=True):
        here = rail[rail["market"] == market]
        for number, (world, line) in enumerate(here.groupby("alternative", sort=False)):
            part = line.assign(teu=line["teu"] / 1e3, teu_ci95=line["teu_ci95"] / 1e3)
            label = titles.get(str(world), str(world))
            band(ax, part, "year", "teu", number=number, label=label)
        ax.set_title(_wrapped(words.named("market", market)))
        ax.set_ylim(bottom=0)
        year_axis(ax, words("axis.year"))
    axes[0].set_ylabel(words("axis.thousand_teu"))
    legend(figure, axes[0], columns=2)
    return figure
