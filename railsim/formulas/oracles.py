"""Three small simulations, written to be read, against which the engines are tested.

Times are hours. At one instant releases and arrivals come first, then grants by
priority, time of request and order of input; instants closer than ``EPS_H`` are one.
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from railsim.formulas.calendars import EPS_H
from railsim.formulas.checks import (
    require_boolean,
    require_count,
    require_finite,
    require_nonnegative,
    require_positive,
    require_same_length,
    require_sequence,
)

EPS_LOAD = 1e-9
"""Excess of load over capacity which is a rounding error."""
HOURS_PER_DAY = 24.0
CLOSE_RULES = ("finish_started", "must_finish")


def simulate_gate(
    *,
    arrivals_h: Sequence[float],
    services_h: Sequence[float],
    lanes: int,
    open_h: float,
    close_h: float,
    close_rule: str,
) -> list[list[float]]:
    """Serve arrivals in order at the lanes of a gate which opens every day.

    Units: hours; ``open_h`` and ``close_h`` hours of the day, 0 and 24 for a gate which
    never closes; the result has a row [start, end] for each arrival, in order of
    arrival. Nobody starts before an earlier arrival.
    Formula: ``finish_started`` starts a service only while open and finishes it after
    closing; ``must_finish`` starts it only if it also ends by closing.
    Errors: ValueError when the lists differ in length, a service is negative or longer
    than the day's opening under ``must_finish``, ``lanes`` is not whole from 1, the
    hours do not lie in a day or ``close_rule`` is unknown.
    Source: railsim model specification, sections 0.5 and 3.1.
    """
    check_gate(arrivals_h, services_h, lanes, (open_h, close_h), close_rule)
    must_finish = close_rule == "must_finish"
    free_h = [-math.inf] * int(lanes)
    last_start_h = -math.inf
    rows = []
    for index in sorted(range(len(arrivals_h)), key=lambda i: arrivals_h[i]):
        lane = free_h.index(min(free_h))
        ready_h = max(float(arrivals_h[index]), free_h[lane], last_start_h)
        inside_h = float(services_h[index]) if must_finish else 0.0
        start_h = next_start_h(ready_h, inside_h, open_h, close_h)
        free_h[lane] = start_h + float(services_h[index])
        last_start_h = start_h
        rows.append([start_h, free_h[lane]])
    return rows


def next_start_h(
    ready_h: float, inside_h: float, open_h: float, close_h: float
) -> float:
    """Give the first open moment from which ``inside_h`` hours pass before closing."""
    if close_h - open_h >= HOURS_PER_DAY:
        return ready_h
    midnight_h = math.floor((ready_h + EPS_H) / HOURS_PER_DAY) * HOURS_PER_DAY
    start_h = max(ready_h, midnight_h + open_h)
    closing_h = midnight_h + close_h
    if start_h < closing_h - EPS_H and start_h + inside_h <= closing_h + EPS_H:
        return start_h
    return midnight_h + HOURS_PER_DAY + open_h


def check_gate(
    arrivals_h: Sequence[float],
    services_h: Sequence[float],
    lanes: int,
    hours: tuple[float, float],
    close_rule: str,
) -> None:
    """Refuse a gate which makes no sense or can never serve somebody."""
    require_sequence("arrivals_h", arrivals_h)
    require_sequence("services_h", services_h)
    require_same_length(arrivals_h=arrivals_h, services_h=services_h)
    require_count("lanes", lanes, 1)
    require_nonnegative("open_h", hours[0])
    require_nonnegative("close_h", hours[1])
    if not hours[0] < hours[1] <= HOURS_PER_DAY:
        raise ValueError(
            f"close_h must be after open_h {hours[0]} and by 24, found {hours[1]}"
        )
    if close_rule not in CLOSE_RULES:
        raise ValueError(f"close_rule must be one of {CLOSE_RULES}, found {close_rule}")
    always_open = hours[1] - hours[0] >= HOURS_PER_DAY
    is_limited = close_rule == "must_finish" and not always_open
    longest_h = hours[1] - hours[0] + EPS_H if is_limited else math.inf
    for index, (arrival_h, service_h) in enumerate(
        zip(arrivals_h, services_h, strict=True)
    ):
        require_finite(f"arrivals_h[{index}]", arrival_h)
        require_nonnegative(f"services_h[{index}]", service_h)
        if service_h > longest_h:
            raise ValueError(
                f"services_h[{index}] must fit the opening hours, found {service_h}"
            )


@dataclass(frozen=True)
class Request:
    """A train ready at a station to enter its next section."""

    priority: float
    ready_h: float
    order: int
    train_id: Hashable
    section: int
    direction: int

    def rank(self) -> tuple[float, float, int]:
        """Give the order of grants; requests of one instant count as simultaneous."""
        return (self.priority, round(self.ready_h / EPS_H), self.order)


def simulate_single_track(
    *,
    sections_h: Sequence[float],
    clear_h: float,
    trains: Sequence[Sequence[Any]],
) -> dict[Hashable, list[list[float]]]:
    """Run trains over a single track whose stations have room for all who wait.

    Units: ``sections_h`` hours to run each section; ``clear_h`` hours until a section
    left behind is free again; ``trains`` = [[id, direction, depart_h, priority], ...],
    direction +1 from section 0 upwards and -1 from the last downwards, the lowest
    priority first; result {id: [[section, enter, exit], ...]} in running order.
    Formula: one train in a section; a free section goes to the waiting train first by
    priority, time of request, order of input.
    Errors: ValueError when there are no ``sections_h`` or one is not positive,
    ``clear_h`` is negative, or one of the ``trains`` is malformed or named twice.
    Source: railsim model specification, sections 0.5 and 3.3.
    """
    check_track(sections_h, clear_h, trains)
    runs: dict[Hashable, list[list[float]]] = {train[0]: [] for train in trains}
    free_h = [-math.inf] * len(sections_h)
    waiting = first_requests(trains, len(sections_h))
    while waiting:
        request = next_grant(waiting, free_h)
        waiting.remove(request)
        enter_h = max(request.ready_h, free_h[request.section])
        exit_h = enter_h + float(sections_h[request.section])
        free_h[request.section] = exit_h + clear_h
        runs[request.train_id].append([request.section, enter_h, exit_h])
        section = request.section + request.direction
        if 0 <= section < len(sections_h):
            waiting.append(replace(request, section=section, ready_h=exit_h))
    return runs


def next_grant(waiting: Sequence[Request], free_h: Sequence[float]) -> Request:
    """Choose the earliest grant; within its instant and section the first by rank.

    A grant delays only later requests, so taking grants in order of time is exact.
    """
    earliest = min(
        waiting, key=lambda request: max(request.ready_h, free_h[request.section])
    )
    instant_h = max(earliest.ready_h, free_h[earliest.section])
    rivals = [
        request
        for request in waiting
        if request.section == earliest.section and request.ready_h <= instant_h + EPS_H
    ]
    return min(rivals, key=Request.rank)


def first_requests(
    trains: Sequence[Sequence[Any]], section_count: int
) -> list[Request]:
    """Let each train ask for the section at its end of the line."""
    return [
        Request(
            priority=float(priority),
            ready_h=float(depart_h),
            order=order,
            train_id=train_id,
            section=0 if direction == 1 else section_count - 1,
            direction=int(direction),
        )
        for order, (train_id, direction, depart_h, priority) in enumerate(trains)
    ]


def check_track(
    sections_h: Sequence[float], clear_h: float, trains: Sequence[Sequence[Any]]
) -> None:
    """Refuse a line without sections and trains without a name, way or time."""
    require_sequence("sections_h", sections_h)
    if len(sections_h) == 0:
        raise ValueError("sections_h must have at least one section, found none")
    for index, section_h in enumerate(sections_h):
        require_positive(f"sections_h[{index}]", section_h)
    require_nonnegative("clear_h", clear_h)
    require_sequence("trains", trains)
    for index, train in enumerate(trains):
        require_sequence(f"trains[{index}]", train, length=4)
        if train[1] not in (1, -1):
            raise ValueError(f"trains[{index}] direction must be 1 or -1: {train[1]}")
        require_finite(f"trains[{index}] depart_h", train[2])
        require_finite(f"trains[{index}] priority", train[3])
    require_distinct("trains", [train[0] for train in trains])


def require_distinct(name: str, ids: Sequence[Hashable]) -> None:
    """Refuse two trains or lots of one name."""
    twice = [item for item, times in Counter(ids).items() if times > 1]
    if twice:
        raise ValueError(f"{name} must have distinct ids, found twice {twice}")


@dataclass(frozen=True)
class Lot:
    """A consignment which travels whole."""

    lot_id: Hashable
    ready_h: float
    size: float


def simulate_scheduled_service(
    *,
    departures_h: Sequence[float],
    cutoff_h: float,
    capacity: float,
    min_load: float,
    lots: Sequence[Sequence[Any]],
    overtake: bool,
    max_cancel: int,
) -> dict[str, Any]:
    """Load lots on trains or vessels which leave on time, if enough is on board.

    Units: hours; ``capacity``, ``min_load`` and sizes in one unit, usually TEU;
    ``lots`` = [[id, ready_h, size], ...]; result ``lot_departure`` {id: hour},
    ``departures`` [[hour, load, "run" or "cancelled"], ...], ``left`` ids of lots which
    never boarded, in their order of queueing.
    Formula: lots ready by departure less ``cutoff_h`` board first come first served and
    whole; the first which does not fit bars those behind it, unless ``overtake``; a
    load under ``min_load`` cancels the departure, at most ``max_cancel`` in succession.
    Errors: ValueError when a number is negative, ``capacity`` 0, ``max_cancel`` not
    whole, ``overtake`` not a boolean, or one of the ``lots`` malformed or named twice.
    Source: railsim model specification, section 3.4.
    """
    check_service(departures_h, cutoff_h, capacity, min_load, lots)
    require_boolean("overtake", overtake)
    require_count("max_cancel", max_cancel, 0)
    queue = sorted((Lot(*lot) for lot in lots), key=lambda lot: lot.ready_h)
    lot_departure: dict[Hashable, float] = {}
    departures: list[list[float | str]] = []
    cancelled = 0
    for hour in sorted(departures_h):
        ready = [lot for lot in queue if lot.ready_h <= hour - cutoff_h + EPS_H]
        boarding = choose_lots(ready, capacity, overtake)
        load = math.fsum(lot.size for lot in boarding)
        if load < min_load - EPS_LOAD and cancelled < max_cancel:
            cancelled += 1
            departures.append([hour, 0, "cancelled"])
            continue
        cancelled = 0
        departures.append([hour, load, "run"])
        lot_departure.update((lot.lot_id, hour) for lot in boarding)
        queue = [lot for lot in queue if lot.lot_id not in lot_departure]
    left = [lot.lot_id for lot in queue]
    return {"lot_departure": lot_departure, "departures": departures, "left": left}


def choose_lots(ready: Sequence[Lot], capacity: float, overtake: bool) -> list[Lot]:
    """Choose who boards, in order of the queue."""
    boarding: list[Lot] = []
    load = 0.0
    for lot in ready:
        if load + lot.size <= capacity + EPS_LOAD:
            boarding.append(lot)
            load += lot.size
        elif not overtake:
            break
    return boarding


def check_service(
    departures_h: Sequence[float],
    cutoff_h: float,
    capacity: float,
    min_load: float,
    lots: Sequence[Sequence[Any]],
) -> None:
    """Refuse times, loads and lots which make no sense."""
    require_sequence("departures_h", departures_h)
    for index, hour in enumerate(departures_h):
        require_finite(f"departures_h[{index}]", hour)
    require_nonnegative("cutoff_h", cutoff_h)
    require_positive("capacity", capacity)
    require_nonnegative("min_load", min_load)
    require_sequence("lots", lots)
    for index, lot in enumerate(lots):
        require_sequence(f"lots[{index}]", lot, length=3)
        require_finite(f"lots[{index}] ready_h", lot[1])
        require_nonnegative(f"lots[{index}] size", lot[2])
    require_distinct("lots", [lot[0] for lot in lots])
