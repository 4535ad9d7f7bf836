"""Columns of drawn numbers: times in whole milliseconds, one row a unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.tables import Plan, Stream
from railsim.corridor.time.timing import Timing, central_hours, hours
from railsim.engine.luck import Luck
from railsim.units import MS_PER_HOUR


def times_h(plan: Plan, timing: Timing, u: Floats) -> Floats:
    """Hours at uniforms u, or the central value where there is no chance."""
    if plan.is_deterministic:
        return np.full(u.shape, central_hours(timing))
    return hours(timing, u)


def whole_ms(times_h: Floats) -> Floats:
    """Whole milliseconds, none negative, not yet as integers."""
    times: Floats = np.maximum(times_h, 0.0)
    times *= MS_PER_HOUR
    return np.rint(times, out=times)


def milliseconds(times_h: Floats) -> Ints:
    """Whole milliseconds, none negative."""
    times: Ints = whole_ms(times_h).astype(np.int64)
    return times


def fill_times(
    times_ms: Ints,
    plan: Plan,
    luck: Luck,
    *,
    owner: str,
    streams: Sequence[Stream],
    factors: Sequence[Floats | None],
) -> None:
    """Draw times into a table: a row a unit of `owner`, a column a stream.

    `factors[k][i]` multiplies the time of unit i in column k; None multiplies none.
    Some rows are filled in all columns before the next, while they are in the cache.
    """
    drawn = [luck.blocks(f"{s.name}.{owner}", len(times_ms)) for s in streams]
    for pieces in zip(*drawn, strict=True):
        for k, (rows, u) in enumerate(pieces):
            times, factor = times_h(plan, streams[k].timing, u), factors[k]
            if factor is not None:
                times = times * factor[rows]
            times_ms[rows, k] = whole_ms(times)


def tables_in(column: NDArray[Any], heights: Ints, widths: Ints) -> list[NDArray[Any]]:
    """A long column as tables one after the other, row by row; views, no copies."""
    parts = np.split(column, np.cumsum(heights * widths))[:-1]
    shapes = zip(heights.tolist(), widths.tolist(), strict=True)
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def row_begins(widths: Ints, heights: Ints) -> Ints:
    """Where every row of such tables begins in the long column."""
    width = np.repeat(widths, heights)
    begins: Ints = np.cumsum(width) - width
    return begins
