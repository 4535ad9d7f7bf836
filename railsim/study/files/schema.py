"""Everything a study file may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from railsim.quantity import Record, label, quantity
from railsim.study.analysis.goals import Goal
from railsim.study.uncertainty.designs import Design
from railsim.study.uncertainty.distributions import Distribution
from railsim.study.uncertainty.together import Method, Pair, Split

Word = str | int | float | bool
Filter = dict[str, Word | tuple[Word, ...]]
Overlay = dict[str, Any]


class Head(Record):
    """What is studied, how often and how exactly."""

    title: str = label("heading of the printed table")
    scenario: str = label("scenario file, relative to this file")
    set: Overlay = label("dotted path -> value laid over the scenario", default={})
    seed: int = quantity("1", "root of all chance", ge=0, le=2**53)
    size: int = quantity("1", "draws that are asked for", ge=1, le=1_000_000)
    draws_per_part: int = quantity(
        "1", "draws that are computed and kept together", ge=1, le=1000
    )
    replications: int = quantity(
        "1", "years of luck of each draw; more tell chance from doubt", ge=1, le=1000
    )
    fidelity: Literal["analytic", "event", "both"] = label(
        "both: closed forms for all draws, events for the first, and their difference"
    )
    event_draws: int | None = quantity(
        "1", "with both: draws that are simulated by events too", default=None, ge=2
    )
    alternatives: tuple[str, ...] = label(
        "worlds that are evaluated, the one they are judged against first; without "
        "it all",
        default=(),
    )
    max_failed_share: float = quantity(
        "1", "more failed draws than this share fail the sweep", ge=0, le=1
    )

    @model_validator(mode="after")
    def _levels_fit(self) -> Self:
        if (self.event_draws is not None) != (self.fidelity == "both"):
            raise ValueError("event_draws belongs to fidelity 'both', and is needed")
        if self.event_draws is not None and self.event_draws > self.size:
            raise ValueError("event_draws must be at most size")
        return self


class FromSources(Record):
    """Low, mode, high and shape as sources.csv says them."""

    dist: Literal["sources"] = label("kind of distribution")


Uncertain = Annotated[Distribution | FromSources, Field(discriminator="dist")]


class Scaled(Record):
    """Several numbers that one factor raises and lowers together."""

    paths: tuple[str, ...] = label("dotted paths of the numbers", min_length=1)
    factor: Distribution = label("what they are multiplied by")


class Correlations(Record):
    """Which inputs hang together, and how that is brought about."""

    method: Method = label("how ranks are made to agree")
    pairs: tuple[Pair, ...] = label("pairs; all others are independent", min_length=1)


class Output(Record):
    """One number of every world: rows of a table of answers, made into one."""

    table: str = label("table of the outcome: routes, flows, resources, ...")
    column: str = label("its column of numbers")
    where: Filter = label("column -> value, or list of values, of the rows", default={})
    aggregate: Literal["sum", "mean", "min", "max"] = label(
        "how rows become one number", default="sum"
    )
    weight: str | None = label("column that weighs a mean", default=None)
    share_of: Filter | None = label(
        "rows by whose sum the sum is divided; keys as in where", default=None
    )
    against: str | None = label(
        "alternative whose number of the same draw is taken away", default=None
    )
    by: tuple[str, ...] = label("a number for each value of these columns", default=())
    unit: str | None = label(
        "unit of the number, where rows have units of their own", default=None
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.weight is not None and self.aggregate != "mean":
            raise ValueError("weight belongs to aggregate 'mean'")
        if self.share_of is not None and self.aggregate != "sum":
            raise ValueError("share_of belongs to aggregate 'sum'")
        return self


class Grid(Record):
    """Choices that are tried on every draw, all combinations of them."""

    alternatives: tuple[str, ...] = label(
        "worlds that the choices change; the others stay as they are", min_length=1
    )
    axes: dict[str, dict[str, Overlay]] = label(
        "axis -> level -> dotted path -> value", min_length=1
    )
    reference: dict[str, str] = label("axis -> level of the cell others differ from")


class Rule(Goal):
    """How well an output of one world must be known before a sweep may stop."""

    alternative: str = label("world")
    cell: dict[str, str] = label("axis -> level; without it the reference", default={})


class Stopping(Record):
    """Stop before all draws are made, once the answers are known well enough."""

    least: int = quantity("1", "draws before the rules are asked", ge=2)
    every: int = quantity("1", "draws between two times of asking", ge=1)
    rules: tuple[Rule, ...] = label("all must be met", min_length=1)


class Study(Record):
    """A study file."""

    study: Head = label("what is studied, how often and how exactly")
    design: Design = label("which points are looked at")
    uncertain: dict[str, Uncertain] = label("dotted path -> distribution", default={})
    scaled: dict[str, Scaled] = label("name -> numbers under one factor", default={})
    splits: dict[str, Split] = label("shares that sum to one", default={})
    correlations: Correlations | None = label("what hangs together", default=None)
    outputs: dict[str, Output] = label("name -> number of every world", min_length=1)
    grid: Grid | None = label("choices tried on every draw", default=None)
    stopping: Stopping | None = label("when enough is known", default=None)
