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
from railsim.study.sweep.cells import cell_of
from railsim.study.sweep.comparing import difference, known, quantiles, two_levels
from railsim.study.sweep.estimating import Estimate, mean_of
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
    values = known(numbers.values)
    estimate = mean_of(values)
    return [
        *quantiles(values, QUANTILES),
        *(estimate.mean, _finite(estimate.half_width), estimate.sd, estimate.n),
    ]


def _against(numbers: Numbers, reference: Mapping[Key, Numbers]) -> list[Cell]:
    fidelity, _, alternative, metric = numbers.key
    other = reference.get((fidelity, "", alternative, metric))
    if other is None:
        return [None] * 5
    found = difference(numbers.values, other.values)
    e = found.estimate
    return [e.mean, _finite(e.low), _finite(e.high), e.n, found.variance_ratio]


def level_rows(columns: Iterable[Numbers]) -> Iterator[list[Cell]]:
    """Every number of every world in both fidelities, put together."""
    of_level: dict[str, dict[Key, Numbers]] = {"analytic": {}, "event": {}}
    for n in columns:
        of_level[n.key[0]]["", *n.key[1:]] = n
    for key, event in of_level["event"].items():
        analytic = of_level["analytic"].get(key)
        if analytic is None:
            continue
        place = {draw: i for i, draw in enumerate(analytic.draws)}
        shared = np.array(
            [analytic.values[place[d]] if d in place else math.nan for d in event.draws]
        )
        found = two_levels(analytic.values, event.values, shared)
        first, second = found.analytic, found.correction
        yield [*key[1:], *_cells(first), *_cells(second), found.mean, found.half_width]


def _cells(estimate: Estimate) -> list[Cell]:
    return [estimate.mean, _finite(estimate.half_width), estimate.n]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


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
