"""Distributions of uncertain inputs, as a study file writes them.

Parameters stand in the unit of the path they are for. `quantiles.py` turns them into
numbers; this file loads no scipy, so that studies are checked quickly.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.study.uncertainty.order import check_weights, in_order

OF_PATH = "unit of the path"
Scalar = bool | int | float | str


class Constant(Record):
    """No doubt at all: one value."""

    dist: Literal["const"] = label("kind of distribution")
    value: Scalar = quantity(OF_PATH, "the value")


class Uniform(Record):
    """Any value of a range, each as likely."""

    dist: Literal["uniform"] = label("kind of distribution")
    low: float = quantity(OF_PATH, "least value")
    high: float = quantity(OF_PATH, "greatest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        return in_order(self, "low", "high")


class Triangular(Record):
    """A triangle over three points."""

    dist: Literal["triangular"] = label("kind of distribution")
    low: float = quantity(OF_PATH, "least value")
    mode: float = quantity(OF_PATH, "likeliest value")
    high: float = quantity(OF_PATH, "greatest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        return in_order(self, "low", "mode", "high")


class Pert(Record):
    """A beta distribution through three points, thinner at the ends (Malcolm 1959)."""

    dist: Literal["pert"] = label("kind of distribution")
    low: float = quantity(OF_PATH, "least value")
    mode: float = quantity(OF_PATH, "likeliest value")
    high: float = quantity(OF_PATH, "greatest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        return in_order(self, "low", "mode", "high")


class Normal(Record):
    """A bell, cut off where `low` or `high` say so."""

    dist: Literal["normal"] = label("kind of distribution")
    mean: float = quantity(OF_PATH, "mean before it is cut")
    sd: float = quantity(OF_PATH, "standard deviation before it is cut", gt=0)
    low: float | None = quantity(OF_PATH, "least value kept", default=None)
    high: float | None = quantity(OF_PATH, "greatest value kept", default=None)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        return in_order(self, "low", "high", strictly=True)

    def whole(self) -> Normal:
        """The bell before it is cut."""
        return self.model_copy(update={"low": None, "high": None})


LOGNORMAL_WAYS = (
    ("median", "sigma"),
    ("mean", "sd"),
    ("mean", "q", "p"),
    ("q1", "p1", "q2", "p2"),
)


class Lognormal(Record):
    """The exponential of a bell, fixed by one of four sets of numbers."""

    dist: Literal["lognormal"] = label("kind of distribution")
    median: float | None = quantity(OF_PATH, "median", default=None, gt=0)
    sigma: float | None = quantity(
        "1", "standard deviation of the logarithm", default=None, ge=0, le=10
    )
    mean: float | None = quantity(OF_PATH, "mean", default=None, gt=0)
    sd: float | None = quantity(OF_PATH, "standard deviation", default=None, ge=0)
    q: float | None = quantity(OF_PATH, "value at probability p", default=None, gt=0)
    p: float | None = quantity("1", "probability of q", default=None, gt=0, le=1)
    q1: float | None = quantity(OF_PATH, "value at p1", default=None, gt=0)
    p1: float | None = quantity("1", "probability of q1", default=None, gt=0, le=1)
    q2: float | None = quantity(OF_PATH, "value at p2", default=None, gt=0)
    p2: float | None = quantity("1", "probability of q2", default=None, gt=0, le=1)

    @model_validator(mode="after")
    def _is_given_one_way(self) -> Self:
        if self.given() not in LOGNORMAL_WAYS:
            ways = "; ".join(", ".join(way) for way in LOGNORMAL_WAYS)
            raise ValueError(f"needs one of these sets of numbers: {ways}")
        self.log_moments()
        return self

    def log_moments(self) -> tuple[float, float]:
        """Mean and standard deviation of the logarithm; ValueError if none fit."""
        from railsim.formulas import delivery  # loads scipy

        given = {name: getattr(self, name) for name in self.given()}
        match tuple(given):
            case ("median", "sigma"):
                return math.log(given["median"]), given["sigma"]
            case ("mean", "sd"):
                fit = delivery.lognormal_from_mean_sd(**given)
            case ("mean", "q", "p"):
                fit = delivery.lognormal_from_mean_quantile(**given)
            case _:
                fit = delivery.lognormal_from_two_quantiles(**given)
        return fit["mu"], fit["sigma"]

    def given(self) -> tuple[str, ...]:
        """The parameters that were written, in the order of the fields."""
        names = ("median", "sigma", "mean", "sd", "q", "p", "q1", "p1", "q2", "p2")
        return tuple(name for name in names if getattr(self, name) is not None)


class Spliced(Record):
    """Cost over budget of large projects: a triangle with a Pareto tail."""

    dist: Literal["spliced"] = label("kind of distribution")
    mean: float = quantity(OF_PATH, "mean of the whole", gt=0)
    threshold: float = quantity(OF_PATH, "where the tail begins", gt=0)
    p_tail: float = quantity("1", "probability of the tail", ge=0, le=0.999)
    tail_mean: float = quantity(OF_PATH, "mean of the tail", gt=0)
    low: float = quantity(OF_PATH, "least value", ge=0)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        in_order(self, "low", "threshold", "tail_mean", strictly=True)
        self.shape()
        return self

    def shape(self) -> tuple[float, float]:
        """Mode of the triangle and exponent of the tail; ValueError if none fit."""
        from railsim.formulas.delivery import spliced_shape  # loads scipy

        return spliced_shape(
            self.mean, self.threshold, self.p_tail, self.tail_mean, self.low
        )


class Beta(Record):
    """A beta distribution between two values."""

    dist: Literal["beta"] = label("kind of distribution")
    alpha: float = quantity("1", "shape at the low end", gt=0)
    beta: float = quantity("1", "shape at the high end", gt=0)
    low: float = quantity(OF_PATH, "least value")
    high: float = quantity(OF_PATH, "greatest value")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        return in_order(self, "low", "high")


class Gamma(Record):
    """A gamma distribution above a least value."""

    dist: Literal["gamma"] = label("kind of distribution")
    shape: float = quantity("1", "shape", gt=0)
    scale: float = quantity(OF_PATH, "scale", gt=0)
    low: float = quantity(OF_PATH, "least value")


class Exponential(Record):
    """An exponential distribution above a least value."""

    dist: Literal["exponential"] = label("kind of distribution")
    low: float = quantity(OF_PATH, "least value")
    mean_above: float = quantity(OF_PATH, "mean distance from the least value", gt=0)


class Weibull(Record):
    """A Weibull distribution above a least value."""

    dist: Literal["weibull"] = label("kind of distribution")
    shape: float = quantity("1", "shape", gt=0)
    scale: float = quantity(OF_PATH, "scale", gt=0)
    low: float = quantity(OF_PATH, "least value")


class Discrete(Record):
    """Some values, numbers or words, each with its probability."""

    dist: Literal["discrete"] = label("kind of distribution")
    values: tuple[Scalar, ...] = quantity(OF_PATH, "the values, in order")
    probabilities: tuple[float, ...] = quantity("1", "of each, summing to 1")

    @model_validator(mode="after")
    def _sums_to_one(self) -> Self:
        check_weights("probabilities", self.probabilities, len(self.values))
        return self


class Empirical(Record):
    """Observed numbers, drawn as they are or with values in between."""

    dist: Literal["empirical"] = label("kind of distribution")
    values: tuple[float, ...] = quantity(OF_PATH, "the observations")
    between: Literal["step", "linear"] = label(
        "step: only observed values; linear: also those between (type 7)"
    )

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if not self.values:
            raise ValueError("values needs at least one number")
        return self


class Bernoulli(Record):
    """True with a probability, else false."""

    dist: Literal["bernoulli"] = label("kind of distribution")
    p: float = quantity("1", "probability of true", ge=0, le=1)


class Part(Record):
    """One of the distributions that a mixture mixes."""

    weight: float = quantity("1", "probability of this part", ge=0, le=1)
    of: Distribution = label("its distribution")
    source: str = label("who says so, as answers shall name it", default="")


class Mixture(Record):
    """Several distributions, each believed with a probability."""

    dist: Literal["mixture"] = label("kind of distribution")
    parts: tuple[Part, ...] = label("the parts")
    drawn: Literal["pooled", "by_part"] = label(
        "pooled: one distribution, correlates; by_part: one can tell whose it is"
    )

    @model_validator(mode="after")
    def _is_of_numbers(self) -> Self:
        check_weights("weights", [p.weight for p in self.parts], len(self.parts))
        if self.drawn == "pooled":
            for part in self.parts:
                check_numeric(part.of)
        return self


class Truncated(Record):
    """Any distribution of numbers, cut off."""

    dist: Literal["truncated"] = label("kind of distribution")
    of: Distribution = label("the distribution")
    low: float | None = quantity(OF_PATH, "least value kept", default=None)
    high: float | None = quantity(OF_PATH, "greatest value kept", default=None)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        check_numeric(self.of)
        return in_order(self, "low", "high")


Distribution = Annotated[
    Constant
    | Uniform
    | Triangular
    | Pert
    | Normal
    | Lognormal
    | Spliced
    | Beta
    | Gamma
    | Exponential
    | Weibull
    | Discrete
    | Empirical
    | Bernoulli
    | Mixture
    | Truncated,
    Field(discriminator="dist"),
]

for _kind in (Part, Mixture, Truncated):
    _kind.model_rebuild()


def check_numeric(distribution: Distribution) -> None:
    """Demand a distribution of numbers that has a cumulative distribution."""
    match distribution:
        case Constant(value=value):
            values: tuple[Scalar, ...] = (value,)
        case Discrete(values=several):
            values = several
        case Bernoulli() | Mixture(drawn="by_part"):
            values = (True,)
        case _:
            values = ()
    if any(isinstance(value, bool | str) for value in values):
        raise ValueError("only distributions of numbers can be cut or pooled")
