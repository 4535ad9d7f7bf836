"""sweep_grid.csv and two_levels.csv from the numbers of all draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from railsim.results.cells import Cell, write_csv
from railsim.results.sweeps.catalogue import (
    DRAWS,
    INPUTS,
    LEVELS,
    METRICS,
    QUANTILES,
    grid_table,
)
from railsim.results.sweeps.collecting import (
    Collected,
    Key,
    Numbers,
    columns_of_draws,
)
from railsim.results.sweeps.planning import Sweep
from railsim.results.sweeps.spill import Spill
from railsim.study.analysis.precision import (
    half_width,
    mean_estimate,
    paired_difference,
    two_level_mean,
)
from railsim.study.sweep.cells import cell_of
from railsim.study.sweep.tables import meaning_of, unit_of
from railsim.study.uncertainty.points import BASE, LUCK, OTHER
from railsim.study.uncertainty.sampling import input_rows

Cells = Mapping[str, Mapping[str, str]]  # cell -> axis -> level


def references(columns: Iterable[Numbers], cell: str) -> dict[Key, Numbers]:
    """The numbers of the reference cell, by the key without its cell."""
    return {(n.key[0], "", n.key[2], n.key[3]): n for n in columns if n.key[1] == cell}


def grid_rows(
    columns: Iterable[Numbers],
    axes: Sequence[str],
    cells: Cells,
    reference: Mapping[Key, Numbers],
) -> Iterator[list[Cell]]:
    """A row for every number of every world."""
    for numbers in columns:
        fidelity, cell, alternative, metric = numbers.key
        levels = [cells[cell][axis] if cell else "" for axis in axes]
        yield [
            *levels,
            *(fidelity, alternative, metric),
            *_spread(numbers),
            *_against(numbers, reference if cell else {}),
        ]


def _spread(numbers: Numbers) -> list[Cell]:
    values = numbers.values[np.isfinite(numbers.values)]
    if not len(values):
        return [*[None] * (len(QUANTILES) + 3), 0]
    found = mean_estimate(values)
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
    quantiles = [float(q) for q in np.quantile(values, QUANTILES)]
    return [*quantiles, found.value, half_width(found), sd, len(values)]


def _against(numbers: Numbers, reference: Mapping[Key, Numbers]) -> list[Cell]:
    fidelity, _, alternative, metric = numbers.key
    other = reference.get((fidelity, "", alternative, metric))
    if other is None:
        return [None] * 5
    both = np.isfinite(numbers.values) & np.isfinite(other.values)
    if not both.any():
        return [None, None, None, 0, None]
    found = paired_difference(numbers.values, other.values)
    e = found.difference
    return [e.value, e.ci_lo, e.ci_hi, int(both.sum()), found.variance_ratio]


def level_rows(columns: Iterable[Numbers]) -> Iterator[list[Cell]]:
    """Every number of every world in both fidelities, put together."""
    of_level: dict[str, dict[Key, Numbers]] = {"analytic": {}, "event": {}}
    for n in columns:
        of_level[n.key[0]]["", *n.key[1:]] = n
    for key, event in of_level["event"].items():
        analytic = of_level["analytic"].get(key)
        cells = None if analytic is None else _two_levels(analytic, event)
        if cells is not None:
            yield [*key[1:], *cells]


def _two_levels(analytic: Numbers, event: Numbers) -> list[Cell] | None:
    """Nothing below two draws that both fidelities answer."""
    cheap, dear = (_known(numbers) for numbers in (analytic, event))
    shared = [draw for draw in dear if draw in cheap]
    if len(shared) < 2:
        return None
    order = [*shared, *(draw for draw in cheap if draw not in dear)]
    found = two_level_mean(
        np.array([cheap[draw] for draw in order]),
        np.array([dear[draw] for draw in shared]),
    )
    return [
        *(found.analytic.value, half_width(found.analytic), len(cheap)),
        *(found.correction.value, half_width(found.correction), len(shared)),
        *(found.mean.value, half_width(found.mean), found.cost_ratio),
    ]


def _known(numbers: Numbers) -> dict[int, float]:
    pairs = zip(numbers.draws, numbers.values.tolist(), strict=True)
    return {draw: value for draw, value in pairs if math.isfinite(value)}


def table_files(
    sweep: Sweep, found: Collected, spill: Spill, counts: Mapping[str, int]
) -> dict[str, bytes]:
    """The tables beside outputs.csv."""
    study = sweep.planned.study
    axes = () if study.grid is None else tuple(study.grid.axes)
    cells = {w.cell_name: w.cell for w in sweep.shared.worlds}
    reference = "" if study.grid is None else cell_of(study.grid, study.grid.reference)
    others = {} if not axes else references(columns_of_draws(found, spill), reference)
    rows = {
        INPUTS: _input_rows(sweep, counts),
        DRAWS: _draw_rows(sweep, found, counts),
        METRICS: _metric_rows(sweep, found),
        grid_table(axes): grid_rows(
            columns_of_draws(found, spill), axes, cells, others
        ),
    }
    if len(sweep.levels) > 1:
        rows[LEVELS] = level_rows(columns_of_draws(found, spill))
    return {
        f"{table.name}.csv": write_csv([c.name for c in table.columns], made)
        for table, made in rows.items()
    }


def _input_rows(sweep: Sweep, counts: Mapping[str, int]) -> Iterator[list[Cell]]:
    most = max(counts.values())
    for row in input_rows(sweep.planned.sample):
        if row.draw < most:
            value = str(row.value).lower() if isinstance(row.value, bool) else row.value
            yield [row.draw, row.param, value, row.u]


def _draw_rows(
    sweep: Sweep, found: Collected, counts: Mapping[str, int]
) -> Iterator[list[Cell]]:
    points = sweep.planned.sample.points
    failures: dict[int, str] = {}
    for (_, draw), reason in found.failures.items():
        failures.setdefault(draw, reason)
    for draw in range(max(counts.values())):
        moved = int(points.moved[draw])
        yield [
            *(draw, int(points.group[draw])),
            points.names[moved] if moved >= 0 else _MOVED[moved],
            *(int(points.luck[draw]), failures.get(draw, "")),
        ]


_MOVED = {BASE: "", OTHER: "all", LUCK: "luck"}


def _metric_rows(sweep: Sweep, found: Collected) -> Iterator[list[Cell]]:
    outputs = sweep.planned.study.outputs
    for name in dict.fromkeys(metric for _, _, _, metric in found.keys):
        output = outputs.get(name) or outputs[name.partition(".")[0]]
        yield [name, unit_of(output), meaning_of(output)]
