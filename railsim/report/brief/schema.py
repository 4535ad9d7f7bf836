"""What a brief says: numbers, sentences, claims, tables, pictures."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from railsim.quantity import Record, label, quantity
from railsim.results.gates.schema import Metric, Reading

WORDS = {"is": "is", "is likely": "is_likely", "cannot be told": "cannot_be_told"}
"""Strength that may be said, the strongest first -> how its text is called."""


class Number(Metric, Reading):
    """A number of the brief: a metric, how it is read and shown."""

    factor: float = quantity("1", "shown times this", default=1.0)
    unit: str = label("shown behind it", default="")
    is_year: bool = label("a date as a decimal year", default=False)
    behind: tuple[str, ...] = label(
        "beginnings of the paths of assumptions behind it; empty: all", default=()
    )


class Claim(Record):
    """A number on one side of a limit or of another number."""

    number: str = label("name of a number")
    above: float | str | None = label(
        "limit as shown, or name of a number", default=None
    )
    below: float | str | None = label(
        "limit as shown, or name of a number", default=None
    )

    @model_validator(mode="after")
    def _has_one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError("a claim is above or below something")
        return self


class Sentence(Record):
    """A sentence with {names} of numbers.

    With a claim it has a text for each strength that the numbers may support: the
    strongest that they do is said.
    """

    says: str | None = label(
        "a sentence that claims no more than its numbers", default=None
    )
    claim: Claim | None = label("what it claims", default=None)
    says_is: str | None = label("the 95 % interval is on one side", default=None)
    says_is_likely: str | None = label("four fifths are on one side", default=None)
    says_cannot_be_told: str | None = label("neither", default=None)

    @property
    def texts(self) -> dict[str, str]:
        """Strength -> text; of a sentence without a claim one text."""
        told = {"says": self.says} | {
            strength: getattr(self, f"says_{word}") for strength, word in WORDS.items()
        }
        return {strength: text for strength, text in told.items() if text is not None}

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.texts:
            raise ValueError("a sentence says something")
        if (self.claim is None) != (list(self.texts) == ["says"]):
            raise ValueError(
                "says is for sentences without a claim, the others with one"
            )
        return self


class Table(Record):
    """Rows of texts with {names} of numbers."""

    heads: tuple[str, ...] = label("heads of the columns", min_length=1)
    rows: tuple[tuple[str, ...], ...] = label("cells, row by row")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if any(len(row) != len(self.heads) for row in self.rows):
            raise ValueError("every row has a cell for each head")
        return self


class Section(Record):
    """A paragraph, a table, pictures, and the heading above them if there is one."""

    heading: str = label("its heading", default="")
    sentences: tuple[Sentence, ...] = label("a paragraph", default=())
    table: Table | None = label("a table", default=None)
    pictures: tuple[str, ...] = label("names of pictures of the report", default=())


class Brief(Record):
    """A file of a brief."""

    title: str = label("its title")
    numbers: dict[str, Number] = label("name -> number", default={})
    sections: tuple[Section, ...] = label("its sections", min_length=1)
