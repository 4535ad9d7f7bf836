"""What is built, when money is spent on it, and how likely which opening is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import INK, legend, plain, sheet, short, year_axis
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BILLION = 1e9
MOST_PARTS = 6  # of a column; the smallest are one


def spending(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Real spending on works a year by component, a panel a world."""
    rows = shelf.table("project")
    if rows is None:
        return
    paid = rows[rows["item"].str.startswith(("capex.", "vehicles."))]
    paid = paid.assign(part=paid["item"].str.rpartition(".")[2])
    if paid.empty or not (paid["value"] > 0).any():
        return
    titles = shelf.titles
    totals = paid.groupby("alternative", sort=False)["value"].sum() / BILLION
    yield Picture(
        name="spending",
        title=words("figure.spending", price_year=int(paid["price_year"].max())),
        alt=words(
            "alt.spending",
            totals="; ".join(f"{titles.get(w, w)}: {t:.1f}" for w, t in totals.items()),
        ),
        tables=("project",),
        data=paid[["alternative", "project", "item", "year", "value", "value_ci95"]],
        draw=lambda: _spending(paid, titles, words),
    )


def _spending(paid: Table, titles: dict[str, str], words: Words) -> Figure:
    worlds = list(dict.fromkeys(paid["alternative"]))
    sums = paid.groupby("part")["value"].sum().sort_values(ascending=False)
    rest = words("figure.rest")
    parts = [*sums.index[:MOST_PARTS], rest]
    paid = paid.assign(part=paid["part"].where(paid["part"].isin(parts), rest))
    figure, axes = sheet(1, len(worlds), height=3.2)
    for ax, world in zip(axes, worlds, strict=True):
        here = paid[paid["alternative"] == world]
        table = here.pivot_table(
            index="year", columns="part", values="value", aggfunc="sum"
        ).reindex(columns=parts)
        _columns(ax, table.fillna(0.0) / BILLION)
        ax.set_title(short(titles.get(world, world)))
        year_axis(ax, words("axis.year"))
        ax.sharey(axes[0])
    axes[0].set_ylabel(words("axis.billion_usd"))
    legend(figure, axes[0], columns=5)
    return figure


def _columns(ax: Axes, table: Table) -> None:
    begin = 0.0 * table.iloc[:, 0]
    for number, part in enumerate(table.columns):
        ax.bar(
            *(table.index, table[part]),
            bottom=begin,
            color=INK[number % len(INK)],
            edgecolor="white",
            linewidth=0.4,
            label=plain(str(part)),
        )
        begin = begin + table[part]
    ax.grid(visible=False, axis="x")


def opening_dates(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Opening of each project as such projects have it: p05 to p95, and the middle."""
    rows = shelf.table("project_odds")
    if rows is None:
        return
    is_meant = rows["is_in_force"].astype(str).str.lower() == "true"
    odds = rows[(rows["item"] == "opening") & is_meant]
    table = odds.pivot_table(
        index=["alternative", "project"],
        columns="statistic",
        values="value",
        sort=False,
    )
    if table.empty or not {"p05", "p25", "p50", "p75", "p95"} <= set(table.columns):
        return
    titles = shelf.titles
    yield Picture(
        name="opening_dates",
        title=words("figure.opening_dates"),
        alt=words(
            "alt.opening_dates",
            openings="; ".join(
                f"{project}, {titles.get(world, world)}: {row.p50:.1f} "
                f"({row.p05:.1f}-{row.p95:.1f})"
                for (world, project), row in table.iterrows()
            ),
        ),
        tables=("project_odds",),
        data=table.reset_index(),
        draw=lambda: _openings(table, titles, words),
    )


def _openings(table: Table, titles: dict[str, str], words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=1.3 + 0.35 * len(table))
    names = []
    for y, ((world, project), row) in enumerate(table.iterrows()):
        look: dict[str, Any] = {"color": INK[0], "solid_capstyle": "butt"}
        wide, inner, middle = (words(f"figure.p{k}") for k in ("05_95", "25_75", "50"))
        ax.plot([row.p05, row.p95], [y, y], linewidth=2, label=wide, **look)
        ax.plot([row.p25, row.p75], [y, y], linewidth=7, label=inner, **look)
        ax.plot(row.p50, y, "o", color="white", markeredgecolor=INK[0], label=middle)
        if y == 0:
            legend(figure, ax)
        names.append(short(f"{project}, {titles.get(world, world)}"))
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    year_axis(ax, words("axis.year"))
    ax.grid(visible=False, axis="y")
    return figure
