"""Room for the log."""

from __future__ import annotations

import numpy as np

from railsim.engine.compiled import tables as t
from railsim.engine.kernels.tables import Tables


def room_for(rows: int) -> Tables:
    """A log that can hold so many rows."""
    return {
        name: np.empty(rows, dtype)
        for name, dtype in t.TABLES.items()
        if name.startswith("log_")
    }
