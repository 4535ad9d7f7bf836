"""Reference classes: how costs of like projects turned out, over the approved total."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.scenario.schema.worth.delivery import Quantile


class SplicedClass(Record):
    """A triangular body below a threshold, a Pareto tail above."""

    kind: Literal["spliced"]
    title: str = label("what people call it")
    mean: float = quantity("1", "mean of outturn over budget", gt=0, le=10)
    threshold: float = quantity("1", "where the tail begins", gt=0, le=10)
    tail_share: Quantile = quantity("1", "of projects in the tail", ge=0, le=1)
    tail_mean: float = quantity("1", "mean in the tail", gt=0, le=100)
    low: float = quantity("1", "least outturn over budget", ge=0, le=10)

    @model_validator(mode="after")
    def _has_a_body(self) -> Self:
        if not self.low < self.threshold < self.tail_mean:
            raise ValueError("low < threshold < tail_mean must hold")
        body = self.mean - self.tail_share * self.tail_mean
        mode = 3 * body / (1 - self.tail_share) - self.low - self.threshold
        if not self.low <= mode <= self.threshold:
            raise ValueError("mean must let the body peak between low and threshold")
        return self


class LognormalClass(Record):
    """Lognormal by its median and the deviation of the log."""

    kind: Literal["lognormal"]
    title: str = label("what people call it")
    median: float = quantity("1", "median of outturn over budget", gt=0, le=10)
    sigma: float = quantity("1", "standard deviation of the log", ge=0, le=3)


class TwoQuantilesClass(Record):
    """Lognormal through two quantiles."""

    kind: Literal["two_quantiles"]
    title: str = label("what people call it")
    low: float = quantity("1", "the lower quantile", gt=0, le=10)
    low_probability: Quantile = quantity("1", "its probability", gt=0)
    high: float = quantity("1", "the higher quantile", gt=0, le=10)
    high_probability: Quantile = quantity("1", "its probability", gt=0)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low > self.high or self.low_probability >= self.high_probability:
            raise ValueError("the higher quantile must have the higher probability")
        return self


class MomentsClass(Record):
    """Lognormal by mean and standard deviation."""

    kind: Literal["moments"]
    title: str = label("what people call it")
    mean: float = quantity("1", "mean of outturn over budget", gt=0, le=10)
    sd: float = quantity("1", "standard deviation of the same", ge=0, le=10)


class MeanQuantileClass(Record):
    """Lognormal by its mean and one quantile, the narrower of two."""

    kind: Literal["mean_quantile"]
    title: str = label("what people call it")
    mean: float = quantity("1", "mean of outturn over budget", gt=0, le=10)
    value: float = quantity("1", "the quantile", gt=0, le=100)
    probability: Quantile = quantity("1", "its probability", gt=0)

    @model_validator(mode="after")
    def _exists(self) -> Self:
        z = NormalDist().inv_cdf(self.probability)
        excess = math.log(self.value / self.mean)
        if 2.0 * excess > z * z or (z <= 0.0 < excess):
            raise ValueError("no lognormal has this mean and this quantile")
        return self


class ListedClass(Record):
    """Projects that were, each alike."""

    kind: Literal["listed"]
    title: str = label("what people call it")
    values: tuple[Annotated[float, Field(gt=0, le=100)], ...] = quantity(
        "1", "outturn over budget of each"
    )

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        if not self.values:
            raise ValueError("values must hold at least one project")
        return self


ReferenceClass = Annotated[
    SplicedClass
    | LognormalClass
    | TwoQuantilesClass
    | MomentsClass
    | MeanQuantileClass
    | ListedClass,
    Field(discriminator="kind"),
]
