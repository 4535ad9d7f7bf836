"""Can the line serve its debt, and what becomes of public debt?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import (
    INK,
    band,
    legend,
    sheet,
    short,
    span,
    year_axis,
)
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BILLION = 1e9
CASH = (
    "access_charge",
    "availability_payment",
    "maintenance",
    "renewals",
    "tax",
)
"""Lines of the owner that are there to serve debt."""
DUE = ("interest", "principal", "guarantee_fees")
ABOVE = 2.5  # the cover that is still drawn; more is enough


def debt_service(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Cash of the owner and what it owes in each year, and their quotient."""
    rows = shelf.table("finance_annual")
    if rows is None:
        return
    table = _cover(rows[rows["account"] == "owner"])
    if table.empty or not (table["due"] > 0).any():
        return
    titles = shelf.titles
    least = table.dropna(subset="dscr").groupby("alternative", sort=False)["dscr"].min()
    yield Picture(
        name="debt_service",
        title=words("figure.debt_service"),
        alt=words(
            "alt.debt_service",
            years=span(table["year"]),
            least="; ".join(f"{titles.get(w, w)}: {x:.2f}" for w, x in least.items()),
        ),
        tables=("finance_annual",),
        data=table,
        draw=lambda: _service(table, titles, words),
    )


def _cover(owner: Table) -> Table:
    """Cash, debt service and cover by world and year, nominal; half-widths add up."""
    import numpy as np
    import pandas as pd

    keys = ["alternative", "year"]
    found = {}
    for name, items, sign in (("cash", CASH, 1.0), ("due", DUE, -1.0)):
        lines = owner[owner["item"].isin(items)].groupby(keys, sort=False)
        found[name] = sign * lines["usd_nominal"].sum()
        found[f"{name}_ci95"] = lines["usd_nominal_ci95"].sum()
    table = pd.DataFrame(found).reset_index()
    is_due = table["due"] > 0
    table["dscr"] = np.where(is_due, table["cash"] / table["due"].where(is_due), np.nan)
    part = table["cash_ci95"] + table["dscr"].abs() * table["due_ci95"]
    table["dscr_ci95"] = part / table["due"].where(is_due)
    return table


def _service(table: Table, titles: dict[str, str], words: Words) -> Figure:
    figure, axes = sheet(1, 2, height=3.1)
    for number, (world, rows) in enumerate(table.groupby("alternative", sort=False)):
        name = titles.get(str(world), str(world))
        part = rows.assign(
            **{
                column: rows[column] / BILLION
                for column in ("cash", "cash_ci95", "due", "due_ci95")
            }
        )
        for half, column in enumerate(("cash", "due")):
            label = f"{name}: {words(f'figure.{column}')}"
            band(axes[0], part, "year", column, number=2 * number + half, label=label)
        kept = part[part["dscr"] < ABOVE]
        band(axes[1], kept, "year", "dscr", number=2 * number, label=name)
    axes[1].axhline(1.0, color="black", linewidth=0.8)
    axes[0].set_ylabel(words("axis.billion_usd_nominal"))
    axes[1].set_ylabel(words("axis.dscr"))
    for ax in axes:
        year_axis(ax, words("axis.year"))
    legend(figure, axes[0], columns=2)
    return figure


def public_debt(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Public debt over GDP, with the project less without it."""
    rows = shelf.table("public_debt")
    if rows is None:
        return
    added = 100 * (rows["debt_with_share"] - rows["debt_without_share"])
    half = 100 * rows["debt_with_share_ci95"]
    table = rows[["alternative", "year"]].assign(added=added, added_ci95=half)
    table = table[table.groupby("alternative")["added"].transform("max") > 0]
    if table.empty:
        return
    titles = shelf.titles
    peaks = table.groupby("alternative", sort=False)["added"].max()
    yield Picture(
        name="public_debt",
        title=words("figure.public_debt"),
        alt=words(
            "alt.public_debt",
            years=span(table["year"]),
            peaks="; ".join(f"{titles.get(w, w)}: {x:.2f}" for w, x in peaks.items()),
        ),
        tables=("public_debt",),
        data=table,
        draw=lambda: _debt(table, titles, words),
    )


def _debt(table: Table, titles: dict[str, str], words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=2.7)
    for number, (world, rows) in enumerate(table.groupby("alternative", sort=False)):
        label = titles.get(str(world), str(world))
        band(ax, rows, "year", "added", number=number, label=label)
    year_axis(ax, words("axis.year"))
    ax.set_ylabel(words("axis.per_cent_of_gdp"))
    ax.set_ylim(bottom=0)
    legend(figure, ax)
    return figure


def loans(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """What is owed on each loan at the end of each year, a panel a world."""
    rows = shelf.table("debt_schedule")
    if rows is None:
        return
    year = rows["end_date"].str[:4].astype(int)
    table = rows.assign(year=year)[rows["end_date"].str.endswith("12-31")]
    table = table[table["closing_usd"].abs() > 0]
    if table.empty:
        return
    titles = shelf.titles
    whole = table.groupby(["alternative", "year"], sort=False)["closing_usd"].sum()
    peaks = whole.groupby("alternative", sort=False).max() / BILLION
    yield Picture(
        name="loans",
        title=words("figure.loans"),
        alt=words(
            "alt.loans",
            peaks="; ".join(f"{titles.get(w, w)}: {x:.1f}" for w, x in peaks.items()),
        ),
        tables=("debt_schedule",),
        data=table[
            ["alternative", "tranche", "year", "closing_usd", "closing_usd_ci95"]
        ],
        draw=lambda: _loans(table, titles, words),
    )


def _loans(table: Table, titles: dict[str, str], words: Words) -> Figure:
    worlds = list(dict.fromkeys(table["alternative"]))
    names = list(dict.fromkeys(table["tranche"]))
    figure, axes = sheet(1, len(worlds), height=2.9)
    for ax, world in zip(axes, worlds, strict=True):
        here = table[table["alternative"] == world]
        owed = here.pivot_table(index="year", columns="tranche", values="closing_usd")
        owed = owed.reindex(columns=names).fillna(0.0) / BILLION
        ax.stackplot(
            owed.index,
            owed.to_numpy().T,
            colors=INK[: len(names)],
            labels=[name.replace("_", " ") for name in names],
            edgecolor="white",
            linewidth=0.4,
        )
        ax.set_title(short(titles.get(world, world)))
        year_axis(ax, words("axis.year"))
        ax.sharey(axes[0])
    axes[0].set_ylabel(words("axis.billion_usd_nominal"))
    legend(figure, axes[0], columns=5)
    return figure
