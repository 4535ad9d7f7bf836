"""What waited where, day by day, and the trains of a day, station by station."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, groupby

from railsim.corridor.tables import Plan
from railsim.corridor.time.clock import date_of_ms
from railsim.engine.diary import Days, Trains
from railsim.outcome import DayRow, TrainRow
from railsim.scenario.schema import Scenario
from railsim.units import MS_PER_HOUR


def day_rows(alternative: str, plan: Plan, days: Days) -> Iterator[DayRow]:
    """Every day of every resource of the diary."""
    first = date(plan.span.year, 1, 1)
    for i, r in enumerate(days.resource.tolist()):
        for d in range(days.units.shape[1]):
            yield DayRow(
                alternative=alternative,
                year=plan.span.year,
                resource=plan.resources.names[r],
                date=(first + timedelta(days=d)).isoformat(),
                units=float(days.units[i, d]),
                queue_mean=float(days.queue_mean[i, d]),
                queue_max=float(days.queue_max[i, d]),
                utilisation=float(days.utilisation[i, d]),
            )


def train_rows(
    scenario: Scenario, alternative: str, plan: Plan, trains: Trains
) -> Iterator[TrainRow]:
    """Every train of the day at every station that it came to or left."""
    day = date_of_ms(trains.begin_ms).isoformat()
    for (line, train, is_up, v), seq, station, hours in _stops(trains):
        name = list(scenario.lines)[line]
        there = scenario.lines[name]
        places = {number: place for place, number in there.stations.items()}
        yield TrainRow(
            alternative=alternative,
            date=day,
            line=name,
            train=train,
            seq=seq,
            service=_service(plan, v),
            direction="up" if is_up else "down",
            place=places.get(station, ""),
            km=list(accumulate(there.section_km, initial=0.0))[station],
            arrive_h=hours.get(False, math.nan),
            depart_h=hours.get(True, math.nan),
        )


_Train = tuple[int, int, bool, int]  # line, vehicle, direction, service


def _stops(
    trains: Trains,
) -> Iterator[tuple[_Train, int, int, dict[bool, float]]]:
    """Train, number on its way, station, and hours of coming (False) and leaving."""
    columns = (trains.line, trains.vehicle, trains.is_up, trains.service)
    heads = zip(*(column.tolist() for column in columns), strict=True)
    hours = ((trains.at_ms - trains.begin_ms) / MS_PER_HOUR).tolist()
    moves = zip(
        heads, trains.station.tolist(), trains.is_departure.tolist(), hours, strict=True
    )
    by_train = sorted(moves, key=lambda move: (move[0], move[3]))
    for head, of_train in groupby(by_train, key=lambda move: move[0]):
        stations = groupby(of_train, key=lambda move: move[1])
        for seq, (station, there) in enumerate(stations):
            yield head, seq, station, {leaves: h for _, _, leaves, h in there}


def _service(plan: Plan, v: int) -> str:
    return plan.resources.names[int(plan.services.resource[v])].removeprefix(
        "services."
    )
