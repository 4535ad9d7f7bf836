import math

import pytest

from railsim.formulas.toys import toy_corridor

TOY = {
    "base_year": 2026,
    "base_teu": 1000.0,
    "gdp_growth": 0.05,
    "elasticity": 1.2,
    "routes": ["rail", "road", "sea"],
    "gc": [900, 1100, 1000],
    "asc": [0.1, 0.5, 0],
    "theta": 0.003,
    "opening": 2028.5,
    "tau_r": 1.5,
    "rail_tariff_usd": 400,
    "t_per_teu": 12,
    "kg_per_t": [15, 60, 25],
    "report_years": [2026, 2028, 2040],
}


def test_flows_add_up_to_the_demand_of_the_year():
    for year, answer in toy_corridor(**TOY).items():
        assert answer["teu"] == pytest.approx(1000 * 1.05 ** (1.2 * (year - 2026)))
        assert math.fsum(answer["flows"].values()) == pytest.approx(answer["teu"])


def test_before_the_opening_nothing_of_the_railway_exists():
    before = toy_corridor(**TOY)[2026]

    assert before["flows"]["rail"] == 0
    assert before["rail_revenue_usd"] == 0
    assert before["consumer_surplus_usd"] == 0
    assert before["emissions_saved_t"] == 0


def test_long_after_the_opening_shares_are_logit_shares():
    answer = toy_corridor(**TOY | {"tau_r": 0})[2040]

    weights = [
        math.exp(asc - 0.003 * gc)
        for gc, asc in zip(TOY["gc"], TOY["asc"], strict=True)
    ]
    shares = [weight / math.fsum(weights) for weight in weights]
    surplus = math.log(math.fsum(weights) / math.fsum(weights[1:])) / 0.003
    flows = [teu / answer["teu"] for teu in answer["flows"].values()]
    assert flows == pytest.approx(shares)
    assert answer["consumer_surplus_usd"] == pytest.approx(answer["teu"] * surplus)


def test_the_railway_takes_from_its_rivals_in_proportion():
    before, after = (toy_corridor(**TOY)[year]["flows"] for year in (2026, 2040))

    assert after["road"] / after["sea"] == pytest.approx(before["road"] / before["sea"])


def test_emissions_with_and_saved_make_those_without():
    years = toy_corridor(**TOY)

    grown = years[2040]["teu"] / years[2026]["teu"]
    without = years[2040]["emissions_t"] + years[2040]["emissions_saved_t"]
    assert without == pytest.approx(grown * years[2026]["emissions_t"])


def test_no_years_give_no_answers():
    assert toy_corridor(**TOY | {"report_years": []}) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base_year", 2026.5),
        ("base_teu", -1),
        ("gdp_growth", -1),
        ("elasticity", math.nan),
        ("routes", ["rail", "road"]),
        ("routes", ["rail", "rail", "sea"]),
        ("gc", [900, 1100]),
        ("gc", [900, 1100, math.nan]),
        ("asc", [0.1]),
        ("theta", 0),
        ("opening", math.inf),
        ("tau_r", -1),
        ("rail_tariff_usd", -1),
        ("t_per_teu", 0),
        ("kg_per_t", [15, 60, -1]),
        ("report_years", [2025]),
        ("report_years", 2040),
    ],
)
def test_an_impossible_corridor_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        toy_corridor(**TOY | {name: value})


def test_a_railway_without_a_rival_is_refused():
    alone = {"routes": ["rail"], "gc": [900], "asc": [0], "kg_per_t": [15]}

    with pytest.raises(ValueError, match="routes"):
        toy_corridor(**TOY | alone)
