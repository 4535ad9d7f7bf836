"""Capacity of a single-track line and the wagons which its trains need."""

import math
from collections.abc import Sequence

from railsim.formulas.checks import (
    require_count,
    require_nonnegative,
    require_positive,
    require_sequence,
    require_share,
)
from railsim.formulas.demand import round_up

MINUTES_PER_DAY = 1440.0
HOURS_PER_DAY = 24.0


def scott_capacity(
    *, run_min: float, block_min: float, efficiency: float, maintenance_min: float
) -> float:
    """Give the trains a day, both directions together, of a single-track line.

    Units: ``run_min`` minutes over the longest section, ``block_min`` to clear it,
    ``maintenance_min`` closed a day; ``efficiency`` a share; result trains a day.
    Formula: (1440 - maintenance) * efficiency / (run + block).
    Errors: ValueError when a time is negative, run and block are both 0,
    ``maintenance_min`` exceeds a day, or ``efficiency`` is not from 0 to 1.
    Source: Scott's formula, as in railsim model specification, section 3.3.
    """
    require_nonnegative("run_min", run_min)
    require_nonnegative("block_min", block_min)
    require_share("efficiency", efficiency)
    require_within_day("maintenance_min", maintenance_min)
    if run_min + block_min <= 0:
        raise ValueError(f"run_min must be greater than 0, found {run_min}")
    open_min = MINUTES_PER_DAY - maintenance_min
    return float(open_min * efficiency / (run_min + block_min))


def pair_capacity(
    *,
    period_min: float,
    fixed_min: float,
    efficiency: float,
    passenger_pairs: float,
    removal_coef: float,
) -> dict[str, float]:
    """Give the pairs of trains a day of a parallel diagram, and those left to freight.

    Units: ``period_min`` minutes one pair takes, ``fixed_min`` closed a day,
    ``removal_coef`` freight pairs which one passenger pair displaces; result pairs a
    day, below 0 by as many as the passenger pairs exceed the line.
    Formula: n = (1440 - fixed) * efficiency / period; freight = n - coef * passenger.
    Errors: ValueError when ``period_min`` is not positive, ``fixed_min`` not within a
    day, ``efficiency`` not from 0 to 1, or another argument negative.
    Source: Chinese paired-diagram method, railsim model specification, section 3.3.
    """
    require_positive("period_min", period_min)
    require_within_day("fixed_min", fixed_min)
    require_share("efficiency", efficiency)
    require_nonnegative("passenger_pairs", passenger_pairs)
    require_nonnegative("removal_coef", removal_coef)
    parallel_pairs = (MINUTES_PER_DAY - fixed_min) * efficiency / period_min
    freight_pairs = parallel_pairs - removal_coef * passenger_pairs
    return {
        "parallel_pairs": float(parallel_pairs),
        "freight_pairs": float(freight_pairs),
    }


def require_within_day(name: str, minutes: float) -> None:
    """Accept a number of minutes from none to a day."""
    require_nonnegative(name, minutes)
    if minutes > MINUTES_PER_DAY:
        raise ValueError(f"{name} must be at most 1440, found {minutes}")


def line_occupancy(
    *, trains: Sequence[Sequence[float]], window_min: float, added_rate: float
) -> dict[str, float]:
    """Give the share of a window in which trains hold a section, and with reserve.

    Units: ``trains`` = [[number, minutes each, clearing included], ...];
    ``window_min`` minutes; ``added_rate`` the share added for stable operation.
    Formula: occupancy = sum(n * minutes) / window, consumption = that * (1 + rate);
    both may exceed 1, which no timetable can keep.
    Errors: ValueError when ``window_min`` is not positive or another number negative.
    Source: UIC Code 406 (2004; second edition 2013).
    """
    require_sequence("trains", trains)
    for index, train in enumerate(trains):
        require_sequence(f"trains[{index}]", train, length=2)
        require_nonnegative(f"trains[{index}] number", train[0])
        require_nonnegative(f"trains[{index}] occupation_min", train[1])
    require_positive("window_min", window_min)
    require_nonnegative("added_rate", added_rate)
    held_min = math.fsum(number * minutes for number, minutes in trains)
    occupancy = float(held_min / window_min)
    return {"occupancy": occupancy, "consumption": float(occupancy * (1 + added_rate))}


def wagon_fleet(
    *,
    teu_per_year: float,
    operating_days: float,
    teu_per_train: float,
    load_factor: float,
    cycle_h: float,
    wagons_per_train: int,
    spare: float,
) -> dict[str, float | int]:
    """Give the rakes and wagons which carry a year's boxes of the heavier direction.

    Units: ``teu_per_year`` of that direction; ``load_factor`` and ``spare`` shares;
    ``cycle_h`` hours from departure to next departure of a rake.
    Formula: rakes = ceil(trains a day * cycle / 24), wagons = ceil(rakes * wagons a
    train * (1 + spare)).
    Errors: ValueError when ``teu_per_year`` or ``spare`` is negative, ``load_factor``
    above 1, ``wagons_per_train`` not whole, or another argument not positive.
    Source: railsim model specification, section 3.5.
    """
    require_nonnegative("teu_per_year", teu_per_year)
    require_positive("operating_days", operating_days)
    require_positive("teu_per_train", teu_per_train)
    require_positive("load_factor", load_factor)
    require_share("load_factor", load_factor)
    require_positive("cycle_h", cycle_h)
    require_count("wagons_per_train", wagons_per_train, 1)
    require_nonnegative("spare", spare)
    trains_per_day = teu_per_year / (operating_days * teu_per_train * load_factor)
    rakes, wagons = size_fleet(trains_per_day, cycle_h, wagons_per_train, spare)
    return {"trains_per_day": float(trains_per_day), "rakes": rakes, "wagons": wagons}


def size_fleet(
    trains_per_day: float, cycle_h: float, wagons_per_train: int, spare: float
) -> tuple[int, int]:
    """Rakes and wagons for trains a day and direction; as `wagon_fleet`, unchecked."""
    rakes = round_up(trains_per_day * cycle_h / HOURS_PER_DAY)
    return rakes, round_up(rakes * wagons_per_train * (1 + spare))
