"""Traffic over years against the rows it is made from, and against plain products."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from railsim.case import evaluate
from railsim.errors import InputError
from railsim.horizon.years import horizon_of
from railsim.living.worlds import worlds_of
from railsim.outcome import Outcome, RouteRow
from railsim.rows import Rows, cells_of, columns_of
from railsim.scenario import Scenario, load_scenario, overlay
from railsim.tabulate import YearTables, mode_uses_of, traffic_of
from railsim.traffic import Leg, Payment, Traffic
from tests.runs import SMALL

YEARS = {"run.last_year": 2032, "run.anchor_years": [], "run.anchor_lags_years": []}
ANALYTIC = {"run.fidelity": "analytic", "run.engine": "compiled"}


def by_columns(kind: type, rows: Sequence[Any]) -> Rows[Any]:
    return Rows(kind, [{name: cells_of(rows, name) for name in columns_of(kind)}])


def tables_of(outcome: Outcome, name: str, world: Scenario) -> list[YearTables]:
    def of_year(rows: Sequence[Any], year: int) -> tuple[Any, ...]:
        return tuple(r for r in rows if (r.alternative, r.year) == (name, year))

    def kept(rows: Rows[Any], year: int) -> Rows[Any]:
        return by_columns(rows.kind, of_year(rows, year))

    return [
        YearTables(
            routes=kept(outcome.routes, year),
            flows=kept(outcome.flows, year),
            revenues=kept(outcome.revenues, year),
            departures=of_year(outcome.departures, year),
        )
        for year in horizon_of(world).reported
    ]


def worlds(scenario: Scenario) -> dict[str, Scenario]:
    return {world.name: world.scenario for world in worlds_of(scenario, 3)}


def traffics(scenario: Scenario, outcome: Outcome) -> dict[str, Traffic]:
    return {
        name: traffic_of(world, tables_of(outcome, name, world))
        for name, world in worlds(scenario).items()
    }


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return overlay(load_scenario(SMALL), {"run.simulate_years": "all"})


@pytest.fixture(scope="module")
def outcome(scenario: Scenario) -> Outcome:
    return evaluate(scenario, 3)


@pytest.fixture(scope="module")
def traffic(scenario: Scenario, outcome: Outcome) -> Traffic:
    return traffics(scenario, outcome)["with"]


@pytest.fixture(scope="module")
def anchored() -> tuple[Outcome, Traffic]:
    """Years 2029 to 2031 lie between 2028 and 2032."""
    scenario = load_scenario(SMALL)
    longer = overlay(scenario, {**YEARS, "run.simulate_years": "anchors"})
    outcome = evaluate(longer, 3)
    return outcome, traffics(longer, outcome)["with"]


def test_what_is_paid_is_what_the_rows_of_revenue_say(
    outcome: Outcome, traffic: Traffic
) -> None:
    rows = [r for r in outcome.revenues if r.alternative == "with"]

    for y, year in enumerate(traffic.years.tolist()):
        fees = [r.revenue_usd for r in rows if r.year == year and r.payee == "haulier"]
        paid = traffic.paid_usd[Payment("road", "haulier", "line_haul")][y]
        assert paid == pytest.approx(math.fsum(fees), rel=1e-12)
    everything = math.fsum(r.revenue_usd for r in rows)
    total = math.fsum(float(usd.sum()) for usd in traffic.paid_usd.values())
    assert total == pytest.approx(everything, rel=1e-12)


def test_flows_carry_the_tonnes_and_costs_of_their_rows(
    outcome: Outcome, traffic: Traffic
) -> None:
    flow = traffic.flows["fruit_south"]
    routes = [r for r in outcome.routes if r.alternative == "with"]
    rows = [r for r in outcome.flows if r.alternative == "with"]

    for y, year in enumerate(traffic.years.tolist()):
        tonnes = [r.tonnes for r in routes if (r.flow, r.year) == ("fruit_south", year)]
        (row,) = [r for r in rows if (r.flow, r.year) == ("fruit_south", year)]
        assert flow.tonnes[y] == pytest.approx(math.fsum(tonnes), rel=1e-12)
        assert flow.teu[y] == row.teu
        assert flow.composite_usd_per_teu[y] == row.composite_usd_per_teu
    assert (flow.origin_country, flow.destination_country) == ("CN", "VN")


def test_emissions_of_a_country_are_those_of_its_legs_and_hubs(
    outcome: Outcome, traffic: Traffic
) -> None:
    rows = [r for r in outcome.emissions if r.alternative == "with"]

    assert sorted(traffic.t_co2e) == ["VN", "XX"]
    for y, year in enumerate(traffic.years.tolist()):
        for country, emitted in traffic.t_co2e.items():
            of = [r.t_co2e for r in rows if (r.year, r.country) == (year, country)]
            assert emitted[y] == pytest.approx(math.fsum(of), rel=1e-9)


def test_tonne_kilometres_are_tonnes_times_the_length_of_the_way(
    outcome: Outcome, traffic: Traffic
) -> None:
    rows = [r for r in outcome.routes if (r.alternative, r.year) == ("with", 2028)]
    by_mode = {
        mode: math.fsum(r.tonnes for r in rows if r.mode == mode)
        for mode in ("rail", "road", "sea")
    }

    assert traffic.t_km[Leg("rail", "VN")][2] == pytest.approx(400 * by_mode["rail"])
    assert traffic.t_km[Leg("road", "VN")][2] == pytest.approx(800 * by_mode["road"])
    assert traffic.t_km[Leg("sea", "XX")][2] == pytest.approx(1500 * by_mode["sea"])


def test_trucks_run_as_far_as_their_loads_and_no_further(
    outcome: Outcome, traffic: Traffic
) -> None:
    """Fruit: half the TEU in one 40-ft box, the other half two light 20-ft a truck."""
    rows = [r for r in outcome.routes if (r.alternative, r.year) == ("with", 2028)]
    tonnes = {r.flow: r.tonnes for r in rows if r.route == "road"}
    trucks = tonnes["fruit_south"] / 12.0 * 0.5 + tonnes["ore_north"] / 25.0

    assert traffic.truck_km["VN"][2] == pytest.approx(800.0 * trucks)


def test_only_stations_with_handling_lift_goods(
    outcome: Outcome, traffic: Traffic
) -> None:
    """Red lanes open boxes: a tenth of the fruit and a fiftieth of the ore by road."""
    rows = [r for r in outcome.routes if (r.alternative, r.year) == ("with", 2028)]
    tonnes = {r.flow: r.tonnes for r in rows if r.route == "road"}
    opened = 0.1 * tonnes["fruit_south"] + 0.02 * tonnes["ore_north"]

    assert traffic.lifted_t["VN"][2] == pytest.approx(opened)


def test_a_service_counts_both_its_directions(
    outcome: Outcome, traffic: Traffic
) -> None:
    rows = [r for r in outcome.departures if (r.alternative, r.year) == ("with", 2028)]
    pair = [r for r in rows if r.service.removesuffix(".back") == "train"]
    train = traffic.services["train"]

    assert len(pair) == 2
    assert train.departures[2] == sum(int(r.departures_run) for r in pair)
    assert train.vehicle_km[2] == 400.0 * train.departures[2]
    hours = math.fsum(r.run_h * r.departures_run for r in pair)
    assert train.vehicle_h[2] == pytest.approx(hours)
    assert train.teu[2] == math.fsum(r.teu for r in pair)
    assert train.peak_t[2] == max(r.tonnes for r in pair)
    assert train.t_km[2] == pytest.approx(400.0 * math.fsum(r.tonnes for r in pair))


def test_a_service_of_the_new_line_runs_only_after_it_opens(traffic: Traffic) -> None:
    departures = traffic.services["fast_train"].departures

    assert departures[0] == 0.0
    assert 0.0 < departures[1] < departures[2]


def test_departures_between_anchors_lie_on_the_line_between_them(
    anchored: tuple[Outcome, Traffic],
) -> None:
    outcome, traffic = anchored
    of = {y: i for i, y in enumerate(traffic.years.tolist())}
    made = {r.year: r.made_by for r in outcome.years if r.alternative == "with"}

    train = traffic.services["train"]

    assert [y for y, by in made.items() if by == "interpolated"] == [2029, 2030, 2031]
    for amount in (train.departures, train.vehicle_h):
        first, last = amount[of[2028]], amount[of[2032]]
        line = [first + (last - first) * k / 4 for k in range(5)]
        assert amount[of[2028] : of[2032] + 1] == pytest.approx(line)


def test_loads_between_anchors_grow_with_what_the_routes_send(
    anchored: tuple[Outcome, Traffic],
) -> None:
    outcome, traffic = anchored
    rows = [r for r in outcome.routes if (r.alternative, r.route) == ("with", "rail")]
    sent = np.array(
        [
            math.fsum(r.tonnes for r in rows if r.year == year)
            for year in traffic.years.tolist()
        ]
    )

    ratio = traffic.services["train"].tonnes / sent

    assert np.all(ratio > 0.9)
    assert np.all(ratio < 1.1)


def test_years_left_out_are_refused_by_name() -> None:
    scenario = overlay(load_scenario(SMALL), ANALYTIC)
    outcome = evaluate(scenario, 1)
    name, world = next(iter(worlds(scenario).items()))

    with pytest.raises(InputError, match="leaves out 2027"):
        traffic_of(world, tables_of(outcome, name, world))


def test_modes_share_the_teu_of_a_flow_at_the_mean_cost_of_their_routes(
    scenario: Scenario, outcome: Outcome, traffic: Traffic
) -> None:
    world = worlds(scenario)["with"]
    uses = mode_uses_of(tables_of(outcome, "with", world))
    rail = [
        r
        for r in outcome.routes
        if (r.alternative, r.year, r.flow, r.mode)
        == ("with", 2028, "fruit_south", "rail")
    ]

    cost = math.fsum(r.teu * r.generalised_cost_usd_per_teu for r in rail)
    teu = math.fsum(r.teu for r in rail)
    assert len(rail) == 2
    found = uses["fruit_south", "rail"]
    assert (found.teu[2], found.usd_per_teu[2]) == pytest.approx((teu, cost / teu))
    of_flow = [use.teu for (flow, _), use in uses.items() if flow == "fruit_south"]
    assert np.sum(of_flow, axis=0) == pytest.approx(traffic.flows["fruit_south"].teu)


def test_a_mode_that_carries_nothing_has_no_cost(
    scenario: Scenario, outcome: Outcome
) -> None:
    first, *_ = tables_of(outcome, "with", worlds(scenario)["with"])
    sea = [replace(row, teu=0.0) for row in first.routes if row.mode == "sea"]

    uses = mode_uses_of([replace(first, routes=by_columns(RouteRow, sea))])

    assert len(uses) == 2
    assert all(use.teu[0] == 0.0 for use in uses.values())
    assert all(np.isnan(use.usd_per_teu[0]) for use in uses.values())
