"""What numbers of a distribution must satisfy among each other."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TypeVar

from railsim.quantity import Record

SUM_TOLERANCE = 1e-9
T = TypeVar("T", bound=Record)


def in_order(record: T, *names: str, strictly: bool = False) -> T:
    """Demand that those of the fields which are given rise; strictly, or at least."""
    given = {n: getattr(record, n) for n in names if getattr(record, n) is not None}
    values = list(given.values())
    for below, above in pairwise(values):
        if above < below or (strictly and above == below):
            sign = " < " if strictly else " <= "
            raise ValueError(f"{sign.join(given)} must hold")
    return record


def check_weights(
    name: str, weights: tuple[float, ...] | list[float], count: int
) -> None:
    """Demand one weight a value, none negative, together one."""
    if count == 0 or len(weights) != count:
        raise ValueError(f"{name} needs a number for each of {count} values")
    if min(weights) < 0:
        raise ValueError(f"{name} must be at least 0")
    if abs(math.fsum(weights) - 1.0) > SUM_TOLERANCE:
        raise ValueError(f"{name} must sum to 1, found {math.fsum(weights):.6g}")
