import pytest

from railsim.formulas.emissions import (
    chain_emissions,
    rail_electric_g_per_tkm,
    truck_g_per_tkm,
)

RAIL = {
    "kwh_per_gtkm": 0.02,
    "gross_net": 2,
    "ef_kg_per_kwh": 0.5,
    "td_loss": 0.2,
    "wtt_factor": 0.1,
    "empty_factor": 0.5,
}
TRUCK = {
    "l100_loaded": 35,
    "l100_empty": 25,
    "empty_ratio": 0.4,
    "payload_t": 20,
    "ef_wtw_kg_per_l": 3.2,
}
CHAIN = {"tonnes": 10, "legs": [[100, 20], [300, 60]], "hubs": [1, 2]}


def test_a_train_worked_by_hand_is_met():
    # 0.02 kWh x 2 x 1.5 / 0.8 = 0.075 kWh a tkm; x 0.5 kg x 1.1 = 41.25 g
    assert rail_electric_g_per_tkm(**RAIL) == pytest.approx(41.25)


def test_a_clean_grid_emits_nothing():
    assert rail_electric_g_per_tkm(**RAIL | {"ef_kg_per_kwh": 0}) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kwh_per_gtkm", -1),
        ("gross_net", 0.9),
        ("ef_kg_per_kwh", -1),
        ("td_loss", 1),
        ("td_loss", 1.5),
        ("wtt_factor", -0.1),
        ("empty_factor", True),
    ],
)
def test_an_impossible_train_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        rail_electric_g_per_tkm(**RAIL | {name: value})


def test_a_truck_worked_by_hand_is_met():
    # (35 + 0.4 x 25) / 100 = 0.45 l a km; x 3.2 kg / 20 t = 72 g
    assert truck_g_per_tkm(**TRUCK) == pytest.approx(72)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("l100_loaded", -1),
        ("l100_empty", -1),
        ("empty_ratio", -1),
        ("payload_t", 0),
        ("ef_wtw_kg_per_l", -1),
    ],
)
def test_an_impossible_truck_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        truck_g_per_tkm(**TRUCK | {name: value})


def test_a_chain_worked_by_hand_is_met():
    # 2 + 18 kg a tonne on the legs, 3 in the hubs, over 400 km
    assert chain_emissions(**CHAIN) == pytest.approx(
        {"tonnes_co2e": 0.23, "g_per_tkm": 57.5, "kg_per_t": 23}
    )


def test_a_leg_cut_in_two_emits_the_same():
    whole = chain_emissions(**CHAIN)

    parts = chain_emissions(**CHAIN | {"legs": [[100, 20], [120, 60], [180, 60]]})

    assert parts == pytest.approx(whole)


def test_intensities_do_not_depend_on_the_load():
    empty = chain_emissions(**CHAIN | {"tonnes": 0})

    assert empty["tonnes_co2e"] == 0
    assert empty["g_per_tkm"] == pytest.approx(57.5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tonnes", -1),
        ("legs", []),
        ("legs", [[0, 20]]),
        ("legs", [[100]]),
        ("legs", [[100, -20]]),
        ("hubs", [-1]),
        ("hubs", 1),
    ],
)
def test_an_impossible_chain_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        chain_emissions(**CHAIN | {name: value})
