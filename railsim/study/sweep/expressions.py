"""What is asked of an output: `rail_share > 0.4`, `P(eirr >= 0.09) >= 0.5`."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from railsim.errors import InputError
from railsim.scenario.paths import printable
from railsim.study.analysis.goals import Verdict

_NUMBER = r"([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)\s*(%?)"
_SIMPLE = re.compile(rf"\s*([\w.-]+)\s*(>=|<=|>|<)\s*{_NUMBER}\s*")
_CHANCE = re.compile(rf"\s*P\(\s*([\w.-]+)\s*>=?\s*{_NUMBER}\s*\)\s*>=?\s*{_NUMBER}\s*")


@dataclass(frozen=True, slots=True)
class Condition:
    """An output above or below a level."""

    metric: str
    sign: str
    level: float

    def __str__(self) -> str:
        return f"{self.metric} {self.sign} {self.level:g}"

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """In which draws it holds; not where there is no number."""
        match self.sign:
            case ">":
                return values > self.level
            case ">=":
                return values >= self.level
            case "<":
                return values < self.level
        return values <= self.level


def condition_of(text: str) -> Condition:
    """`output > level`, a level perhaps in per cent; raises InputError."""
    match = _SIMPLE.fullmatch(text)
    if match is None:
        raise InputError(f"--when {printable(text)}: must be like 'rail_share > 0.4'")
    return Condition(match[1], match[2], _number(match[3], match[4]))


def verdict_of(text: str) -> Verdict:
    """A mean of at least a level, or `P(output >= level) >= chance`.

    A mean of at most a level turns at the same value. Raises InputError.
    """
    chance = _CHANCE.fullmatch(text)
    if chance is None:
        told = condition_of(text)
        return Verdict(metric=told.metric, of="mean", level=told.level)
    least = _number(chance[4], chance[5])
    if not 0.0 < least <= 1.0:
        raise InputError(f"--when {printable(text)}: a chance lies between 0 and 1")
    return Verdict(
        metric=chance[1],
        of="share",
        level=_number(chance[2], chance[3]),
        least_share=least,
    )


def _number(digits: str, percent: str) -> float:
    return float(digits) / 100.0 if percent else float(digits)
