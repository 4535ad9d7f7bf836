"""Rolling stock: sizing, cohorts, learning, and the budget line that pays first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.project.fleet import (
    Purchases,
    beyond_budget,
    purchases,
    unit_price_usd,
    units_needed,
)
from tests.project.traffics import service, traffic
from tests.project.worlds import line

WAGONS = {
    "units_per_train": 48,
    "operating_days": 350.0,
    "load_factor": 0.85,
    "spare_share": 0.08,
    "turn_h": 10.0,
    "lookahead_years": 0,
    "lead_years": 1,
    "services": ("sgr_container",),
    "price_usd": 1000.0,
    "life_years": 30,
}


def vehicle(**changes):
    return line().vehicles["container_wagons"].model_copy(update={**WAGONS, **changes})


def world(**changes):
    """One kind of wagon; trains of 96 TEU."""
    train = line().services["sgr_container"].model_copy(update={"capacity_teu": 96})
    services = {**line().services, "sgr_container": train}
    kinds = {"wagons": vehicle(**changes)}
    return line().model_copy(update={"services": services, "vehicles": kinds})


def boxes(teu, hours=20.0):
    """Traffic of the container trains, 1000 departures in years that have any."""
    runs = [1000.0 if x > 0 else 0.0 for x in teu]
    trains = service(departures=runs, vehicle_h=np.array(runs) * hours, peak_teu=teu)
    return traffic(2026, sgr_container=trains)


def test_the_fleet_is_that_of_the_worked_example():
    # 20 h of running and 10 h at either end: a cycle of 60 h
    found = units_needed(world(), world().vehicles["wagons"], boxes([600_000.0]))

    assert found.tolist() == [2748]  # WE-09


def test_bulk_trains_are_sized_by_tonnes():
    bulk = line().services["sgr_bulk"]
    assert bulk.capacity_teu == 0
    numbers = {"departures": [500.0], "vehicle_h": [10_000.0]}
    heavy = service(**numbers, peak_teu=[1.0], peak_t=[600_000.0 / 96 * 2250])
    kind = vehicle(services=("sgr_bulk",))

    found = units_needed(line(), kind, traffic(2026, sgr_bulk=heavy))

    assert found.tolist() == [2748]


def test_trains_without_room_for_goods_are_sized_by_those_that_run():
    name = "passenger_sgr"
    kind = vehicle(services=(name,), units_per_train=1, spare_share=0.0, turn_h=2.0)
    runs = service(departures=[5600.0], vehicle_h=[5600.0 * 4.0])

    found = units_needed(line(), kind, traffic(2026, passenger_sgr=runs))

    # 8 pairs a day, 12 h a cycle
    assert found.tolist() == [4]


def test_wagons_are_bought_a_year_ahead_for_the_traffic_two_years_on():
    teu = [0.0, 0.0, 100_000.0, 200_000.0, 300_000.0]
    some = world(lookahead_years=2)

    found = purchases(some, boxes(teu))["wagons"]

    alone = purchases(world(), boxes([300_000.0]))["wagons"].needed[0]
    assert found.needed.tolist() == [0, 0, alone, alone, alone]
    assert found.bought.tolist() == [0, alone, 0, 0, 0]


def test_wagons_are_replaced_at_the_end_of_their_life():
    found = purchases(world(life_years=3), boxes([100_000.0] * 8))["wagons"]

    need = found.needed[0]
    assert found.bought.tolist() == [need, 0, need, 0, 0, need, 0, 0]
    assert found.growth_usd.tolist() == [need * 1000.0, *[0.0] * 7]
    assert found.renewal_usd.sum() == pytest.approx(2 * need * 1000.0)


def test_traffic_that_shrinks_lets_old_wagons_go():
    teu = [300_000.0, 300_000.0, 100_000.0, 100_000.0, 100_000.0]

    found = purchases(world(life_years=3, lead_years=0), boxes(teu))["wagons"]

    assert found.bought.tolist() == [found.needed[0], 0, 0, found.needed[3], 0]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40), st.integers(1, 40))
def test_there_are_always_enough_wagons(teu, life):
    found = purchases(world(life_years=life, lead_years=0), boxes(teu))["wagons"]

    for year, need in enumerate(found.needed.tolist()):
        alive = found.bought[max(0, year + 1 - life) : year + 1].sum()
        assert alive >= need


@given(st.integers(0, 10_000), st.integers(1, 1000), st.floats(0, 1))
def test_without_learning_prices_never_change(made, units, local):
    kind = vehicle(learning_rate=0.0, local_share=local, local_price_factor=1.0)

    assert unit_price_usd(kind, made=made, units=units) == pytest.approx(1000.0)


def test_each_doubling_makes_the_local_part_cheaper_by_the_learning_rate():
    kind = vehicle(
        learning_rate=0.2,
        local_share=0.5,
        local_price_factor=1.2,
        experience_units=100.0,
    )

    prices = [unit_price_usd(kind, made=made, units=0) for made in (0, 100, 300)]

    assert prices == pytest.approx([500 + 600 * x for x in (1.0, 0.8, 0.64)])


def test_an_order_costs_what_its_middle_unit_does():
    kind = vehicle(learning_rate=0.2, local_share=0.5, experience_units=100.0)

    order = unit_price_usd(kind, made=90, units=20)

    assert order == pytest.approx(unit_price_usd(kind, made=100, units=0))
    assert order < unit_price_usd(kind, made=90, units=0)


def test_imported_wagons_learn_nothing():
    kind = vehicle(learning_rate=0.2, local_share=0.0)

    assert unit_price_usd(kind, made=5000, units=10) == 1000.0


def bought(growth, renewal):
    units = np.zeros(len(growth), dtype=np.int64)
    return Purchases(units, units, np.array(growth), np.array(renewal))


def test_the_projects_own_line_pays_until_it_is_used_up():
    some = {"wagons": bought([60.0, 30.0, 30.0, 0.0], [0.0, 0.0, 0.0, 50.0])}

    found = beyond_budget(world(), some, 100.0)["wagons"]

    # 60 and 30 are covered, 10 of the third 30, and no renewal
    assert found.tolist() == pytest.approx([0, 0, 0, 0, 10, 10, 25, 25])


def test_kinds_share_the_line_alike_in_a_year():
    two = world().model_copy(update={"vehicles": {"a": vehicle(), "b": vehicle()}})
    some = {"a": bought([30.0], [0.0]), "b": bought([10.0], [0.0])}

    found = beyond_budget(two, some, 20.0)

    assert [found[k].sum() for k in "ab"] == pytest.approx([15.0, 5.0])


def test_rolling_stock_of_old_lines_has_no_claim_on_the_new_one():
    old = world(services=("mg_container",))
    some = {"wagons": bought([60.0], [0.0])}

    assert beyond_budget(old, some, 100.0)["wagons"].sum() == pytest.approx(60.0)
