"""How a study's answers are spread, and which choice is regretted least."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import DASHES, INK, legend, sheet, short
from railsim.report.labels import Words
from railsim.results.answers.choosing import exceedance_of
from railsim.results.answers.reading import Answers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from railsim.study.files.schema import Grid
    from railsim.study.sweep.cells import World

FIRST = ("eirr", "enpv_usd")  # outputs that are shown if a study has them
MOST_WORLDS = 7


def _metric(answers: Answers, wanted: tuple[str, ...]) -> str:
    return next((m for m in wanted if m in answers.metrics), answers.metrics[0])


def _worlds(answers: Answers) -> list[World]:
    """The reference, and its neighbours along one axis."""
    grid = answers.study.grid
    if grid is None:
        return answers.worlds[:MOST_WORLDS]
    axis = "start" if "start" in grid.axes else next(iter(grid.axes))
    near = [
        world
        for world in answers.worlds
        if all(
            world.cell.get(a, r) == r for a, r in grid.reference.items() if a != axis
        )
    ]
    return near[:MOST_WORLDS]


def exceedance(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """How likely a rate of return, or the first output, is above each level."""
    import pandas as pd

    answers = shelf.answers
    metric = _metric(answers, FIRST)
    known = [
        world
        for world in _worlds(answers)
        if pd.Series(answers.numbers(metric, world)).nunique() > 1
    ]
    if not known:
        return
    rows = pd.DataFrame(list(exceedance_of(answers, metric, known)))
    half = rows[rows["probability"] >= 0.5].groupby("alternative", sort=False)
    yield Picture(
        name=f"exceedance_{metric}",
        title=words("figure.exceedance", metric=metric.replace("_", " ")),
        alt=words(
            "alt.exceedance",
            metric=metric.replace("_", " "),
            medians="; ".join(f"{w}: {x:.4g}" for w, x in half["level"].max().items()),
        ),
        tables=("outputs",),
        data=rows,
        draw=lambda: _curves(rows, metric, words),
    )


def _curves(rows: Table, metric: str, words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=3.2)
    for number, (world, line) in enumerate(rows.groupby("alternative", sort=False)):
        ink = INK[number % len(INK)]
        low, high = 100 * line["ci_lo"], 100 * line["ci_hi"]
        ax.fill_between(line["level"], low, high, color=ink, alpha=0.15, linewidth=0)
        ax.plot(
            *(line["level"], 100 * line["probability"]),
            color=ink,
            linestyle=DASHES[number % len(DASHES)],
            label=str(world),
        )
    ax.set_ylim(0, 100)
    ax.set_xlabel(metric.replace("_", " "))
    ax.set_ylabel(words("axis.share_of_draws_above"))
    legend(figure, ax, columns=2)
    return figure


def _by_length(grid: Grid) -> list[str]:
    return sorted(grid.axes, key=lambda axis: -len(grid.axes[axis]))


def regrets(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Mean regret of each cell over two axes of the grid, the others at reference."""
    answers = shelf.answers
    grid, metric = answers.study.grid, _metric(answers, FIRST[::-1])
    if grid is None or max(map(len, grid.axes.values())) < 2:
        return
    table = _missed(answers, grid, metric)
    if table is None:
        return
    down, across, *others = [*_by_length(grid), ""]
    for axis in filter(None, others):
        table = table[table[axis] == grid.reference[axis]]
    best = table.loc[table["regret"].idxmin()]
    name = metric.replace("_", " ")
    yield Picture(
        name=f"regret_{metric}",
        title=words("figure.regret", metric=name),
        alt=words(
            "alt.regret",
            metric=name,
            best=" ".join(str(best[a]) for a in grid.axes),
            regret=f"{best['regret']:.4g}",
        ),
        tables=("outputs",),
        data=table,
        draw=lambda: _heat(table, down, across, words),
    )


def _missed(answers: Answers, grid: Grid, metric: str) -> Table | None:
    """Levels and mean regret of every cell; None where there is nothing to choose."""
    import numpy as np
    import pandas as pd

    cells = [w for w in answers.worlds if w.alternative == grid.alternatives[0]]
    payoffs = np.stack([answers.numbers(metric, w) for w in cells])
    whole = payoffs[:, np.all(np.isfinite(payoffs), axis=0)]
    if whole.shape[1] == 0 or np.ptp(whole) == 0:
        return None
    missed = (whole.max(axis=0) - whole).mean(axis=1)
    return pd.DataFrame([w.cell for w in cells]).assign(regret=missed)


def _heat(table: Table, down: str, across: str, words: Words) -> Figure:
    import numpy as np

    table = table.assign(all="") if not across else table
    column = across or "all"
    wide = table.pivot(index=down, columns=column, values="regret")
    figure, (ax,) = sheet(1, height=1.6 + 0.32 * len(wide))
    most = float(np.abs(wide.to_numpy()).max())
    image = ax.imshow(wide, cmap="cividis_r", aspect="auto", vmin=0.0, vmax=most)
    for (y, x), value in np.ndenumerate(wide.to_numpy()):
        ink = "white" if value > 0.55 * most else "black"
        ax.text(x, y, f"{value:.3g}", ha="center", va="center", color=ink)
    ax.set_xticks(range(wide.shape[1]), [short(str(c)) for c in wide.columns])
    ax.set_yticks(range(len(wide)), [short(str(r)) for r in wide.index])
    ax.set_xlabel(across)
    ax.set_ylabel(down)
    ax.grid(visible=False)
    figure.colorbar(image, ax=ax, pad=0.01).set_label(words("axis.mean_regret"))
    return figure
