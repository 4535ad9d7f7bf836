"""Rows: what their columns say, declared once, and how many of them are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, fields
from itertools import chain
from typing import Any, Generic, TypeVar, overload

Row = TypeVar("Row")
Block = Mapping[str, Sequence[Any]]  # column -> its cells
OWN_UNIT = "as in unit"  # of a column whose cells have units of their own beside them


def column(unit: str, meaning: str) -> Any:
    """Declare a column: its unit (`id` for a key) and what it says."""
    return field(metadata={"unit": unit, "meaning": meaning})


def columns_of(row: type) -> dict[str, tuple[str, str]]:
    """Name -> (unit, meaning) of a kind of row, in order."""
    return {f.name: (f.metadata["unit"], f.metadata["meaning"]) for f in fields(row)}


class Rows(Sequence[Row], Generic[Row]):
    """Rows of one kind, kept column by column; a row is made when it is asked for."""

    def __init__(self, kind: type[Row], blocks: Sequence[Block] = ()) -> None:
        self.kind = kind
        self._blocks = tuple(blocks)
        self._names = tuple(columns_of(kind))

    def __len__(self) -> int:
        return len(self.cells(self._names[0]))

    def __iter__(self) -> Iterator[Row]:
        columns = (self.cells(name) for name in self._names)
        return (self.kind(*cells) for cells in zip(*columns, strict=True))

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return tuple(self)[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __repr__(self) -> str:
        return repr(tuple(self))

    def cells(self, name: str) -> list[Any]:
        """A column."""
        return [*chain.from_iterable(block[name] for block in self._blocks)]

    def under(self, name: str, cell: Any) -> Rows[Row]:
        """The same rows with one cell all down a column."""
        blocks = [{**b, name: [cell] * len(b[name])} for b in self._blocks]
        return Rows(self.kind, blocks)

    @classmethod
    def joined(cls, kind: type[Row], parts: Sequence[Rows[Row]]) -> Rows[Row]:
        """All of them, one below the other."""
        return cls(kind, [block for part in parts for block in part._blocks])


def cells_of(rows: Sequence[Any], name: str) -> list[Any]:
    """A column of rows, however they are kept."""
    if isinstance(rows, Rows):
        return rows.cells(name)
    return [getattr(row, name) for row in rows]
