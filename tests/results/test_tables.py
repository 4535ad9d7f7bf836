"""Tables add up, and their intervals are those of the textbook."""

import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from railsim.results.catalogue import COSTS, TABLES, TOTAL
from railsim.results.tables.building import (
    build_tables,
    widest_relative_half_width,
)
from railsim.results.tables.checking import BrokenSumError, check_tables
from railsim.results.tables.gathering import Gathered
from railsim.results.tables.money import MONEY
from railsim.results.tables.panel import mean_and_half_width
from tests.runs import tiny_outcomes


@pytest.fixture(scope="module")
def tables():
    return build_tables(Gathered.of(tiny_outcomes()))


def named(tables, name):
    """Rows of a table as dictionaries."""
    columns = [column.name for column in TABLES[name].columns]
    return [dict(zip(columns, row, strict=True)) for row in tables[name]]


def test_the_half_width_is_student_s():
    mean, half_width = mean_and_half_width(np.array([[1.0, 2.0, 3.0, 4.0]]))

    # t(0.975, 3) = 3.182446, s = 1.290994
    assert mean[0] == 2.5
    assert half_width[0] == pytest.approx(3.182446 * 1.290994 / 2.0, rel=1e-6)


def test_one_replication_has_no_interval():
    mean, half_width = mean_and_half_width(np.array([[7.0], [np.nan]]))

    assert mean[0] == 7.0
    assert math.isnan(half_width[0])
    assert math.isnan(mean[1])


def test_a_replication_without_a_value_is_left_out():
    mean, half_width = mean_and_half_width(np.array([[1.0, np.nan, 3.0]]))

    assert mean[0] == 2.0
    assert half_width[0] == pytest.approx(12.7062, rel=1e-5)


def test_every_row_has_a_cell_for_every_column(tables):
    ragged = [
        name
        for name, rows in tables.items()
        for row in rows
        if len(row) != len(TABLES[name].columns)
    ]

    assert tables.keys() == TABLES.keys()
    assert all(
        tables[name]
        for name in tables.keys() - {table.name for table in MONEY.values()}
    )
    assert ragged == []


def test_keys_are_unique_in_every_table(tables):
    doubled = {
        name: len(rows) - len({row[: len(TABLES[name].keys)] for row in rows})
        for name, rows in tables.items()
    }

    assert set(doubled.values()) == {0}


def test_parts_of_the_cost_sum_to_the_generalised_cost(tables):
    parts = defaultdict(list)
    for row in named(tables, "cost_components"):
        parts[row["alternative"], row["year"], row["flow"], row["route"]].append(
            row["usd_per_teu"]
        )

    for row in named(tables, "routes"):
        key = row["alternative"], row["year"], row["flow"], row["route"]
        if math.isfinite(row[TOTAL]):
            assert math.fsum(parts[key]) == pytest.approx(row[TOTAL], rel=1e-9)
            assert math.fsum(row[c] for c in COSTS) == pytest.approx(row[TOTAL])


@pytest.mark.parametrize(
    ("table", "within"),
    [
        ("summary", ("alternative", "year", "market")),
        ("routes", ("alternative", "year", "market", "commodity", "direction")),
        ("flows", ("alternative", "year", "flow")),
    ],
)
def test_shares_sum_to_one(tables, table, within):
    shares = defaultdict(list)
    for row in named(tables, table):
        shares[tuple(row[name] for name in within)].append(row["share"])

    assert all(math.fsum(s) == pytest.approx(1.0) for s in shares.values())


def test_the_markets_carry_what_their_routes_carry(tables):
    totals = [
        math.fsum(row["tonnes"] for row in named(tables, name))
        for name in ("summary", "routes", "flows")
    ]

    assert totals == pytest.approx([totals[0]] * 3)


def test_a_journey_begins_at_nothing_and_ends_at_the_money_paid(tables):
    money = {
        (row["alternative"], row["flow"], row["route"]): row["money_usd_per_teu"]
        for row in named(tables, "routes")
    }
    points = named(tables, "tcd")
    last = {(p["alternative"], p["flow"], p["route"]): p for p in points}

    assert {p["cum_usd"] for p in points if p["seq"] == 0} == {0.0}
    assert last
    assert all(p["cum_usd"] == pytest.approx(money[key]) for key, p in last.items())


def test_legs_emit_what_their_route_emits(tables):
    legs = defaultdict(list)
    for row in named(tables, "emissions"):
        legs[row["alternative"], row["flow"], row["route"]].append(row["kg_co2e_per_t"])

    for row in named(tables, "routes"):
        key = row["alternative"], row["flow"], row["route"]
        assert math.fsum(legs[key]) == pytest.approx(row["kg_co2e_per_t"])


def test_the_summary_is_weighted_by_teu_in_each_replication():
    outcome = tiny_outcomes()[:1]
    rows = [
        r
        for r in outcome[0].routes
        if (r.alternative, r.market, r.mode) == ("with", "bilateral", "rail")
        and math.isfinite(r.generalised_cost_usd_per_teu)
    ]
    expected = math.fsum(
        r.teu * r.generalised_cost_usd_per_teu for r in rows
    ) / math.fsum(r.teu for r in rows)

    summary = named(build_tables(Gathered.of(outcome)), "summary")

    found = [
        row[TOTAL]
        for row in summary
        if (row["alternative"], row["market"], row["mode"])
        == ("with", "bilateral", "rail")
    ]
    assert found == [pytest.approx(expected)]


def test_a_missing_part_is_noticed(tables):
    broken = {**tables, "cost_components": tables["cost_components"][1:]}

    with pytest.raises(BrokenSumError, match=r"cost_components\.csv"):
        check_tables(broken)


def test_a_route_that_delivers_in_one_replication_only_still_adds_up():
    first, second = tiny_outcomes()
    names = ("inventory", "decay", "schedule", "safety", "generalised_cost")
    lost = {f"{name}_usd_per_teu": math.nan for name in names}
    rows = tuple(replace(r, **lost) if r.route == "rail" else r for r in second.routes)
    costs = tuple(c for c in second.costs if c.route != "rail" or c.payee != "nobody")

    tables = build_tables(
        Gathered.of([first, replace(second, routes=rows, costs=costs)])
    )

    assert tables["routes"]


def test_the_interval_of_a_market_is_unknown_after_one_replication():
    gathered = Gathered.of(tiny_outcomes())

    assert widest_relative_half_width(gathered.first(1), "bilateral") == math.inf
    assert widest_relative_half_width(gathered, "bilateral") > 0.0
