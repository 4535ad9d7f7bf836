"""When places are open: calendars and holidays as factors on capacity over time.

A factor is (begin_ms, end_ms, value): capacity is multiplied by `value` meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

import numpy as np

from railsim.corridor.time.clock import (
    EPOCH_UTC_OFFSET_H,
    Span,
    ms_of_date,
    weekdays_of_days,
)
from railsim.formulas import lunar_new_year
from railsim.formulas.lunar import is_leap, month_start, solstice_lunation
from railsim.scenario.schema.timing import Calendar, Holiday, Window
from railsim.units import MS_PER_DAY, ms_from_hours

Factor = tuple[int, int, float]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def factors_of_calendar(
    calendars: Mapping[str, Calendar],
    holidays: Mapping[str, Holiday],
    name: str,
    span: Span,
) -> tuple[Factor, ...]:
    """Closed hours (factor 0) and holidays of a calendar and of those it depends on."""
    calendar = calendars[name]
    found = [*_closed_hours(calendar, span)]
    for holiday in calendar.holidays:
        found += _holiday_factors(holidays[holiday], calendar.utc_offset_h, span)
    for other in calendar.also_open:
        found += factors_of_calendar(calendars, holidays, other, span)
    return tuple(found)


def day_of_holiday(holiday: Holiday, year: int) -> date:
    """The day a holiday falls on in a year."""
    if holiday.rule == "solar":
        return date(year, holiday.month, holiday.day)
    if (holiday.month, holiday.day) == (1, 1):
        return new_year_day(year, holiday.utc_offset_h)
    return lunar_month_begin(year, holiday.month, holiday.utc_offset_h) + timedelta(
        days=holiday.day - 1
    )


@lru_cache(maxsize=1024)
def new_year_day(year: int, utc_offset_h: float) -> date:
    """Lunar new year at a meridian."""
    return date.fromisoformat(lunar_new_year(year=year, tz_hours=utc_offset_h))


@lru_cache(maxsize=1024)
def lunar_month_begin(year: int, month: int, utc_offset_h: float) -> date:
    """First day of a month of the lunar year, months 1 to 10; not of a leap month."""
    solstice = solstice_lunation(year - 1, utc_offset_h)
    lunation = solstice + 1 + month
    if solstice_lunation(year, utc_offset_h) - solstice == 13:
        leap = next(
            n for n in range(solstice + 1, solstice + 13) if is_leap(n, utc_offset_h)
        )
        lunation += leap <= lunation
    return month_start(lunation, utc_offset_h)


def _shift_ms(utc_offset_h: float) -> int:
    return ms_from_hours(EPOCH_UTC_OFFSET_H - utc_offset_h)


def _closed_hours(calendar: Calendar, span: Span) -> Iterator[Factor]:
    closed_from = span.begin_ms - ms_from_hours(48.0)
    for opens, closes in _open_hours(calendar, span):
        if opens > closed_from:
            yield closed_from, opens, 0.0
        closed_from = max(closed_from, closes)
    if closed_from < span.stop_ms:
        yield closed_from, span.stop_ms, 0.0


def _open_hours(calendar: Calendar, span: Span) -> Iterator[tuple[int, int]]:
    """Windows of every local day that touches a span, whatever the meridian."""
    windows = [
        [(ms_from_hours(opens), ms_from_hours(closes)) for opens, closes in sorted(day)]
        for day in _week(calendar)
    ]
    shift = _shift_ms(calendar.utc_offset_h)
    days = np.arange(span.begin_ms // MS_PER_DAY - 1, span.stop_ms // MS_PER_DAY + 2)
    weekdays = weekdays_of_days(days)
    for day, weekday in zip(days.tolist(), weekdays.tolist(), strict=True):
        midnight = day * MS_PER_DAY + shift
        for opens, closes in windows[weekday]:
            yield midnight + opens, midnight + closes


def _week(calendar: Calendar) -> list[tuple[Window, ...]]:
    """The windows of Monday to Sunday."""
    return [calendar.weekly_h.get(day, calendar.windows_h) for day in WEEKDAYS]


def _holiday_factors(
    holiday: Holiday, utc_offset_h: float, span: Span
) -> Iterator[Factor]:
    shift = _shift_ms(utc_offset_h)
    for year in range(span.year - 1, span.year + 2):
        day = day_of_holiday(holiday, year)
        for phase in holiday.phases.values():
            first = ms_of_date(day + timedelta(days=phase.first_day)) + shift
            last = ms_of_date(day + timedelta(days=phase.last_day + 1)) + shift
            if last > span.begin_ms and first < span.stop_ms:
                yield first, last, phase.capacity_factor
