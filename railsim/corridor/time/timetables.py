"""Timetables: every departure of a span, from so many a day or days of the week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from railsim.corridor.time.clock import NEVER_MS, Span, date_of_ms, ms_of_date
from railsim.scenario.schema.chance import Opening
from railsim.scenario.schema.movement import Timetable
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY, ms_from_hours


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
