"""What a study asks for in so many words: precision of metrics, and verdicts on them.

Loads no scipy, so that studies are checked quickly.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from railsim.quantity import Record, label, quantity

Floats = NDArray[np.float64]


class Goal(Record):
    """How precise one metric shall be: absolutely, or as a share of its mean."""

    metric: str = label("metric of the study")
    of: Literal["mean", "share", "quantile"] = label("what of it")
    above: float | None = quantity(
        "unit of the metric", "a share of draws above this", default=None
    )
    p: float | None = quantity("1", "which quantile", default=None, gt=0, le=0.9999)
    half_width: float | None = quantity(
        "unit of the metric, 1 for a share", "absolute goal", default=None, gt=0
    )
    relative: float | None = quantity(
        "1", "goal as a share of the mean", default=None, gt=0, le=1
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.of == "share") != (self.above is not None):
            raise ValueError("a share, and nothing else, needs `above`")
        if (self.of == "quantile") != (self.p is not None):
            raise ValueError("a quantile, and nothing else, needs `p`")
        if (self.half_width is None) == (self.relative is None):
            raise ValueError("needs either half_width or relative")
        if self.relative is not None and self.of != "mean":
            raise ValueError("only a mean can have a relative goal")
        return self


class Verdict(Record):
    """What must hold: a mean of at least a level, or often enough such a level."""

    metric: str = label("metric of the study")
    of: Literal["mean", "share"] = label("what is judged")
    level: float = quantity("unit of the metric", "least value")
    least_share: float | None = quantity(
        "1", "of draws that must reach the level", default=None, gt=0, le=1
    )

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if (self.of == "share") != (self.least_share is not None):
            raise ValueError("a share, and nothing else, needs least_share")
        return self

    def margins(self, values: Floats, weights: Floats) -> Floats:
        """By how much it holds under each row of weights; below zero it fails."""
        if self.least_share is None:
            return np.asarray(weights @ values - self.level, dtype=np.float64)
        reached = (values >= self.level).astype(np.float64)
        return np.asarray(weights @ reached - self.least_share, dtype=np.float64)
