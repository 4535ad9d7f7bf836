"""The points of a design: uniforms by name, and how points belong together.

What changes when a study grows:
- a factor more: columns of the others stay, in every design (sobol and saltelli: see
  `digital_nets.py` for the one exception); morris mixes its steps in between;
- draws more: earlier rows stay for monte_carlo, sobol, saltelli, morris, grid and
  one_at_a_time; a Latin hypercube is another one;
- the order of the names: columns move along with their names and stay the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.study.uncertainty import designs as kinds
from railsim.study.uncertainty.designs import Design, complaint
from railsim.study.uncertainty.digital_nets import scrambled_points
from railsim.study.uncertainty.streams import inside, open_streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BASE, OTHER, LUCK = -1, -2, -3


@dataclass(frozen=True, slots=True)
class Points:
    """Rows of a design.

    `u` rows x names, inside 0 to 1; NaN leaves the path as the scenario has it.
    `group` the base point, trajectory or repetition a row belongs to. `moved` the
    column in which it differs from the row it is compared with (morris: the row
    before; saltelli: A of its group; one_at_a_time: the first of its group), or BASE:
    none, OTHER: all (B of saltelli), LUCK: only the luck. `luck` the number of the
    replication whose daily luck the row runs under.
    """

    names: tuple[str, ...]
    u: Floats
    group: Ints
    moved: Ints
    luck: Ints


def points(design: Design, names: Sequence[str], size: int, seed: int) -> Points:
    """The points of a design; the same for the same names, size and seed.

    Raises InputError if the size or the names do not suit the design.
    """
    wrong = complaint(design, names, size)
    if wrong is not None:
        raise InputError(wrong)
    match design:
        case kinds.Saltelli():
            return _saltelli(names, size, seed)
        case kinds.Morris(levels=levels, margin_share=margin):
            return _morris(names, size, seed, levels=levels, margin=margin)
        case kinds.Grid():
            return _grid(design, names, size)
        case kinds.OneAtATime():
            return _one_at_a_time(design, names, size)
        case _:
            rows = np.arange(size)
            base = np.full(size, BASE)
            u = _spread(design, names, size, seed)
            return Points(tuple(names), u, rows, base, rows)


def _spread(design: Design, names: Sequence[str], size: int, seed: int) -> Floats:
    if isinstance(design, kinds.Sobol):
        return scrambled_points(names, size, seed)
    streams = open_streams(seed, "design", names)
    if isinstance(design, kinds.MonteCarlo):
        return inside(np.column_stack([stream.random(size) for stream in streams]))
    assert isinstance(design, kinds.LatinHypercube)
    columns = []
    for stream in streams:
        slices = np.argsort(stream.random(size), kind="stable")
        jitter = stream.random(size) if design.within == "random" else 0.5
        columns.append((slices + jitter) / size)
    return inside(np.column_stack(columns))


def _saltelli(names: Sequence[str], size: int, seed: int) -> Points:
    count = len(names)
    again = [f"{name} again" for name in names]
    both = scrambled_points([*names, *again], size, seed)
    first, second = both[:, :count], both[:, count:]
    blocks = np.repeat(first[:, None, :], count + 3, axis=1)
    blocks[:, 1, :] = second
    for column in range(count):
        blocks[:, 2 + column, column] = second[:, column]
    moved = np.array([BASE, OTHER, *range(count), LUCK])
    luck = np.array([0, 1, *count * [0], 1])
    group = np.repeat(np.arange(size), count + 3)
    return Points(
        tuple(names),
        blocks.reshape(-1, count),
        group,
        np.tile(moved, size),
        2 * group + np.tile(luck, size),
    )


def _morris(
    names: Sequence[str], size: int, seed: int, *, levels: int, margin: float
) -> Points:
    count, half = len(names), levels // 2
    drawn = [s.random((size, 2)) for s in open_streams(seed, "morris", names)]
    chance = np.stack(drawn, axis=1)  # trajectory x factor x (level, turn)
    start = np.floor(chance[:, :, 0] * levels)
    end = np.where(start < half, start + half, start - half)
    turn = np.argsort(np.argsort(chance[:, :, 1], axis=1, kind="stable"), axis=1)
    step = np.arange(count + 1)[None, :, None]
    level = np.where(turn[:, None, :] < step, end[:, None, :], start[:, None, :])
    u = margin + (1.0 - 2.0 * margin) * level / (levels - 1)
    moved = np.column_stack([np.full(size, BASE), np.argsort(turn, axis=1)])
    group = np.repeat(np.arange(size), count + 1)
    return Points(tuple(names), u.reshape(-1, count), group, moved.ravel(), group)


def _grid(design: kinds.Grid, names: Sequence[str], size: int) -> Points:
    counts = [len(design.values[name]) for name in names]
    places = np.indices(counts).reshape(len(counts), -1).T
    u = np.tile((places + 0.5) / np.array(counts), (size, 1))
    group = np.repeat(np.arange(size), len(places))
    return Points(tuple(names), u, group, np.full(len(u), BASE), group)


def _one_at_a_time(design: kinds.OneAtATime, names: Sequence[str], size: int) -> Points:
    count = len(names)
    u = np.full((2 * count + 1, count), np.nan)
    for column in range(count):
        u[1 + 2 * column, column] = design.low_probability
        u[2 + 2 * column, column] = design.high_probability
    moved = np.append(BASE, np.repeat(np.arange(count), 2))
    group = np.repeat(np.arange(size), len(u))
    return Points(
        tuple(names), np.tile(u, (size, 1)), group, np.tile(moved, size), group
    )
