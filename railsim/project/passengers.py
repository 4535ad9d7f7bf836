"""Passengers of a new line: a published forecast, corrected, from its opening on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from railsim.formulas.demand import annual_inclusion
from railsim.project.works import PassengerTraffic
from railsim.scenario.schema.worth.passengers import Passengers
from railsim.traffic import Floats, Ints


def carry_passengers(
    passengers: Passengers, opening: float, years: Ints
) -> PassengerTraffic:
    """Trips and passenger-kilometres of calendar years.

    The forecast moves with the opening; between its years trips grow at a constant
    rate, outside them they stay as they are. Passengers come as shippers come to a new
    route.
    """
    shift = opening - passengers.forecast_opens_year
    mature = passengers.forecast_factor * _forecast(passengers, years - shift)
    weights = [
        annual_inclusion(year=year, opening=opening, tau_r=passengers.ramp_up_years)
        for year in years.tolist()
    ]
    trips = mature * np.array([weight["weight"] for weight in weights])
    return PassengerTraffic(trips=trips, passenger_km=trips * passengers.mean_km)


def _forecast(passengers: Passengers, years: NDArray[np.floating]) -> Floats:
    logs = np.log(passengers.forecast_trips)
    return np.asarray(np.exp(np.interp(years, passengers.forecast_years, logs)))
