"""A sample: what a study lays over its scenario, draw by draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from railsim.errors import InputError
from railsim.rows import column
from railsim.study.uncertainty import designs as kinds
from railsim.study.uncertainty.correlation import (
    correlate,
    remarks_on,
    targets_of,
)
from railsim.study.uncertainty.designs import Design
from railsim.study.uncertainty.distributions import Distribution, Scalar
from railsim.study.uncertainty.points import Points, points
from railsim.study.uncertainty.quantiles import Column, ppf, split_shares
from railsim.study.uncertainty.together import Method, Pair, Split


@dataclass(frozen=True, slots=True)
class Sample:
    """Drawn values, in the order of `points`.

    `values` path -> one value a draw, floats or objects; None leaves the path as the
    scenario has it. `remarks` what the user should know, such as a repair.
    """

    points: Points
    values: Mapping[str, Column]
    design: Design
    seed: int
    remarks: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.points.u)


@dataclass(frozen=True, slots=True)
class InputRow:
    """One value of one draw."""

    draw: int = column("id", "draw, from 0")
    param: str = column("id", "dotted path")
    value: float | str | bool | None = column(
        "as the path", "its value; empty: the scenario's"
    )
    u: float | None = column("1", "its uniform number, after correlation")


def draw_sample(
    uncertain: Mapping[str, Distribution],
    *,
    splits: Sequence[Split] = (),
    pairs: Sequence[Pair] = (),
    method: Method,
    design: Design,
    size: int,
    seed: int,
) -> Sample:
    """Draw every uncertain path at every point of the design.

    A grid takes its values from the design, so `uncertain` is empty then. Raises
    InputError if paths, pairs, design and size do not suit each other.
    """
    names = _names_of(uncertain, splits, design)
    _check_pairs(pairs, splits, design)
    found = points(design, names, size, seed)
    remarks: list[str] = []
    if pairs:
        remarks = remarks_on(targets_of(names, pairs))
        u = correlate(found.u, names, pairs, method)
        found = Points(found.names, u, found.group, found.moved, found.luck)
    values = _values_of(uncertain, splits, design, found)
    return Sample(found, values, design, seed, tuple(remarks))


def value_at(sample: Sample, draw: int) -> dict[str, Scalar]:
    """Path -> value of one draw, as plain Python values; what stays is left out."""
    found = {name: column[draw] for name, column in sample.values.items()}
    return {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in found.items()
        if value is not None
    }


def input_rows(sample: Sample) -> Iterator[InputRow]:
    """The rows of `inputs_draws`, by draw and path."""
    uniforms = sample.points.u.tolist()
    columns = [sample.values[name].tolist() for name in sample.points.names]
    for draw, row in enumerate(uniforms):
        for name, values, u in zip(sample.points.names, columns, row, strict=True):
            yield InputRow(draw, name, values[draw], None if u != u else u)


def _names_of(
    uncertain: Mapping[str, Distribution], splits: Sequence[Split], design: Design
) -> list[str]:
    if isinstance(design, kinds.Grid):
        if uncertain or splits:
            raise InputError("a grid lists its values itself: leave out what is drawn")
        return list(design.values)
    return [*uncertain, *(path for split in splits for path in split.means)]


def _check_pairs(
    pairs: Sequence[Pair], splits: Sequence[Split], design: Design
) -> None:
    if pairs and isinstance(design, kinds.NEEDS_INDEPENDENCE):
        raise InputError(
            f"design {design.kind} moves one path at a time: leave out correlations"
        )
    if splits and isinstance(design, kinds.OneAtATime):
        raise InputError("design one_at_a_time cannot move one share of a split")


def _values_of(
    uncertain: Mapping[str, Distribution],
    splits: Sequence[Split],
    design: Design,
    found: Points,
) -> dict[str, Column]:
    columns = dict(zip(found.names, found.u.T, strict=True))
    if isinstance(design, kinds.Grid):
        return {
            name: _listed(design.values[name], columns[name]) for name in found.names
        }
    values = {path: _drawn(path, d, columns[path]) for path, d in uncertain.items()}
    for split in splits:
        u = np.column_stack([columns[path] for path in split.means])
        shares = split_shares(split, u)
        values |= {path: shares[:, k] for k, path in enumerate(split.means)}
    return values


def _drawn(path: str, distribution: Distribution, u: Column) -> Column:
    is_set = ~np.isnan(u)
    try:
        values = ppf(distribution, u[is_set])
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if values.dtype == np.float64 and not np.all(np.isfinite(values)):
        raise InputError(f"{path}: an infinite value was drawn: cut the distribution")
    if np.all(is_set):
        return values
    found = np.full(len(u), None, dtype=object)
    found[is_set] = values
    return found


def _listed(values: tuple[Scalar, ...], u: Column) -> Column:
    index = np.floor(u * len(values)).astype(np.int64)
    return np.asarray(np.array([*values, None], dtype=object)[index])
