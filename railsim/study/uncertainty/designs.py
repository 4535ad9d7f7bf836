"""Designs: at which points of what is uncertain a study looks.

`size` means draws for monte_carlo, lhs and sobol, base points for saltelli,
trajectories for morris, repetitions under other luck for grid and one_at_a_time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.study.uncertainty.distributions import OF_PATH, Scalar

MOST_SOBOL_NAMES = 1024
MOST_RUNS = 100_000_000


class MonteCarlo(Record):
    """Independent draws; more of them begin with the fewer."""

    kind: Literal["monte_carlo"] = label("kind of design")


class LatinHypercube(Record):
    """One draw in each of n equal slices of every factor (McKay et al. 1979)."""

    kind: Literal["lhs"] = label("kind of design")
    within: Literal["random", "centre"] = label("where in its slice a draw lies")


class Sobol(Record):
    """A scrambled Sobol' sequence; more points begin with the fewer."""

    kind: Literal["sobol"] = label("kind of design")


class Saltelli(Record):
    """Points for Sobol' indices: A, B, A with one column of B, A with the luck of B."""

    kind: Literal["saltelli"] = label("kind of design")


class Morris(Record):
    """Trajectories that move one factor at a time (Campolongo et al. 2007)."""

    kind: Literal["morris"] = label("kind of design")
    levels: int = quantity("1", "levels of each factor, an even number", ge=2, le=1000)
    margin_share: float = quantity(
        "1", "probability left out at either end of each distribution", ge=0, le=0.4
    )

    @model_validator(mode="after")
    def _is_even(self) -> Self:
        if self.levels % 2:
            raise ValueError("levels must be an even number")
        return self


class Grid(Record):
    """Every combination of listed values."""

    kind: Literal["grid"] = label("kind of design")
    values: dict[str, tuple[Scalar, ...]] = quantity(OF_PATH, "path -> its values")

    @model_validator(mode="after")
    def _has_values(self) -> Self:
        for path, values in self.values.items():
            if not values:
                raise ValueError(f"{path} needs at least one value")
        return self


class OneAtATime(Record):
    """The scenario as it is, then each factor low and high, the others as they are."""

    kind: Literal["one_at_a_time"] = label("kind of design")
    low_probability: float = quantity("1", "quantile that is low", gt=0, le=0.5)
    high_probability: float = quantity("1", "quantile that is high", ge=0.5, le=0.9999)


Design = Annotated[
    MonteCarlo | LatinHypercube | Sobol | Saltelli | Morris | Grid | OneAtATime,
    Field(discriminator="kind"),
]
NEEDS_INDEPENDENCE = (Saltelli, Morris, Grid, OneAtATime)


def run_count(design: Design, factor_count: int, size: int) -> int:
    """Points of a design of this many factors."""
    match design:
        case Saltelli():
            return size * (factor_count + 3)
        case Morris():
            return size * (factor_count + 1)
        case OneAtATime():
            return size * (2 * factor_count + 1)
        case Grid(values=values):
            cells = 1
            for listed in values.values():
                cells *= len(listed)
            return size * cells
    return size


def complaint(design: Design, names: Sequence[str], size: int) -> str | None:
    """What is wrong with a design for these factors, if anything is."""
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        return f"{twice[0]} is named twice"
    if not names:
        return f"a design {design.kind} needs at least one path"
    if size < 1:
        return f"size must be at least 1, found {size}"
    if isinstance(design, Sobol | Saltelli) and size & (size - 1):
        return f"size must be a power of two for {design.kind}, found {size}"
    columns = len(names) * (2 if isinstance(design, Saltelli) else 1)
    if isinstance(design, Sobol | Saltelli) and columns > MOST_SOBOL_NAMES:
        return (
            f"{design.kind} takes at most {MOST_SOBOL_NAMES} columns, found {columns}"
        )
    if isinstance(design, Grid) and set(names) != set(design.values):
        return "a grid varies the paths it lists values for, and no others"
    if run_count(design, len(names), size) > MOST_RUNS:
        return f"more than {MOST_RUNS:,} runs"
    return None
