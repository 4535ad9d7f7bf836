"""Which tariff would pay: a search over whole worlds, each with its own traffic."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Measure = Callable[[float], float | None]


class TariffFactor(NamedTuple):
    """The factor on all tariffs that reaches a target, or why there is none."""

    factor: float | None
    reached: float | None
    """The measure there."""
    reason: str
    tries: int


def tariff_factor(
    measure: Measure, target: float, *, low: float, high: float, tolerance: float
) -> TariffFactor:
    """Bisect for the least factor in [low, high] at which a measure meets a target.

    `measure` runs a world with tariffs times a factor and says its return or cover; it
    may answer None, which counts as missing the target. Shippers leave as tariffs
    rise, so the measure need not rise all the way; what is found is a crossing from
    below to above. `tolerance` is of the factor. Raises ValueError unless low < high.
    """
    if not low < high or tolerance <= 0.0:
        raise ValueError("low must be below high and tolerance above 0")
    first, last = measure(low), measure(high)
    if _meets(first, target):
        return TariffFactor(low, first, "", 2)
    if not _meets(last, target):
        return TariffFactor(None, None, "target not reached at either end", 2)
    tries, reached = 2, last
    while high - low > tolerance:
        middle = 0.5 * (low + high)
        tries += 1
        found = measure(middle)
        if _meets(found, target):
            high, reached = middle, found
        else:
            low = middle
    return TariffFactor(high, reached, "", tries)


def _meets(found: float | None, target: float) -> bool:
    return found is not None and found >= target
