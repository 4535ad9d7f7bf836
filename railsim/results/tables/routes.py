"""Tables that stand on route rows: summary, routes, flows, times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from railsim.results.catalogue import (
    COSTS,
    FLOWS,
    ROUTE_KEYS,
    ROUTES,
    STATISTICS,
    SUMMARY,
    TOTAL,
)
from railsim.results.tables.columns import Table
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.panel import (
    Floats,
    Key,
    Panel,
    add_up,
    divide,
    group_by,
    mean_and_half_width,
)

Rows = list[tuple[Any, ...]]
_AMOUNTS = {"lots", "teu", "tonnes", "undelivered_lots", "lost_lots"}


def routes_panel(gathered: Gathered) -> Panel:
    """Route rows of all replications; amounts that a replication lacks are zero."""
    panel = gathered.panel("routes")
    for name in _AMOUNTS:
        panel.columns[name] = panel.zero_if_absent(name)
    panel.columns["money_usd_per_teu"] = _money_beside_total(panel)
    return panel


def _money_beside_total(panel: Panel) -> Floats:
    """Money counts where the whole cost is known, so that parts sum to the total."""
    is_known = np.isfinite(panel[TOTAL])
    is_ever_known = is_known.any(axis=1, keepdims=True)
    return np.where(is_known | ~is_ever_known, panel["money_usd_per_teu"], np.nan)


def place_of(panel: Panel, names: Sequence[str]) -> list[Key]:
    """The keys of a panel of routes, some of their fields only."""
    positions = [ROUTE_KEYS.index(name) for name in names]
    return [tuple(key[p] for p in positions) for key in panel.keys]


def share_within(panel: Panel, names: Sequence[str]) -> Floats:
    """Share of each route in the tonnes of all rows that agree in some fields."""
    groups, group = group_by(place_of(panel, names))
    total = add_up(panel["tonnes"], group, len(groups))
    return divide(panel["tonnes"], total[group])


def rows_of(
    table: Table,
    keys: Iterable[Key],
    columns: dict[str, Floats],
    texts: Mapping[str, list[Any]] | None = None,
) -> Rows:
    """Texts, means and half-widths over replications as rows of a table."""
    cells: list[Sequence[Any]] = [(texts or {})[text.name] for text in table.texts]
    for value in table.values:
        mean, half_width = mean_and_half_width(columns[value.name])
        cells.append(mean.tolist())
        if value.has_interval:
            cells.append(half_width.tolist())
    return [
        (*key, *row) for key, row in zip(keys, zip(*cells, strict=True), strict=True)
    ]


def routes_table(panel: Panel) -> Rows:
    """Everything of the route rows, with shares in market, commodity and direction."""
    within = ("alternative", "year", "market", "commodity", "direction")
    columns = {**panel.columns, "share": share_within(panel, within)}
    return rows_of(ROUTES, panel.keys, columns)


def flows_table(panel: Panel) -> Rows:
    """Who ships what from where to where, with shares in the flow."""
    columns = {
        **panel.columns,
        "share": share_within(panel, ("alternative", "year", "flow")),
    }
    return rows_of(FLOWS, place_of(panel, FLOWS.key_names), columns)


def times_table(panel: Panel) -> Rows:
    """Times in the long form, one statistic a row."""
    return list(_times_rows(panel))


def _times_rows(panel: Panel) -> Iterator[tuple[Any, ...]]:
    columns = [mean_and_half_width(panel[f"time_{s}_h"]) for s in STATISTICS]
    for i, key in enumerate(panel.keys):
        for statistic, (mean, half) in zip(STATISTICS, columns, strict=True):
            yield (*key, statistic, float(mean[i]), float(half[i]))


def summary_table(panel: Panel) -> Rows:
    """Market by market and mode by mode."""
    keys, columns = market_columns(panel, SUMMARY.key_names)
    return rows_of(SUMMARY, keys, columns)


def market_columns(
    panel: Panel, names: Sequence[str]
) -> tuple[list[Key], dict[str, Floats]]:
    """Values of groups of routes by replication: amounts, share, weighted means.

    Costs and times are weighted by the TEU of routes whose whole cost is known,
    emissions by all tonnes.
    """
    keys, group = group_by(place_of(panel, names))
    count = len(keys)
    known = np.where(np.isfinite(panel[TOTAL]), panel["teu"], 0.0)
    weight = add_up(known, group, count)

    def mean(values: Floats) -> Floats:
        return divide(add_up(values * known, group, count), weight)

    tonnes = add_up(panel["tonnes"], group, count)
    emitted = add_up(panel["kg_co2e_per_t"] * panel["tonnes"], group, count)
    columns = {name: mean(panel[name]) for name in (*COSTS, TOTAL, "time_mean_h")}
    square = mean(panel["time_sd_h"] ** 2 + panel["time_mean_h"] ** 2)
    spread = np.maximum(square - columns["time_mean_h"] ** 2, 0.0)
    _, market = group_by(key[:3] for key in keys)
    carried = add_up(tonnes, market, count)[market]
    columns |= {
        "teu": add_up(panel["teu"], group, count),
        "tonnes": tonnes,
        "share": divide(tonnes, carried),
        "time_sd_h": np.sqrt(spread),
        "kg_co2e_per_t": divide(emitted, tonnes),
    }
    return keys, columns
