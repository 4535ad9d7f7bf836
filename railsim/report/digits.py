"""Numbers for the screen: no more digits than their intervals support."""

from __future__ import annotations

import math

COARSE = 0.01  # without an interval nobody knows more than three digits
FINEST = 0.001  # more than four digits nobody reads


def plus_minus(mean: float, half_width: float, unit: str = "") -> str:
    """A mean and its 95 % half-width, both as coarse as the half-width."""
    if not math.isfinite(mean):
        return "-"
    decimals = decimals_of(mean, half_width)
    if not math.isfinite(half_width):
        return f"{_rounded(mean, decimals)}{unit}"
    return f"{_rounded(mean, decimals)} ± {_rounded(half_width, decimals)}{unit}"


def decimals_of(mean: float, half_width: float) -> int:
    """Decimals that a mean supports; negative for tens, hundreds and so on."""
    if not math.isfinite(half_width):
        return _step_of(abs(mean) * COARSE)
    return _step_of(max(half_width, abs(mean) * FINEST))


def _step_of(size: float) -> int:
    """Decimals: one digit below ten, then whole numbers, then two digits."""
    if size <= 0.0:
        return 1
    order = math.floor(math.log10(size))
    return -order if order < 1 else min(0, 1 - order)


def _rounded(number: float, decimals: int) -> str:
    return f"{round(number, decimals) + 0.0:,.{max(decimals, 0)}f}"
