"""Rows kept by columns are the rows that they are made of."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace

import pytest

from railsim.rows import Rows, cells_of, column, columns_of


@dataclass(frozen=True, slots=True)
class Sale:
    shop: str = column("id", "who sells")
    price: float = column("USD", "for how much")


SALES = (Sale("a", 1.0), Sale("b", 2.5), Sale("a", 4.0))


def kept(*blocks: tuple[Sale, ...]) -> Rows[Sale]:
    return Rows(
        Sale, [{n: cells_of(rows, n) for n in columns_of(Sale)} for rows in blocks]
    )


def test_rows_come_out_as_they_went_in() -> None:
    rows = kept(SALES[:1], (), SALES[1:])

    assert tuple(rows) == SALES == rows
    assert len(rows) == 3
    assert (rows[-1], rows[:2]) == (SALES[-1], SALES[:2])
    assert repr(rows) == repr(SALES)


def test_a_column_is_the_cell_of_every_row() -> None:
    assert cells_of(kept(SALES), "price") == cells_of(SALES, "price") == [1.0, 2.5, 4.0]


def test_a_cell_may_stand_all_down_a_column() -> None:
    named = kept(SALES[:2], SALES[2:]).under("shop", "c")

    assert tuple(named) == tuple(replace(sale, shop="c") for sale in SALES)


def test_rows_join_one_below_the_other() -> None:
    joined = Rows.joined(Sale, [kept(SALES), kept(), kept(SALES[:1])])

    assert tuple(joined) == (*SALES, SALES[0])


def test_no_rows_are_rows_too() -> None:
    assert tuple(Rows(Sale)) == () == Rows(Sale)
    assert Rows(Sale).cells("shop") == []


def test_rows_travel_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(kept(SALES))) == SALES


def test_other_rows_are_not_equal() -> None:
    assert kept(SALES) != kept(SALES[:2])
    assert kept(SALES) != 3


def test_a_column_that_rows_lack_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        kept(SALES).cells("weight")
