"""Which input matters, beside what luck alone shows, and where something happens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from railsim.report.figures.picture import Picture
from railsim.report.figures.reading import Shelf, Table
from railsim.report.figures.style import HATCHES, INK, legend, plain, sheet, short
from railsim.report.labels import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

METHODS = (
    ("sobol_total", "sobol_first"),
    ("tornado_swing",),
    ("morris_mu_star",),
    ("src",),
    ("srrc",),
    ("delta",),
    ("pawn",),
)
"""What is drawn, the first that the design gave."""
MOST_INPUTS = 15
LUCK = "noise_share"


def sensitivities(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """Bars of one index by input with intervals; the share of luck is hatched."""
    rows = shelf.answer("sensitivity")
    if rows is None:
        return
    for metric, here in rows.groupby("metric", sort=False):
        known = set(here["method"])
        methods: tuple[str, ...] = next((m for m in METHODS if m[0] in known), ())
        kept = here[here["method"].isin([*methods, LUCK])]
        order = kept[kept["method"].isin(methods[:1])].dropna(subset="value")
        order = order.sort_values("value", key=abs, ascending=False).head(MOST_INPUTS)
        if order.empty:
            continue
        what = {"metric": _spaced(metric), "method": _spaced(methods[0])}
        yield Picture(
            name=f"sensitivity_{metric}".replace(" ", "_"),
            title=words("figure.sensitivity", **what),
            alt=words("alt.sensitivity", **what, inputs=_first_of(order)),
            tables=("sensitivity",),
            data=kept,
            draw=partial(_bars, kept, order["param"].tolist(), methods, words),
        )


def _spaced(name: object) -> str:
    return str(name).replace("_", " ")


def _first_of(order: Table) -> str:
    pairs = zip(order["param"], order["value"].head(3), strict=False)
    return ", ".join(f"{plain(param)} {value:.2g}" for param, value in pairs)


def _bars(
    rows: Table, names: list[str], methods: tuple[str, ...], words: Words
) -> Figure:
    luck = rows[rows["method"] == LUCK]
    figure, (ax,) = sheet(1, height=1.5 + 0.24 * (len(names) + len(luck)))
    for number, method in enumerate(methods):
        found = rows[rows["method"] == method].set_index("param").reindex(names)
        _draw_index(ax, found, number, len(methods), _spaced(method))
    labels = [short(name) for name in names]
    for row in luck.itertuples():
        look: dict[str, Any] = {"color": "white", "hatch": "////", "height": 0.6}
        name = words("figure.luck")
        ax.barh(len(labels), row.value, edgecolor="#555555", label=name, **look)
        labels.append(name)
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_xlabel(words("axis.index"))
    ax.grid(visible=False, axis="y")
    legend(figure, ax)
    return figure


def _draw_index(ax: Axes, found: Table, number: int, count: int, label: str) -> None:
    """Bars of one of several indices, and ticks at what chance alone reaches."""
    thick = 0.8 / count
    places = [k + (number - (count - 1) / 2) * thick for k in range(len(found))]
    errors = [found["value"] - found["ci_lo"], found["ci_hi"] - found["value"]]
    ax.barh(
        *(places, found["value"]),
        height=thick,
        xerr=[e.fillna(0.0).clip(lower=0.0).tolist() for e in errors],
        color=INK[number],
        hatch=HATCHES[number],
        edgecolor="white",
        linewidth=0.4,
        error_kw={"elinewidth": 0.8},
        label=label,
    )
    ax.plot(found["noise_level"], places, "|", color="black", label="_")


def prim_boxes(shelf: Shelf, words: Words) -> Iterator[Picture]:
    """What each box of `discover` demands of its inputs, of their drawn range."""
    rows = shelf.answer("boxes")
    if rows is None:
        return
    ranges = _ranges(shelf)
    rows = rows[rows["param"].isin(list(ranges)) & rows["kept"].isna()]
    if rows.empty:
        return
    first = rows.iloc[0]
    verdict = str(first["verdict"])
    yield Picture(
        name="boxes",
        title=words("figure.boxes", verdict=verdict),
        alt=words(
            "alt.boxes",
            verdict=verdict,
            coverage=f"{100 * first['coverage']:.0f}",
            density=f"{100 * first['density']:.0f}",
            inputs=", ".join(plain(p) for p in dict.fromkeys(rows["param"])),
        ),
        tables=("boxes",),
        data=rows,
        draw=lambda: _boxes(rows, ranges, words),
    )


def _ranges(shelf: Shelf) -> dict[str, tuple[float, float]]:
    """Least and greatest drawn value of every input that is a number."""
    found = {}
    for name, column in shelf.answers.sample.values.items():
        cells = [c for c in column.tolist() if isinstance(c, int | float)]
        if cells and len(cells) == len(column) and min(cells) < max(cells):
            found[name] = (float(min(cells)), float(max(cells)))
    return found


def _boxes(rows: Table, ranges: dict[str, tuple[float, float]], words: Words) -> Figure:
    figure, (ax,) = sheet(1, height=1.4 + 0.32 * len(rows))
    labels = []
    for y, row in enumerate(rows.itertuples()):
        least, most = ranges[row.param]
        low = least if row.low != row.low else row.low
        high = most if row.high != row.high else row.high
        begin, end = ((x - least) / (most - least) for x in (low, high))
        ax.plot([0, 1], [y, y], color="#CFCFCF", linewidth=3, zorder=1)
        ax.plot([begin, end], [y, y], color=INK[0], linewidth=7, solid_capstyle="butt")
        ax.annotate(
            f"{low:.4g} … {high:.4g}",
            (1.02, y),
            annotation_clip=False,
            va="center",
            fontsize=7,
        )
        labels.append(f"{row.box}. {short(plain(row.param))}")
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.5, -0.5)
    ax.set_xlim(-0.02, 1.25)
    ax.set_xticks([0, 0.5, 1], [words("axis.least"), "", words("axis.greatest")])
    ax.grid(visible=False)
    return figure
