"""A year ready for closed forms: small tables, of which nothing changes in a solution.

Rows are records, because the kernels read them so. Indices: n node (a station, a pool
of tokens or a service), s step of a chain of lots, c chain, f flow, p menu.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from railsim.corridor.arrays import Floats

Rows = Any  # a structured array; numba and numpy read its fields in different ways

# Where lots wait. A station has `servers` of which `open_share` work on the mean; a
# service leaves every `headway_h` of `active_h` hours with room for `servers` slots and
# `room_kg`, and the next one comes after `first_h` (mean), `first_h2` (mean square).
# `own_*` is what vehicles ask of a station in the year: visits, server-hours, squares.
# Its posts, one a priority of lots, are `post_begin` to `post_end`, its spells
# `spell_begin` to `spell_end`. `kappa_shut` multiplies waits for
# doors to open or for the next departure, `kappa_queue` waits for others.
NODE = (
    *("resource", "is_service", "post_begin", "post_end", "spell_begin", "spell_end"),
    *("servers", "room_kg", "open_share", "active_h", "headway_h", "first_h"),
    *("first_h2", "own_lots", "own_work", "own_work2", "kappa_shut", "kappa_queue"),
)
# Closures of the nodes, as in `closures.Closures`.
SPELL = ("is_daily", "kept_share", "mean_h", "square_h2", "most_growth")
# Steps of lots. `chance` of them visit a step and spend `fixed_h` there beside waiting,
# with variance `fixed_h2` (`by_teu_h` on the mean of TEU). They ask its node and post,
# -1 for none, for `work` server-hours or slots and for `kg`; `work2`, `kg2` are mean
# squares.
# `ready_h` of the fixed time counts as waiting: cut-off, lateness, a link that is shut.
STEP = (
    *("step", "node", "post", "chance", "fixed_h", "fixed_h2", "by_teu_h", "ready_h"),
    *("work", "work2", "kg", "kg2"),
)
# Chains of lots, their steps and what they offer. `contract` is their share among those
# who do not choose anew, `start` their lots at the times shippers remember.
CHAIN = (
    *("step_begin", "step_end", "nest"),
    *("asc", "money", "headway_days", "decay", "base_share", "contract", "start"),
)
# Flows, their chains and menus, what their shippers weigh; `lots` come in the year,
# each of so many `teu`, `kg` and `trucks` on the mean.
FLOW = (
    *("chain_begin", "chain_end", "menu_begin", "menu_end"),
    *("lots", "contract_share", "theta", "value", "inventory", "schedule", "holding"),
    *("service_factor", "demand", "demand_sd", "teu", "kg", "trucks"),
)
# Menus: a `weight` of a flow's lots chooses among the members of one.
MENU = ("member_begin", "member_end", "weight")
_WHOLE = {"resource", "is_service", "is_daily", "step", "node", "post", "nest"}


class Model(NamedTuple):
    """All of a year; `hours` long. `member` are the chains of the menus in turn."""

    hours: float
    is_learning: bool
    is_all_or_nothing: bool
    nodes: Rows
    spells: Rows
    steps: Rows
    chains: Rows
    flows: Rows
    menus: Rows
    member: NDArray[np.int64]
    scale: Floats


def rows_of(names: tuple[str, ...], columns: Mapping[str, ArrayLike]) -> Rows:
    """A table of records from its columns, one for each name."""
    dtype = np.dtype([(name, _kind_of(name)) for name in names])
    assert columns.keys() == set(names)
    rows = np.zeros(len(np.atleast_1d(np.asarray(columns[names[0]]))), dtype)
    for name in names:
        rows[name] = columns[name]
    return rows


def _kind_of(name: str) -> type:
    is_whole = name in _WHOLE or name.endswith(("_begin", "_end"))
    return np.int64 if is_whole else np.float64


def ranges(kind: str, begin: ArrayLike) -> dict[str, NDArray[np.int64]]:
    """Columns `kind_begin` and `kind_end` from the edges of consecutive ranges."""
    edges = np.asarray(begin, dtype=np.int64)
    return {f"{kind}_begin": edges[:-1], f"{kind}_end": edges[1:]}
