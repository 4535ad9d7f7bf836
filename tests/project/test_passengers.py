"""Passengers: the forecast where it is unchanged, and what moves it."""

import math

import numpy as np
import pytest

from railsim.formulas.demand import annual_inclusion
from railsim.project.passengers import carry_passengers
from tests.project.worlds import line

YEARS = np.arange(2026, 2066, dtype=np.int64)


def passengers(**changes):
    plain = {"forecast_factor": 1.0, "ramp_up_years": 0.0}
    return line().passengers["lchh"].model_copy(update={**plain, **changes})


def trips(opening, **changes):
    found = carry_passengers(passengers(**changes), opening, YEARS).trips
    return dict(zip(YEARS.tolist(), found.tolist(), strict=True))


def test_a_line_that_opens_in_time_carries_the_forecast():
    found = trips(2030.0)

    assert [found[y] for y in (2029, 2030, 2040, 2050, 2065)] == pytest.approx(
        [0.0, 4.65e6, 6.22e6, 8.31e6, 8.31e6]
    )


def test_between_anchors_trips_grow_at_one_rate():
    found = trips(2030.0)

    assert found[2035] == pytest.approx(math.sqrt(4.65e6 * 6.22e6))


def test_a_late_line_carries_the_same_later():
    late = trips(2033.5)

    assert late[2044] == pytest.approx(6.22e6 * (8.31 / 6.22) ** 0.05)
    assert late[2032] == 0.0
    assert late[2033] == pytest.approx(4.65e6 * 0.5)


def test_passengers_come_as_shippers_do():
    found = trips(2030.0, ramp_up_years=1.5)

    weight = annual_inclusion(year=2032, opening=2030.0, tau_r=1.5)["weight"]
    assert found[2032] == pytest.approx(trips(2030.0)[2032] * weight)


def test_the_factor_and_the_length_multiply():
    found = carry_passengers(
        passengers(forecast_factor=0.6, mean_km=100.0), 2030.0, YEARS
    )

    assert found.trips[14] == pytest.approx(0.6 * 6.22e6)
    assert found.passenger_km == pytest.approx(100.0 * found.trips)
