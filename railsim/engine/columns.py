"""Columns of drawn numbers: times in whole milliseconds, one row a unit."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.tables import Plan, Stream
from railsim.corridor.time.timing import central_hours, hours
from railsim.engine.luck import Luck
from railsim.units import MS_PER_HOUR


def times_h(plan: Plan, stream: Stream, luck: Luck, name: str, count: int) -> Floats:
    """Hours of a stream, or its central value where there is no chance."""
    if plan.is_deterministic:
        return np.full(count, central_hours(stream.timing))
    return hours(stream.timing, luck.uniforms(name, count))


def milliseconds(times_h: Floats) -> Ints:
    """Whole milliseconds, none negative."""
    times: Ints = np.rint(np.maximum(times_h, 0.0) * MS_PER_HOUR).astype(np.int64)
    return times


def table(columns: list[NDArray[Any]], count: int, dtype: type) -> NDArray[Any]:
    """Columns side by side."""
    if not columns:
        return np.zeros((count, 0), dtype=dtype)
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=dtype)
