"""What those who are paid gain, by hand; and the two ways of counting."""

from __future__ import annotations

import numpy as np
import pytest

from railsim.appraisal.appraising import appraise
from railsim.appraisal.effects.producers import (
    book_producers,
    resource_costs,
    resource_gain,
)
from railsim.appraisal.ledger import Entry
from railsim.errors import InputError
from railsim.scenario import Scenario
from railsim.traffic import Payment, ServiceTraffic, Traffic
from tests.appraisal.worlds import flow, payee, scenario, series, side, traffic

ROAD = Payment("road", "haulier", "line_haul")
RAIL = Payment("rail", "railway", "line_haul")
TRAIN = ServiceTraffic(
    departures=series(10.0),
    vehicle_km=series(4000.0),
    vehicle_h=series(80.0),
    teu=series(300.0),
    tonnes=series(5000.0),
    teu_km=series(120e3),
    t_km=series(2e6),
    peak_teu=series(200.0),
    peak_t=series(3000.0),
)


def booked(world: Scenario, carried: Traffic) -> dict[tuple[str, str], float]:
    frame = world.appraisal
    assert frame is not None
    ledger = book_producers(world, frame, carried)
    return {(e.item, e.party): float(a[0]) for e, a in ledger.items() if a.any()}


def test_who_competes_keeps_nothing() -> None:
    assert booked(scenario(), traffic(paid={ROAD: series(80.0)})) == {
        ("charges", "hauliers"): 80.0,
        ("resource costs", "hauliers"): -80.0,
    }


def test_tolls_and_taxes_of_hauliers_go_on_to_the_treasury() -> None:
    world = scenario(haulier=payee(levy_share=0.25))

    assert booked(world, traffic(paid={ROAD: series(80.0)})) == {
        ("charges", "hauliers"): 80.0,
        ("resource costs", "hauliers"): -60.0,
        ("taxes and tolls", "hauliers"): -20.0,
        ("taxes and tolls", "treasury"): 20.0,
    }


def test_a_margin_is_kept_of_what_is_paid() -> None:
    kept = booked(scenario(), traffic(paid={RAIL: series(80.0)}))

    assert kept == {("charges", "railway"): 80.0, ("resource costs", "railway"): -60.0}


def test_a_margin_is_kept_beside_what_is_handed_on() -> None:
    port = payee("margin", party="railway", margin_share=0.25, levy_share=0.1)

    kept = booked(scenario(railway=port), traffic(paid={RAIL: series(80.0)}))

    assert kept == {
        ("charges", "railway"): 80.0,
        ("resource costs", "railway"): pytest.approx(-52.0),
        ("taxes and tolls", "railway"): -8.0,
        ("taxes and tolls", "treasury"): 8.0,
    }


def test_a_railway_uses_up_what_its_trains_do() -> None:
    railway = payee(
        "resources",
        party="railway",
        also_runs=[],
        usd_per_vehicle_km=5.0,
        usd_per_vehicle_h=100.0,
        usd_per_t_km=0.002,
        usd_per_teu=30.0,
    )
    world = scenario(railway=railway)

    costs = resource_costs(world, traffic(services={"train": TRAIN}))

    expected = 5 * 4000 + 100 * 80 + 0.002 * 2e6 + 30 * 300
    assert costs["railway"] == pytest.approx(np.full(10, expected))
    assert costs["new railway"] == pytest.approx(np.zeros(10))


def test_trains_that_nobody_pays_for_cost_as_well() -> None:
    rates = dict.fromkeys(("usd_per_vehicle_h", "usd_per_t_km", "usd_per_teu"), 0.0)
    railway = payee("resources", also_runs=["train"], usd_per_vehicle_km=5.0, **rates)
    world = scenario(**{"new railway": railway})

    costs = resource_costs(world, traffic(services={"train": TRAIN}))

    assert costs["new railway"][0] == 20_000.0


def test_somebody_who_is_paid_and_unknown_is_named() -> None:
    paid = {Payment("road", "stranger", "fee"): series(1.0)}

    with pytest.raises(InputError, match="no entry for 'stranger'"):
        booked(scenario(), traffic(paid=paid))


def test_both_ways_of_counting_agree_where_prices_are_costs() -> None:
    """One flow by road; its price falls from 100 to 80, and a fifth more is sent."""
    before = traffic(
        {"all": flow(series(50.0), series(100.0))}, paid={ROAD: series(5000.0)}
    )
    after = traffic(
        {"all": flow(series(60.0), series(80.0))}, paid={ROAD: series(4800.0)}
    )
    world = scenario()

    welfare = appraise(world, side(after), side(before)).net_usd
    resources = resource_gain(world, after, before)

    assert welfare == pytest.approx(np.full(10, 1100.0))
    assert resources == pytest.approx(welfare, rel=0.01)


def test_a_margin_on_new_traffic_is_gained_on_top_of_resources() -> None:
    """Where a price is above its cost, more traffic gains the difference."""
    before = traffic(
        {"all": flow(series(50.0), series(100.0))}, paid={RAIL: series(5000.0)}
    )
    after = traffic(
        {"all": flow(series(60.0), series(80.0))}, paid={RAIL: series(4800.0)}
    )
    world = scenario()

    found = appraise(world, side(after), side(before))

    effects = {e: a[0] for e, a in found.effects.items() if a.any()}
    assert effects[Entry("producers", "railway", "VN")] == pytest.approx(-50.0)
    assert found.net_usd[0] == pytest.approx(1100.0 - 50.0)
