"""Timetables: every departure of a span, from so many a day or days of the week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from railsim.corridor.clock import Span, date_of_ms, ms_of_date, ms_of_year
from railsim.corridor.network import resource_name
from railsim.corridor.routes import (
    UNDISTURBED,
    ChainBuilder,
    Columns,
    visits_of_service,
)
from railsim.corridor.tables import Services
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.chance import Opening
from railsim.scenario.schema.movement import Service, Timetable
from railsim.units import DAYS_PER_YEAR, KG_PER_TONNE, MS_PER_DAY, ms_from_hours

NEVER_MS = 2**62


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Which new pieces of the network open, and when (decimal years)."""

    opens_year: Mapping[str, float]

    def opens_ms(self, opening: str | None) -> int:
        """Opening as an instant; `None` has always been open."""
        if opening is None:
            return -NEVER_MS
        year = self.opens_year.get(opening)
        return NEVER_MS if year is None else ms_of_year(year)

    def until(self, at_ms: int) -> NetworkState:
        """What opens before an instant; the later future leaves no trace."""
        return NetworkState(
            {o: y for o, y in self.opens_year.items() if ms_of_year(y) < at_ms}
        )


def planned_state(scenario: Scenario) -> NetworkState:
    """The openings as the scenario dates them."""
    return NetworkState(
        {
            name: opening.opens_year
            for name, opening in scenario.openings.items()
            if opening.is_built
        }
    )


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure: when, and how much slower than usual its run is."""

    at_ms: int
    slowness: float


def departures(
    timetable: Timetable,
    span: Span,
    *,
    is_back: bool,
    opens_ms: int,
    opening: Opening | None,
) -> Iterator[Departure]:
    """All departures of a service in a span, in time order, none before it opens."""
    shift = ms_from_hours(timetable.back_shift_h) if is_back else 0
    run_in_until = opens_ms
    if opening is not None:
        run_in_until += round(opening.running_in_days * MS_PER_DAY)
    for at_ms, is_kept in _planned(timetable, span, shift, opens_ms, opening):
        if at_ms < max(span.begin_ms, opens_ms) or at_ms >= span.stop_ms:
            continue
        is_running_in = opening is not None and at_ms < run_in_until
        if is_running_in and not is_kept:
            continue
        factor = opening.running_in_speed_factor if opening and is_running_in else 1.0
        yield Departure(at_ms, 1.0 / factor)


def departures_per_day(timetable: Timetable, at_ms: int, opens_ms: int) -> float:
    """Departures a day and direction by a daily timetable at an instant."""
    year = date_of_ms(at_ms).year
    since = (at_ms - opens_ms) / (365.25 * MS_PER_DAY)
    by_year = _last(timetable.per_day, float(year))
    by_age = _last(timetable.per_day_since_opening, since)
    return max(by_year, by_age)


def mean_headway_days(timetable: Timetable, at_ms: int, opens_ms: int) -> float:
    """Days between departures: the interval shippers plan with."""
    if timetable.weekly_h:
        return 7.0 / len(timetable.weekly_h)
    if timetable.listed_h:
        return DAYS_PER_YEAR / len(timetable.listed_h)
    if opens_ms == NEVER_MS:
        return DAYS_PER_YEAR
    per_day = departures_per_day(timetable, max(at_ms, opens_ms), opens_ms)
    return 1.0 / per_day if per_day > 0 else DAYS_PER_YEAR


def _last(steps: dict[str, float], at: float) -> float:
    reached = [(int(key), value) for key, value in steps.items() if int(key) <= at]
    return max(reached)[1] if reached else 0.0


def _planned(
    timetable: Timetable,
    span: Span,
    shift: int,
    opens_ms: int,
    opening: Opening | None,
) -> Iterator[tuple[int, bool]]:
    """Slots around a span, and whether each is kept while a line is run in."""
    if timetable.listed_h:
        yield from _of_years(timetable, span.year, shift)
        return
    first_day = span.begin_ms // MS_PER_DAY - 8
    last_day = span.stop_ms // MS_PER_DAY
    for day in range(first_day, last_day + 1):
        if timetable.weekly_h:
            yield from _of_weekday(timetable, day, shift)
        else:
            yield from _of_day(timetable, day, shift, opens_ms, opening)


def _of_years(
    timetable: Timetable, year: int, shift: int
) -> Iterator[tuple[int, bool]]:
    """Listed hours of a year and of its neighbours, for warm-up and drain."""
    for begin_year in (year - 1, year, year + 1):
        begin = ms_of_date(date(begin_year, 1, 1))
        for hour in sorted(timetable.listed_h):
            yield begin + ms_from_hours(hour) + shift, True


def _of_weekday(
    timetable: Timetable, day: int, shift: int
) -> Iterator[tuple[int, bool]]:
    midnight = day * MS_PER_DAY
    weekday = date_of_ms(midnight).weekday()
    for hour in sorted(timetable.weekly_h):
        if hour // 24 == weekday:
            yield midnight + ms_from_hours(hour - 24 * weekday) + shift, True


def _of_day(
    timetable: Timetable, day: int, shift: int, opens_ms: int, opening: Opening | None
) -> Iterator[tuple[int, bool]]:
    """Slots of one day evenly spread; a running-in share of all slots is kept."""
    midnight = day * MS_PER_DAY
    rate = departures_per_day(timetable, midnight, opens_ms)
    first = int(day * rate // 1)
    count = int((day + 1) * rate // 1) - first
    share = opening.running_in_train_share if opening else 1.0
    for k in range(count):
        hour = timetable.first_h + timetable.span_h * k / count
        n = first + k
        is_kept = (n + 1) * share // 1 > n * share // 1
        yield midnight + ms_from_hours(hour) + shift, is_kept


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    service: Service
    is_back: bool
    chain: int
    columns: Columns
    departures: tuple[Departure, ...]


def build_services(
    scenario: Scenario, span: Span, state: NetworkState, builder: ChainBuilder
) -> Services:
    """Every service and direction with its chain, limits and departures."""
    rows = list(_rows(scenario, span, state, builder))
    resource = [
        builder.network.number[resource_name("services", r.name, is_back=r.is_back)]
        for r in rows
    ]
    of_resource = np.full(len(builder.network.number), -1, dtype=np.int64)
    of_resource[resource] = np.arange(len(rows))
    order = sorted(
        (d.at_ms, v, k, d.slowness)
        for v, row in enumerate(rows)
        for k, d in enumerate(row.departures)
    )
    return Services(
        resource=np.array(resource, dtype=np.int64),
        of_resource=of_resource,
        chain=_ints(r.chain for r in rows),
        priority=_ints(r.service.priority for r in rows),
        capacity_teu=_ints(r.service.capacity_teu for r in rows),
        capacity_kg=_ints(round(r.service.capacity_t * KG_PER_TONNE) for r in rows),
        cutoff_ms=_ints(ms_from_hours(r.service.cutoff_h) for r in rows),
        min_load_share=np.array([r.service.min_load_share for r in rows], dtype=float),
        max_cancel=_ints(r.service.max_cancel for r in rows),
        is_overtaking=np.array([r.service.is_overtaking for r in rows], dtype=np.bool_),
        is_splittable=np.array([r.service.is_splittable for r in rows], dtype=np.bool_),
        hold_ms=_ints(ms_from_hours(r.service.max_hold_h) for r in rows),
        cancelled_share=np.array(
            [r.service.cancelled_share for r in rows], dtype=float
        ),
        lateness=tuple(r.service.lateness for r in rows),
        streams=tuple(tuple(r.columns.streams.values()) for r in rows),
        vehicle_service=_ints(row[1] for row in order),
        vehicle_ordinal=_ints(row[2] for row in order),
        vehicle_ms=_ints(row[0] for row in order),
        vehicle_slowness=np.array([row[3] for row in order], dtype=np.float64),
    )


def _rows(
    scenario: Scenario, span: Span, state: NetworkState, builder: ChainBuilder
) -> Iterator[_Row]:
    for name, service in scenario.services.items():
        opening = scenario.openings[service.opening] if service.opening else None
        for is_back in (False, True) if service.is_both_ways else (False,):
            columns = Columns()
            chain = builder.add(
                visits_of_service(service, is_back=is_back),
                columns,
                flow=-1,
                route=resource_name("services", name, is_back=is_back),
                speed_km_per_h=service.speed_km_per_h or 0.0,
                disturbance=service.disturbance or UNDISTURBED,
            )
            runs = tuple(
                departures(
                    service.timetable,
                    span,
                    is_back=is_back,
                    opens_ms=state.opens_ms(service.opening),
                    opening=opening,
                )
            )
            yield _Row(name, service, is_back, chain, columns, runs)


def _ints(values: Iterator[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(list(values), dtype=np.int64)
