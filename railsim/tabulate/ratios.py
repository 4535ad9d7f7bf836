"""Quotients that may have nothing to divide by."""

from __future__ import annotations

import math


def ratio(part: float, whole: float) -> float:
    """Part of a whole; NaN of nothing."""
    return part / whole if whole > 0 else math.nan
