"""Checks that are always on: parts equal totals in every table."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

from railsim.results.catalogue import COSTS, TABLES, TOTAL

RELATIVE = 1e-9
Rows = list[tuple[Any, ...]]


class BrokenSumError(AssertionError):
    """Parts do not sum to their total: railsim is wrong, not its user."""


def check_tables(tables: dict[str, Rows]) -> None:
    """Raise BrokenSumError where a table does not add up."""
    _check_costs_of_routes(tables["routes"])
    _check_parts(tables["cost_components"], tables["routes"])
    _check_shares(tables["routes"])
    _check_journeys(tables["tcd"], tables["routes"])


def reader_of(table: str) -> Any:
    """A function that reads named cells of a row of a table."""
    position = {c.name: i for i, c in enumerate(TABLES[table].columns)}
    return lambda row, *names: tuple(row[position[name]] for name in names)


def _check_costs_of_routes(routes: Rows) -> None:
    read = reader_of("routes")
    for row in routes:
        (total,) = read(row, TOTAL)
        if math.isfinite(total):
            _compare("routes", row[:11], math.fsum(read(row, *COSTS)), total)


def _check_parts(parts: Rows, routes: Rows) -> None:
    read = reader_of("cost_components")
    found: dict[Any, list[float]] = defaultdict(list)
    for row in parts:
        found[row[:4]] += read(row, "usd_per_teu")
    read = reader_of("routes")
    simulated = {key[:2] for key in found}  # an interpolated year has no parts
    for row in routes:
        *key, total = read(row, "alternative", "year", "flow", "route", TOTAL)
        if math.isfinite(total) and tuple(key[:2]) in simulated:
            paid = math.fsum(found[tuple(key)])
            _compare("cost_components", tuple(key), paid, total)


def _check_shares(routes: Rows) -> None:
    read = reader_of("routes")
    found: dict[Any, list[float]] = defaultdict(list)
    for row in routes:
        (share,) = read(row, "share")
        if math.isfinite(share):
            found[row[:5]].append(share)
    for key, shares in found.items():
        _compare("routes", key, math.fsum(shares), 1.0)


def _check_journeys(points: Rows, routes: Rows) -> None:
    last = {(*row[:2], *row[5:7]): row for row in points}
    read, read_point = reader_of("routes"), reader_of("tcd")
    for row in routes:
        *key, money = read(
            row, "alternative", "year", "flow", "route", "money_usd_per_teu"
        )
        if tuple(key) in last:
            (paid,) = read_point(last[tuple(key)], "cum_usd")
            _compare("tcd", tuple(key), paid, money)


def _compare(table: str, key: tuple[Any, ...], parts: float, total: float) -> None:
    if not math.isclose(parts, total, rel_tol=RELATIVE, abs_tol=RELATIVE):
        where = ", ".join(map(str, key))
        raise BrokenSumError(f"{table}.csv: {where}: {parts!r} is not {total!r}")
