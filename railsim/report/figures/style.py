"""What all pictures share: greys that can be told apart, axes, names and intervals.

Colours fall in brightness as much as in hue, and every line and area has a dash or a
hatch of its own, so that a black-and-white print says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from railsim.report.figures.picture import INCHES
from railsim.report.figures.reading import Table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = ("#0B3C5D", "#C4651A", "#8CC0DE", "#5B7F3B", "#D9B44A", "#7A5195", "#B7B7B7")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 2)))
HATCHES = ("", "///", "", "xxx", "\\\\\\", "", "|||")
MODES = {"rail": 0, "road": 1, "sea": 2, "all": 3}
LONGEST = 40  # letters of a name


def sheet(rows: int, columns: int = 1, *, height: float) -> tuple[Figure, list[Axes]]:
    """A figure of the usual width with axes row by row."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(INCHES, height))
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.ravel())


def band(ax: Axes, rows: Table, x: str, y: str, *, number: int, label: str) -> None:
    """A line with its 95 % interval, `y`_ci95."""
    ink, dash = INK[number % len(INK)], DASHES[number % len(DASHES)]
    ax.plot(rows[x], rows[y], color=ink, linestyle=dash, label=label)
    half = rows.get(f"{y}_ci95")
    if half is not None and (half > 0).any():
        low, high = rows[y] - half, rows[y] + half
        ax.fill_between(rows[x], low, high, color=ink, alpha=0.2, linewidth=0)


def legend(figure: Figure, ax: Axes, *, columns: int = 3) -> None:
    """One legend below all axes, outside of what is drawn."""
    handles, labels = ax.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside lower left", ncols=columns)


def year_axis(ax: Axes, label: str) -> None:
    """Few whole years below an axis."""
    from matplotlib.ticker import MaxNLocator

    ax.set_xlabel(label)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))


def largest(table: Table, most: int, rest: str) -> Table:
    """The largest columns of a table, and all others as one."""
    order = table.sum().sort_values(ascending=False).index
    kept = table[list(order[:most])].copy()
    if len(order) > most:
        kept[rest] = table[list(order[most:])].sum(axis=1)
    return kept


def short(name: str) -> str:
    """A name that fits beside an axis."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def local(name: str, language: str) -> str:
    """A place named in two scripts as one language writes it."""
    words = name.split()
    east = [w for w in words if any("\u4e00" <= letter <= "\u9fff" for letter in w)]
    west = [w for w in words if w not in east]
    chosen = east if language == "zh" else west
    return " ".join(chosen or words)


def plain(name: str) -> str:
    """A word of the tables that has no label: without underscores."""
    return name.rpartition(".")[2].replace("_", " ")


def span(years: Sequence[int]) -> str:
    """First and last year."""
    return f"{min(years)}-{max(years)}"
