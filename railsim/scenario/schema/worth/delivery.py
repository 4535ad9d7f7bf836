"""When works may start, how long they take, how money flows: laws of one quantile."""

from __future__ import annotations

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity

SHARES_CLOSE = 1e-9

Quantile = Annotated[float, Field(lt=1)]


class FixedStart(Record):
    """A date that is decided."""

    kind: Literal["fixed"]
    year: float = quantity("year", "decimal year", ge=1950, le=2300)
    is_slipping: bool = label("does slippage come on top?")


class WindowStart(Record):
    """One of several dates."""

    kind: Literal["window"]
    years: tuple[float, ...] = quantity("year", "decimal years, ascending")
    probabilities: tuple[float, ...] = quantity("1", "one for each of years")
    is_slipping: bool = label("does slippage come on top?")

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if not self.years or len(self.years) != len(self.probabilities):
            raise ValueError("probabilities must have a number for each of years")
        if list(self.years) != sorted(set(self.years)):
            raise ValueError("years must ascend")
        if min(self.years) < 1950 or max(self.years) > 2300:
            raise ValueError("years must lie from 1950 to 2300")
        if min(self.probabilities) < 0:
            raise ValueError("probabilities must be at least 0")
        _sum_to_one("probabilities", self.probabilities)
        return self


class UniformStart(Record):
    """Every day between two dates alike."""

    kind: Literal["uniform"]
    low_year: float = quantity("year", "first day", ge=1950, le=2300)
    high_year: float = quantity("year", "last day", ge=1950, le=2300)
    is_slipping: bool = label("does slippage come on top?")

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low_year > self.high_year:
            raise ValueError("low_year <= high_year must hold")
        return self


class UniformPart(Record):
    """Part of a mixture: every day between two dates alike."""

    kind: Literal["uniform"]
    weight: float = quantity("1", "probability of this part", ge=0, le=1)
    low_year: float = quantity("year", "first day", ge=1950, le=2300)
    high_year: float = quantity("year", "last day", ge=1950, le=2300)


class ExponentialPart(Record):
    """Part of a mixture: from a date on, less and less likely."""

    kind: Literal["exponential"]
    weight: float = quantity("1", "probability of this part", ge=0, le=1)
    low_year: float = quantity("year", "first day", ge=1950, le=2300)
    mean_years: float = quantity("y", "mean wait after it", gt=0, le=50)


Part = Annotated[UniformPart | ExponentialPart, Field(discriminator="kind")]


class MixtureStart(Record):
    """Parts that follow one another in time; what may slip is in them already."""

    kind: Literal["mixture"]
    parts: dict[str, Part] = label("parts by name", min_length=1)

    @model_validator(mode="after")
    def _follow_one_another(self) -> Self:
        _sum_to_one("weights of parts", [p.weight for p in self.parts.values()])
        end = -math.inf
        for part in self.ordered():
            if part.low_year < end:
                raise ValueError("parts must not overlap in time")
            end = part.high_year if isinstance(part, UniformPart) else math.inf
            if end < part.low_year:
                raise ValueError("low_year <= high_year must hold in every part")
        return self

    def ordered(self) -> list[UniformPart | ExponentialPart]:
        """The parts by their first day."""
        return sorted(self.parts.values(), key=lambda part: part.low_year)


Start = Annotated[
    FixedStart | WindowStart | UniformStart | MixtureStart,
    Field(discriminator="kind"),
]


class Slippage(Record):
    """Time between the day that is set and the day works begin: a cut lognormal."""

    median_years: float = quantity("y", "median before the cut", gt=0, le=20)
    sigma: float = quantity("1", "standard deviation of the log", ge=0, le=3)
    limit_years: float = quantity("y", "never longer", gt=0, le=50)


class TriangularDuration(Record):
    """Years from the start of main works to opening, commissioning included."""

    kind: Literal["triangular"]
    low_years: float = quantity("y", "shortest", gt=0, le=50)
    mode_years: float = quantity("y", "likeliest", gt=0, le=50)
    high_years: float = quantity("y", "longest", gt=0, le=50)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if not self.low_years <= self.mode_years <= self.high_years:
            raise ValueError("low_years <= mode_years <= high_years must hold")
        return self


class StructuralDuration(Record):
    """Planned works times a lognormal factor, and commissioning after them."""

    kind: Literal["structural"]
    works_years: float = quantity("y", "works as planned", gt=0, le=50)
    p50_factor: float = quantity("1", "median of works over plan", gt=0, le=10)
    p80_factor: float = quantity("1", "80th percentile of the same", gt=0, le=10)

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.p50_factor > self.p80_factor:
            raise ValueError("p50_factor <= p80_factor must hold")
        return self


Duration = Annotated[
    TriangularDuration | StructuralDuration, Field(discriminator="kind")
]


class BetaCurve(Record):
    """Cumulative spending as a beta distribution over the time of works."""

    kind: Literal["beta"]
    a: float = quantity("1", "first shape", gt=0, le=100)
    b: float = quantity("1", "second shape", gt=0, le=100)

    def law(self) -> tuple[str, list[float]]:
        """Profile and parameters as the formulas name them."""
        return self.kind, [self.a, self.b]


class RayleighCurve(Record):
    """Norden-Rayleigh: most money soon, a long tail."""

    kind: Literal["rayleigh"]
    k: float = quantity("1", "steepness", gt=0, le=100)

    def law(self) -> tuple[str, list[float]]:
        """Profile and parameters as the formulas name them."""
        return self.kind, [self.k]


class LogisticCurve(Record):
    """Logistic, cut at both ends."""

    kind: Literal["logistic"]
    k: float = quantity("1", "steepness", gt=0, le=100)
    midpoint: float = quantity("1", "share of the time at half the money", ge=0, le=1)

    def law(self) -> tuple[str, list[float]]:
        """Profile and parameters as the formulas name them."""
        return self.kind, [self.k, self.midpoint]


Curve = Annotated[
    BetaCurve | RayleighCurve | LogisticCurve, Field(discriminator="kind")
]


def _sum_to_one(what: str, shares: tuple[float, ...] | list[float]) -> None:
    if abs(math.fsum(shares) - 1.0) > SHARES_CLOSE:
        raise ValueError(f"{what} must sum to 1, found {math.fsum(shares):g}")
