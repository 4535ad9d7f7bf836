"""Numbers written with a unit become numbers in the unit of their field."""

import pytest

from railsim.scenario import ScenarioError, load_scenario

from .conftest import MINIMAL


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("stations.gate.time.mean_h", "3.6 min", 0.06),
        ("stations.gate.time.mean_h", "6 h", 6.0),
        ("stations.gate.time.mean_h", "1 d", 24.0),
        ("links.road.length_km", "250 m", 0.25),
        ("loading.truck_payload_t", "25000 kg", 25.0),
        ("choice.stranded_share", "7 %", 0.07),
        ("choice.stranded_share", "7%", 0.07),
        ("commodities.fruit.inventory_rate", "8 %", 0.08),
        ("commodities.fruit.inventory_rate", "8 %/y", 0.08),
        ("commodities.fruit.value_usd_per_t", "1.5 USD/kg", 1500.0),
        ("commodities.fruit.consignee_teu_per_day", "3650 TEU/y", 10.0),
        ("commodities.fruit.schedule_usd_per_teu_day", "1 USD/TEU/h", 24.0),
        ("commodities.fruit.schedule_usd_per_teu_day", "1 USD/TEU-h", 24.0),
        ("tariffs.haul.per_teu_km", "1 USD/TEU-km", 1.0),
        ("tariffs.haul.per_box20", "40 USD/20-ft box", 40.0),
        ("emissions.truck.g_co2e_per_t_km", "0.08 kg CO2e/t-km", 80.0),
        ("calendars.day.utc_offset_h", "+420 min", 7.0),
    ],
)
def test_an_amount_is_converted_to_the_unit_of_its_field(path, text, expected):
    scenario = load_scenario(MINIMAL, [f'{path}="{text}"'])

    value = scenario
    for name in path.split("."):
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    assert value == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tariffs.haul.per_teu_km", "6 h"),
        ("tariffs.haul.per_teu_km", "6 CNY/TEU-km"),
        ("commodities.fruit.value_usd_per_t", "26000 VND/t"),
        ("stations.gate.time.mean_h", "6 USD"),
        ("stations.gate.time.mean_h", "5 %"),
        ("commodities.fruit.consignee_teu_per_day", "3 box/d"),
        ("choice.stranded_share", "1 h"),
        ("economy.price_year", "2025 year"),
        ("links.road.length_km", "3 parsec"),
        ("links.road.length_km", "3 km^9^9^9"),
    ],
)
def test_an_amount_of_another_dimension_is_refused(path, text):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(MINIMAL, [f'{path}="{text}"'])

    assert [problem.code for problem in caught.value.problems] == ["E107"]


def test_a_tariff_in_yuan_takes_amounts_in_yuan():
    options = ["tariffs.haul.currency=CNY", "tariffs.haul.per_teu_km=8 CNY/TEU-km"]

    assert load_scenario(MINIMAL, options).tariffs["haul"].per_teu_km == 8


def test_amounts_in_lists_are_converted_too():
    option = 'links.road.speed_km_per_h=["40 km/h", "1 km/min", 70]'

    speeds = load_scenario(MINIMAL, [option]).links["road"].speed_km_per_h

    assert speeds == (40, 60, 70)


def test_a_whole_number_stays_whole():
    scenario = load_scenario(MINIMAL, ['lot_sizes.one.teu=["1 TEU", 2]'])

    assert scenario.lot_sizes["one"].teu == (1, 2)


def test_a_fraction_of_a_whole_unit_is_refused():
    with pytest.raises(ScenarioError, match="must be a whole number in TEU"):
        load_scenario(MINIMAL, ['lot_sizes.one.teu=["1.5 TEU", 2]'])


def test_a_number_in_quotes_is_no_number():
    with pytest.raises(ScenarioError, match="write a number without quotes"):
        load_scenario(MINIMAL, ['links.road.length_km="400"'])
