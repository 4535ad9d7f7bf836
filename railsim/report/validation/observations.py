"""Figures of the real corridor, and what the model says of the same quantities."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from railsim.errors import InputError, StorageError
from railsim.report.validation.tables import Row, table
from railsim.results.cells import read_csv

HEADINGS = (
    "id",
    "quantity",
    "unit",
    "observed",
    "model",
    "error",
    "verdict",
    "source",
    "remark",
)


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of the real corridor with the range that counts as met."""

    id: str
    observation: str
    unit: str
    low: float
    mode: float
    high: float
    source: str
    remark: str
    at: float | None = None
    """Year, years since an opening or tonnes that it speaks of; None: the base year."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An observation and what the model says of the same quantity."""

    observed: Observation
    modelled: float

    @property
    def error(self) -> float:
        """Relative difference to the likeliest observed value."""
        return self.modelled / self.observed.mode - 1.0

    @property
    def verdict(self) -> str:
        """Inside the range, or by how much it is missed."""
        if math.isnan(self.modelled):
            return "not in this run"
        if self.observed.low <= self.modelled <= self.observed.high:
            return "inside"
        return f"off by {self.error:+.0%}"


def read_observations(rows: Iterable[Row]) -> list[Observation]:
    """Observations from the rows of `scenarios/observations.csv`."""
    return [
        Observation(
            id=row["id"],
            observation=row["observation"],
            unit=row["unit"],
            low=float(row["low"]),
            mode=float(row["mode"]),
            high=float(row["high"]),
            source=_source(row),
            remark=row["remark"],
            at=float(row["at"]) if row["at"] else None,
        )
        for row in rows
    ]


def _source(row: Row) -> str:
    said = ", ".join(row[name] for name in ("publisher", "date") if row[name])
    return f"{row['source']} ({said})"


def load_observations(file: Path) -> list[Observation]:
    """Observations of a file; raises InputError naming what is wrong with it."""
    try:
        header, rows = read_csv(file.read_bytes())
        return read_observations(dict(zip(header, r, strict=True)) for r in rows)
    except OSError as error:
        raise StorageError(f"{file.name}: {error.strerror}") from None
    except (KeyError, ValueError) as error:
        raise InputError(f"{file.name}: no table of observations: {error}") from None


def comparison_table(comparisons: Iterable[Comparison]) -> str:
    """Observed beside modelled, in Markdown."""
    return table(HEADINGS, [_cells(c) for c in comparisons])


def _cells(c: Comparison) -> tuple[str, ...]:
    o, is_known = c.observed, not math.isnan(c.modelled)
    return (
        o.id,
        o.observation if o.at is None else f"{o.observation}: {o.at:g}",
        o.unit,
        f"{o.low:g} - {o.mode:g} - {o.high:g}",
        f"{c.modelled:.4g}" if is_known else "",
        f"{c.error:+.1%}" if is_known else "",
        c.verdict,
        o.source,
        o.remark,
    )
