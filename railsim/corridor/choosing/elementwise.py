"""Transcendental functions of arrays, number by number.

The array library's own differ in the last digit with the features of the processor;
those of `math` are what every engine uses, so that machines and engines agree.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from railsim.corridor.arrays import Floats, floats


def exp_of(values: Floats) -> Floats:
    """e to each power."""
    return _each(math.exp, values)


def expm1_of(values: Floats) -> Floats:
    """e to each power, less 1."""
    return _each(math.expm1, values)


def log_of(values: Floats) -> Floats:
    """Natural logarithms; minus infinity of 0."""
    return _each(lambda value: math.log(value) if value != 0.0 else -math.inf, values)


def _each(function: Callable[[float], float], values: Floats) -> Floats:
    found = floats(map(function, values.ravel().tolist()))
    return found.reshape(values.shape)
