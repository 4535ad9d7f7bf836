"""What a column and a table of a run folder are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from railsim.rows import columns_of

HALF_WIDTH = "_ci95"
Kind = Literal["string", "integer", "number", "boolean"]
WHOLE = {"year", "seq", "section", "price_year"}
VARIES = "varies"
WORDS = {"id", "text"}  # units of columns that hold no numbers
OVER_REPLICATIONS = "mean over replications"


@dataclass(frozen=True)
class Column:
    """One column of a table; `rule` says how its numbers are made."""

    name: str
    unit: str
    meaning: str
    rule: str = OVER_REPLICATIONS
    kind: Kind = "number"
    has_interval: bool = True

    @property
    def half_width(self) -> Column:
        """The column beside it with the half-width of its 95 % interval."""
        meaning = f"95 % half-width of {self.name} over replications (Student t)"
        rule = "t(0.975, n - 1) s / sqrt(n); empty for one replication"
        return Column(self.name + HALF_WIDTH, self.unit, meaning, rule)


@dataclass(frozen=True)
class Table:
    """One CSV file of a run folder."""

    name: str
    meaning: str
    keys: tuple[Column, ...]
    values: tuple[Column, ...] = field(default=())
    texts: tuple[Column, ...] = field(default=())
    """What is said of a row beside its numbers."""
    has_empty_keys: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Keys and texts first; each sampled value is followed by its half-width."""
        return (*self.keys, *self.texts, *_with_half_widths(self.values))

    @property
    def key_names(self) -> tuple[str, ...]:
        """Names of the keys."""
        return tuple(key.name for key in self.keys)


def _with_half_widths(values: tuple[Column, ...]) -> Iterator[Column]:
    for value in values:
        yield value
        if value.has_interval:
            yield value.half_width


def keys_of(row: type, *names: str) -> tuple[Column, ...]:
    """Keys as a kind of row declares them."""
    known = columns_of(row)
    return tuple(
        Column(
            name,
            *known[name],
            "key",
            _kind_of_key(name, known[name][0]),
            has_interval=False,
        )
        for name in names
    )


def _kind_of_key(name: str, unit: str) -> Kind:
    if name.startswith("is_"):
        return "boolean"
    if name in WHOLE:
        return "integer"
    return "string" if unit in WORDS else "number"


def texts_of(row: type, *names: str) -> tuple[Column, ...]:
    """What rows say beside their numbers."""
    known = columns_of(row)
    rule = f"as in every replication; else {VARIES!r}"
    return tuple(
        Column(
            name,
            *known[name],
            rule,
            _kind_of_key(name, known[name][0]),
            has_interval=False,
        )
        for name in names
    )


def values_of(
    row: type, *names: str, rule: str = OVER_REPLICATIONS
) -> tuple[Column, ...]:
    """Sampled values, each with its interval."""
    known = columns_of(row)
    return tuple(Column(name, *known[name], rule) for name in names)


def fixed_of(
    row: type, *names: str, rule: str = "the same in every replication"
) -> tuple[Column, ...]:
    """Values without an interval."""
    known = columns_of(row)
    return tuple(Column(name, *known[name], rule, has_interval=False) for name in names)
