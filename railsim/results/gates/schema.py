"""What a file of checks says."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity

Key = str | int | float | bool
Where = dict[str, Key]


class Metric(Record):
    """One number: a cell of a run's table, or an output of one world of a sweep."""

    table: str | None = label("table of a run", default=None)
    column: str | None = label("its column", default=None)
    where: Where = label("column -> value of the one row", default={})
    less: Where = label(
        "keys of the row that is taken away; others as in where", default={}
    )
    output: str | None = label("output of a sweep", default=None)
    alternative: str | None = label(
        "world of a sweep; else the reference", default=None
    )
    cell: str | None = label("cell of that world; else the reference", default=None)

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        if (self.table is None) == (self.output is None):
            raise ValueError("a metric names either a table or an output")
        if (self.table is None) != (self.column is None):
            raise ValueError("a table needs a column")
        if self.output is not None and (self.where or self.less):
            raise ValueError("where and less belong to a table")
        return self


Statistic = Literal["mean", "p05", "p10", "p50", "p90", "p95", "share_above"]


class Reading(Record):
    """What of a metric is read: its mean, a quantile or share of its draws."""

    statistic: Statistic = label("what of it", default="mean")
    level: float | None = quantity(
        "unit of the metric", "level of share_above", default=None
    )

    @model_validator(mode="after")
    def _has_its_level(self) -> Self:
        if (self.statistic == "share_above") != (self.level is not None):
            raise ValueError("share_above, and nothing else, needs a level")
        return self


class Threshold(Reading):
    """Limits of a mean, a quantile of draws, or the share of draws above a level."""

    metric: str = label("name of a metric")
    at_least: float | None = quantity(
        "unit of the statistic", "lower limit", default=None
    )
    at_most: float | None = quantity(
        "unit of the statistic", "upper limit", default=None
    )
    half_width: float | None = quantity(
        "unit of the statistic", "widest interval that still tells", default=None, gt=0
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is self.at_most is self.half_width is None:
            raise ValueError("needs at_least, at_most or half_width")
        return self


class Verdict(Record):
    """Metrics that must keep their order: each less than the next."""

    says: str = label("the sentence that must stay true")
    ranking: tuple[str, ...] = label("names of metrics, the least first", min_length=2)


class Baseline(Record):
    """Metrics that must not move by more than noise and a tolerance."""

    metrics: tuple[str, ...] = label("names of metrics; empty: all", default=())
    level: float = quantity(
        "1",
        "chance of an alarm where nothing changed, all metrics together",
        default=0.01,
        gt=0,
        le=0.5,
    )
    relative: float = quantity(
        "1", "change that is allowed, of the old mean", default=0.0, ge=0
    )
    absolute: float = quantity(
        "unit of the metric", "change that is allowed", default=0.0, ge=0
    )


class Checks(Record):
    """A file of checks."""

    undecided: Literal["fail", "warn"] = label("what an interval across a limit means")
    metrics: dict[str, Metric] = label("name -> what is measured", min_length=1)
    thresholds: tuple[Threshold, ...] = label("limits", default=())
    verdicts: tuple[Verdict, ...] = label("orders that must not flip", default=())
    baseline: Baseline | None = label(
        "what may change since the baseline", default=None
    )
