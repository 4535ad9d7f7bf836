"""Timetables: every departure of a span, from so many a day or days of the week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints, floats, ints, joined
from railsim.corridor.time.clock import (
    NEVER_MS,
    Span,
    ms_of_date,
    weekdays_of_days,
    years_of_days,
)
from railsim.scenario.schema.chance import Opening
from railsim.scenario.schema.movement import Timetable
from railsim.sharing import once_for
from railsim.units import DAYS_PER_YEAR, MS_PER_DAY, MS_PER_HOUR, ms_from_hours

KNOWN_AT_ONCE, PLANS_AT_ONCE = 2048, 4


@dataclass(frozen=True, slots=True)
class Runs:
    """One row a departure of a service: when, and how much slower than usual it runs.

    Running times are multiplied by `slowness` while a line is run in.
    """

    at_ms: Ints
    slowness: Floats


@dataclass(frozen=True, slots=True)
class Departures:
    """One row a departure of any service, in order of time.

    `ordinal` counts within the service; those of an instant keep the order of their
    services.
    """

    service: Ints
    ordinal: Ints
    at_ms: Ints
    slowness: Floats


@once_for(most=PLANS_AT_ONCE)
def in_order_of_time(runs: tuple[Runs, ...]) -> Departures:
    """The runs of all services of a plan together."""
    counts = [len(r.at_ms) for r in runs]
    at_ms = joined([r.at_ms for r in runs], np.int64)
    order = np.argsort(at_ms, kind="stable")
    service = np.repeat(np.arange(len(runs)), counts)
    ordinal = joined([np.arange(count) for count in counts], np.int64)
    slowness = joined([r.slowness for r in runs], np.float64)
    return Departures(service[order], ordinal[order], at_ms[order], slowness[order])


@once_for(most=KNOWN_AT_ONCE)
def departures(
    timetable: Timetable,
    span: Span,
    *,
    is_back: bool,
    opens_ms: int,
    opening: Opening | None,
) -> Runs:
    """All departures of a service in a span, day by day, none before it opens."""
    at_ms, is_kept = _planned(timetable, span, opens_ms, opening)
    if is_back:
        at_ms = at_ms + ms_from_hours(timetable.back_shift_h)
    goes = (at_ms >= max(span.begin_ms, opens_ms)) & (at_ms < span.stop_ms)
    slowness = np.ones(len(at_ms))
    if opening is not None:
        run_in_until = opens_ms + round(opening.running_in_days * MS_PER_DAY)
        is_running_in = at_ms < run_in_until
        goes &= is_kept | ~is_running_in
        slowness[is_running_in] = 1.0 / opening.running_in_speed_factor
    return Runs(at_ms[goes], slowness[goes])


def departures_per_day(timetable: Timetable, at_ms: Ints, opens_ms: int) -> Floats:
    """Departures a day and direction by a daily timetable at instants."""
    since = (at_ms - opens_ms) / (365.25 * MS_PER_DAY)
    by_year = _reached(timetable.per_day, years_of_days(at_ms // MS_PER_DAY))
    by_age = _reached(timetable.per_day_since_opening, since)
    return np.maximum(by_year, by_age)


@once_for(most=KNOWN_AT_ONCE)
def mean_headway_days(timetable: Timetable, at_ms: int, opens_ms: int) -> float:
    """Days between departures: the interval shippers plan with."""
    if timetable.weekly_h:
        return 7.0 / len(timetable.weekly_h)
    if timetable.listed_h:
        return DAYS_PER_YEAR / len(timetable.listed_h)
    if opens_ms == NEVER_MS:
        return DAYS_PER_YEAR
    at_ms = max(at_ms, opens_ms)
    per_day = float(departures_per_day(timetable, ints([at_ms]), opens_ms)[0])
    return 1.0 / per_day if per_day > 0 else DAYS_PER_YEAR


def _reached(steps: dict[str, float], at: Ints | Floats) -> Floats:
    """The value of the last step that is reached; 0 before the first."""
    rows = sorted((int(key), value) for key, value in steps.items())
    values = floats([0.0, *(value for _, value in rows)])
    return values[np.searchsorted(ints(key for key, _ in rows), at, side="right")]


def _planned(
    timetable: Timetable, span: Span, opens_ms: int, opening: Opening | None
) -> tuple[Ints, Flags]:
    """Slots around a span, and whether each is kept while a line is run in."""
    if timetable.listed_h:
        return _all_kept(_of_years(timetable, span.year))
    days = np.arange(span.begin_ms // MS_PER_DAY - 8, span.stop_ms // MS_PER_DAY + 1)
    if timetable.weekly_h:
        return _all_kept(_of_weekdays(timetable, days))
    rate = departures_per_day(timetable, days * MS_PER_DAY, opens_ms)
    share = opening.running_in_train_share if opening else 1.0
    return _of_days(timetable, days, rate, share)


def _all_kept(at_ms: Ints) -> tuple[Ints, Flags]:
    return at_ms, np.ones(len(at_ms), dtype=np.bool_)


def _of_years(timetable: Timetable, year: int) -> Ints:
    """Listed hours of a year and of its neighbours, for warm-up and drain."""
    hours_ms = _whole_ms(floats(sorted(timetable.listed_h)))
    begins = ints(ms_of_date(date(y, 1, 1)) for y in (year - 1, year, year + 1))
    at_ms: Ints = (begins[:, None] + hours_ms).ravel()
    return at_ms


def _of_weekdays(timetable: Timetable, days: Ints) -> Ints:
    """Hours since Monday 0:00, each on its day of every week."""
    hour, weekday = floats(sorted(timetable.weekly_h)), weekdays_of_days(days)[:, None]
    slots = days[:, None] * MS_PER_DAY + _whole_ms(hour - 24 * weekday)
    at_ms: Ints = slots[hour // 24 == weekday]
    return at_ms


def _of_days(
    timetable: Timetable, days: Ints, rate: Floats, share: float
) -> tuple[Ints, Flags]:
    """Slots of days evenly spread; a running-in share of all slots is kept."""
    first = np.floor(days * rate).astype(np.int64)
    count = np.floor((days + 1) * rate).astype(np.int64) - first
    day = np.repeat(np.arange(len(days)), count)
    k = np.arange(len(day)) - (np.cumsum(count) - count)[day]
    hour = timetable.first_h + timetable.span_h * k / count[day]
    n = first[day] + k
    is_kept = np.floor((n + 1) * share) > np.floor(n * share)
    return days[day] * MS_PER_DAY + _whole_ms(hour), is_kept


def _whole_ms(hours: Floats) -> Ints:
    """Hours on the engine's clock; halves round to even."""
    whole: Ints = np.rint(hours * MS_PER_HOUR).astype(np.int64)
    return whole
