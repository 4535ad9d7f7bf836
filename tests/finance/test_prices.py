"""Price levels and exchange rates: central paths, quantiles, chance and stress."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from railsim.finance.fx import STEPS, FxLuck, draw_fx, exchange_rates
from railsim.finance.prices import price_levels
from railsim.formulas import gbm_moments, ou_log_moments
from railsim.project.halves import Halves
from railsim.scenario.schema.worth.finance import Finance
from tests.finance.worlds import finance, package, strict, tranche, world

DATES = np.arange(2026.0, 2056.0, 0.25)
START = 2025.5


def record(**exchange: Any) -> Finance:
    money = finance()
    money["exchange"] |= exchange
    money["inflation"] = {"usd": 0.02, "cny": 0.015, "vnd": 0.035, "works_real": 0.01}
    return Finance.model_validate(strict(money))


def rates(luck: FxLuck | None = None, **exchange: Any) -> dict[str, np.ndarray]:
    return exchange_rates(record(**exchange), 26000.0, 7.2, DATES, START, luck)


def drawn(seed: int) -> FxLuck:
    generator = np.random.default_rng(seed)
    return FxLuck(generator.random(STEPS), generator.random(STEPS))


def test_purchasing_power_keeps_prices_of_all_countries_alike() -> None:
    found = rates()

    expected = 26000.0 * (1.035 / 1.02) ** (DATES - START)
    assert found["VND"] == pytest.approx(expected)


def test_a_stated_quantile_is_that_of_worked_example_41() -> None:
    found = exchange_rates(
        record(vnd="gbm", vnd_drift=0.02, vnd_volatility=0.04, vnd_quantile=0.95),
        *(26000.0, 7.2, np.array([START + 10.0]), START, None),
    )

    assert found["VND"][0] == pytest.approx(38789.74444145, rel=1e-12)
    moments = gbm_moments(s0=26000, mu=0.02, sigma=0.04, t=10, p=0.95)
    assert found["VND"][0] == pytest.approx(moments["quantile"], rel=1e-14)


def test_the_median_yuan_returns_to_its_level() -> None:
    found = rates(cny="ou")

    moments = ou_log_moments(
        x0=np.log(7.2), theta=np.log(7.0), kappa=0.35, sigma=0.045, t=DATES[-1] - START
    )
    assert np.log(found["CNY"][-1]) == pytest.approx(moments["mean_log"])


def test_drawn_paths_have_the_moments_of_their_models() -> None:
    models = {"vnd": "gbm", "cny": "ou", "vnd_drift": 0.02}
    paths = [rates(drawn(seed), **models) for seed in range(2000)]
    vnd = np.log([path["VND"][-1] for path in paths])
    cny = np.log([path["CNY"][-1] for path in paths])

    t = float(DATES[-1] - START)
    median = gbm_moments(s0=26000, mu=0.02, sigma=0.032, t=t, p=0.5)["median"]
    moments = ou_log_moments(
        x0=np.log(7.2), theta=np.log(7.0), kappa=0.35, sigma=0.045, t=t
    )
    assert vnd.mean() == pytest.approx(
        np.log(median), abs=4 * 0.032 * (t / 2000) ** 0.5
    )
    assert vnd.std() == pytest.approx(0.032 * t**0.5, rel=0.07)
    assert cny.var() == pytest.approx(moments["var_log"], rel=0.14)


def test_drawn_shocks_are_correlated_as_stated() -> None:
    models = {"vnd": "gbm", "cny": "ou", "cny_return_rate": 0.0, "correlation": 0.45}

    found = rates(drawn(5), **models)

    steps = np.diff(np.log([found["VND"], found["CNY"]]))
    assert np.corrcoef(steps)[0, 1] == pytest.approx(0.45, abs=0.2)


def test_a_step_makes_dollars_dearer_from_its_day_on() -> None:
    stress = {"currency": "VND", "year": 2030.0, "share": 0.1}

    ratio = rates(step=stress)["VND"] / rates()["VND"]

    assert ratio[DATES < 2030] == pytest.approx(1.0)
    assert ratio[DATES >= 2030] == pytest.approx(1.1)


def test_chance_is_drawn_only_where_the_scenario_asks() -> None:
    packages = {"only": package({"loan": tranche()})}
    stated = world(finance(), packages, {})
    money = finance()
    money["exchange"] |= {"luck": "drawn"}

    first, second = (draw_fx(world(money, packages, {}), 1, r) for r in (0, 1))

    assert draw_fx(stated, 1, 0) is None
    assert first is not None
    assert second is not None
    assert first.vnd[0] != second.vnd[0]
    assert first.vnd[0] != first.cny[0]


def test_works_cost_what_their_currencies_cost() -> None:
    money = finance()
    money["inflation"] = {"usd": 0.02, "cny": 0.015, "vnd": 0.035, "works_real": 0.01}
    money["mixes"] = money["mixes"] | {"works": {"usd": 0.5, "cny": 0, "vnd": 0.5}}
    money["exchange"] |= {"vnd": "drift", "vnd_drift": 0.02}
    there = world(money, {"only": package({})}, {})
    assert there.finance is not None

    prices = price_levels(there, there.finance, Halves(2026, 4), None)

    t = 0.75 + 0.5 * np.arange(4)
    mixed = 0.5 * 1.02**t + 0.5 * (1.035 / 1.02) ** t
    assert prices.works == pytest.approx(mixed * 1.01**t)
    assert prices.us_end == pytest.approx(1.02 ** (t + 0.25))
