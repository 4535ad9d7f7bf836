"""The calendar year on the engine's clock: ms since 2026-01-01 00:00 UTC+7."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Ints
from railsim.units import MS_PER_DAY

EPOCH = date(2026, 1, 1)
EPOCH_UTC_OFFSET_H = 7.0
NEVER_MS = 2**62


def day_of_date(day: date) -> int:
    """A day by its number: whole days since the clock began."""
    return (day - EPOCH).days


def years_of_days(days: Ints) -> Ints:
    """The calendar year of every numbered day."""
    years: Ints = _dates(days).astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def months_of_days(days: Ints) -> Ints:
    """The month of every numbered day, January is 1."""
    months: Ints = _dates(days).astype("datetime64[M]").astype(np.int64) % 12 + 1
    return months


def weekdays_of_days(days: Ints) -> Ints:
    """The weekday of every numbered day, Monday is 0."""
    return (days + EPOCH.weekday()) % 7


def _dates(days: Ints) -> NDArray[np.datetime64]:
    return np.datetime64(EPOCH, "D") + days


def ms_of_date(day: date) -> int:
    """Midnight at the beginning of a day, Hanoi time."""
    return day_of_date(day) * MS_PER_DAY


def date_of_ms(at_ms: int) -> date:
    """The day, Hanoi time, in which an instant falls."""
    return EPOCH + timedelta(days=at_ms // MS_PER_DAY)


def ms_of_year(decimal_year: float) -> int:
    """A decimal year: 2033.25 is a quarter of the year 2033 after its beginning."""
    year = int(decimal_year // 1)
    begin, end = ms_of_date(date(year, 1, 1)), ms_of_date(date(year + 1, 1, 1))
    return begin + round((decimal_year - year) * (end - begin))


def decimal_year(at_ms: int) -> float:
    """The decimal year of an instant: undoes `ms_of_year`."""
    year = date_of_ms(at_ms).year
    begin, end = ms_of_date(date(year, 1, 1)), ms_of_date(date(year + 1, 1, 1))
    return year + (at_ms - begin) / (end - begin)


@dataclass(frozen=True, slots=True)
class Span:
    """A simulated year: warm-up from `begin_ms`, measured, drained until `stop_ms`."""

    year: int
    begin_ms: int
    measure_ms: int
    end_ms: int
    stop_ms: int


@lru_cache(256)
def span_of(year: int, *, warmup_days: float, drain_days: float) -> Span:
    """The calendar year with its warm-up before and its drain after."""
    measure, end = ms_of_date(date(year, 1, 1)), ms_of_date(date(year + 1, 1, 1))
    return Span(
        year=year,
        begin_ms=measure - round(warmup_days * MS_PER_DAY),
        measure_ms=measure,
        end_ms=end,
        stop_ms=end + round(drain_days * MS_PER_DAY),
    )
