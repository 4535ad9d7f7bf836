"""When queues stand: a calendar of stations, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import plain, sheet, short
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADES = "cividis_r"  # even in brightness, so that grey shows it too


def calendar(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Use of stations and their queues on each day of the last year of the diary."""
    days = shelf.table("days")
    if days is None:
        return
    world, year = list(dict.fromkeys(days["alternative"]))[-1], int(days["year"].max())
    rows = days[(days["alternative"] == world) & (days["year"] == year)]
    queues = rows.pivot(index="resource", columns="date", values="queue_mean")
    busy = rows.pivot(index="resource", columns="date", values="utilisation")
    order = list(dict.fromkeys(rows["resource"]))
    queues, busy = queues.loc[order], busy.loc[order]
    peak = queues.max(axis=1)
    worst = str(peak.idxmax())
    what = {"year": year, "world": shelf.title(world)}
    yield Picture(
        name="calendar",
        title=words("figure.calendar", **what),
        alt=words(
            "alt.calendar",
            **what,
            station=plain(worst),
            queue=f"{peak[worst]:.0f}",
            date=str(queues.loc[worst].idxmax()),
        ),
        tables=("days",),
        data=rows.drop(columns=["alternative", "year"]),
        draw=lambda: _calendar(queues, busy, words),
    )


def _calendar(queues: Table, busy: Table, words: Words) -> Figure:
    figure, axes = sheet(2, height=1.6 + 0.34 * len(queues))
    peaks = queues.max(axis=1)
    relative = queues.div(peaks.where(peaks > 0, 1.0), axis=0)
    names = [f"{short(plain(name))} ({peaks[name]:.0f})" for name in queues.index]
    _strips(axes[0], 100 * busy, words, [short(plain(n)) for n in busy.index])
    _strips(axes[1], 100 * relative, words, names)
    axes[0].set_title(words("figure.calendar_use"))
    axes[1].set_title(words("figure.calendar_queue"))
    return figure


def _strips(ax: Axes, table: Table, words: Words, names: list[str]) -> None:
    import numpy as np

    image = ax.pcolormesh(
        np.arange(table.shape[1] + 1),
        np.arange(table.shape[0] + 1),
        table.to_numpy(dtype=float),
        cmap=SHADES,
        vmin=0,
        vmax=100,
        rasterized=True,
    )
    ax.invert_yaxis()
    ax.set_yticks(np.arange(len(names)) + 0.5, names)
    months = [str(date)[5:7] for date in table.columns]
    begins = [k for k, m in enumerate(months) if k == 0 or m != months[k - 1]]
    ax.set_xticks(begins, [str(int(months[k])) for k in begins], ha="left")
    ax.set_xlabel(words("axis.month"))
    ax.grid(visible=False)
    bar = ax.figure.colorbar(image, ax=ax, pad=0.01, aspect=12)
    bar.set_label(words("axis.per_cent"))
