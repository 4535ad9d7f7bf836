"""Working time: lunar new year, and hours counted only while a place is open.

A calendar is a mapping: ``daily`` = [[open, close], ...] in local hours, or ``weekly``
= {"0": [[open, close], ...], ..., "6": ...} with 0 for Monday; ``special`` = {date:
windows} replaces a day's windows and ``closed`` = [[first, last], ...] shuts whole
days, both included. A day which is both special and closed keeps its special windows.
A place without ``daily`` and ``weekly`` opens on its special days only.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from railsim.formulas.checks import (
    require_count,
    require_finite,
    require_mapping,
    require_nonnegative,
    require_sequence,
)
from railsim.formulas.lunar import is_leap, month_start, solstice_lunation

EPS_H = 1e-6
"""Tolerance of clock comparisons on float hours."""

Window = tuple[float, float]

TRUE_SUN_SINCE = 1645
LAST_LUNAR_YEAR = 2400
CALENDAR_KEYS = frozenset({"daily", "weekly", "closed", "special"})


def lunar_new_year(*, year: int, tz_hours: float) -> str:
    """Give the ISO date of the lunar new year which falls in a Gregorian year.

    Units: ``tz_hours`` hours east of Greenwich, +7 Viet Nam, +8 China.
    Formula: months begin on the local day of the true new moon and month 11 holds the
    winter solstice; among thirteen months from solstice to solstice the first in which
    the sun enters no twelfth of the ecliptic is a leap month; the year begins with
    month 1.
    Errors: ValueError when ``year`` is not a whole number from 1645, when the rule was
    introduced, to 2400, or ``tz_hours`` is not from -12 to 14.
    Source: Aslaksen (2010, The mathematics of the Chinese calendar).
    """
    require_count("year", year, TRUE_SUN_SINCE)
    if year > LAST_LUNAR_YEAR:
        raise ValueError(f"year must be at most {LAST_LUNAR_YEAR}, found {year}")
    require_finite("tz_hours", tz_hours)
    if not -12 <= tz_hours <= 14:
        raise ValueError(f"tz_hours must be from -12 to 14, found {tz_hours}")
    first = solstice_lunation(int(year) - 1, tz_hours)
    month_count = solstice_lunation(int(year), tz_hours) - first
    has_early_leap = month_count == 13 and any(
        is_leap(lunation, tz_hours) for lunation in (first + 1, first + 2)
    )
    months_after_solstice = 3 if has_early_leap else 2
    return month_start(first + months_after_solstice, tz_hours).isoformat()


def add_open_hours(*, start: str, hours: float, calendar: Mapping[str, Any]) -> str:
    """Give the moment by which a number of open hours has passed since ``start``.

    Units: ``start`` and the result ISO local times, the result to the nearest minute;
    ``hours`` open hours. With no hours to pass, the answer is the next open moment.
    A count which ends with a window ends at its close, not at the next opening.
    Errors: ValueError when ``start`` is no local ISO time, ``hours`` is negative, or
    the ``calendar`` is malformed or never opens long enough.
    Source: railsim model specification, section 1.1.
    """
    require_nonnegative("hours", hours)
    opening = read_calendar(calendar)
    moment = read_moment("start", start)
    left_h = float(hours)
    for day, (opens_h, closes_h) in open_windows(opening, moment):
        if left_h <= closes_h - opens_h + EPS_H:
            end_h = min(opens_h + left_h, closes_h)
            return shift_to_minute(day, end_h).isoformat(timespec="minutes")
        left_h -= closes_h - opens_h
    raise ValueError(
        f"calendar must open for {hours} hours after {start}, found {left_h} missing"
    )


def open_hours_between(*, start: str, end: str, calendar: Mapping[str, Any]) -> float:
    """Count the open hours from ``start`` to ``end``.

    Units: ``start`` and ``end`` ISO local times; the result hours, 0 for a place which
    stays closed.
    Errors: ValueError when a time is no local ISO time, ``end`` is before ``start``,
    or the ``calendar`` is malformed.
    Source: railsim model specification, section 1.1.
    """
    opening = read_calendar(calendar)
    moment = read_moment("start", start)
    last_moment = read_moment("end", end)
    if last_moment < moment:
        raise ValueError(f"end must not be before start {start}, found {end}")
    spans_h = []
    for day, (opens_h, closes_h) in open_windows(opening, moment):
        end_h = hours_since(day, last_moment)
        if opens_h >= end_h:
            break
        spans_h.append(min(closes_h, end_h) - opens_h)
    return math.fsum(spans_h)


@dataclass(frozen=True)
class Opening:
    """A calendar as read: the windows of weekdays and of special days, closed days."""

    weekly: tuple[tuple[Window, ...], ...]
    special: dict[date, tuple[Window, ...]]
    closed: tuple[tuple[date, date], ...]

    def windows_on(self, day: date) -> tuple[Window, ...]:
        """Give the windows of a day, in order."""
        if day in self.special:
            return self.special[day]
        if any(first <= day <= last for first, last in self.closed):
            return ()
        return self.weekly[day.weekday()]

    def days_from(self, day: date) -> Iterator[date]:
        """Give in order all days which may be open, stepping over long closures."""
        if not any(self.weekly):
            yield from sorted(special for special in self.special if special >= day)
            return
        while day < date.max:
            yield day
            day = self.day_after(day)

    def day_after(self, day: date) -> date:
        """Give tomorrow, or when a closure goes on its end or next special day."""
        ends = [last for first, last in self.closed if first <= day < last]
        if not ends:
            return day + timedelta(days=1)
        specials = [special for special in self.special if day < special < max(ends)]
        return min([*specials, max(ends)])


def open_windows(opening: Opening, moment: datetime) -> Iterator[tuple[date, Window]]:
    """Give in order what is open from a moment on: day, hours of that day."""
    for day in opening.days_from(moment.date()):
        passed_h = hours_since(day, moment)
        for opens_h, closes_h in opening.windows_on(day):
            if closes_h > passed_h:
                yield day, (max(opens_h, passed_h), closes_h)


def hours_since(day: date, moment: datetime) -> float:
    """Give the hours from the midnight which begins a day to a moment."""
    return (moment - datetime.combine(day, time())).total_seconds() / 3600


def shift_to_minute(day: date, hours: float) -> datetime:
    """Give the minute nearest to a number of hours after midnight."""
    minutes = math.floor(hours * 60 + 0.5)
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def read_moment(name: str, text: str) -> datetime:
    """Read a local ISO time, or say which argument is none."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be an ISO local time, found {text!r}") from None
    if moment.tzinfo is not None:
        raise ValueError(f"{name} must be local, without an offset, found {text!r}")
    return moment


def read_calendar(calendar: Mapping[str, Any]) -> Opening:
    """Check a calendar mapping and put its windows in order."""
    require_mapping("calendar", calendar)
    unknown = set(calendar) - CALENDAR_KEYS
    if unknown or {"daily", "weekly"} <= set(calendar):
        raise ValueError(
            "calendar must have 'daily' or 'weekly', and may have 'closed' and "
            f"'special', found {sorted(map(str, calendar))}"
        )
    special = calendar.get("special", {})
    require_mapping("calendar special", special)
    closed = calendar.get("closed", ())
    require_sequence("calendar closed", closed)
    return Opening(
        weekly=read_week(calendar),
        special={read_date(day): read_windows(special[day]) for day in special},
        closed=tuple(read_closure(closure) for closure in closed),
    )


def read_week(calendar: Mapping[str, Any]) -> tuple[tuple[Window, ...], ...]:
    """Give the windows of Monday to Sunday; a weekday not named is closed."""
    if "daily" in calendar:
        return (read_windows(calendar["daily"]),) * 7
    weekly = calendar.get("weekly", {})
    require_mapping("calendar weekly", weekly)
    week = {str(day): windows for day, windows in weekly.items()}
    unknown = sorted(set(week) - set("0123456"))
    if unknown:
        raise ValueError(f"calendar weekdays must be '0' to '6', found {unknown}")
    return tuple(read_windows(week.get(day, ())) for day in "0123456")


def read_windows(windows: Sequence[Sequence[float]]) -> tuple[Window, ...]:
    """Put the windows of a day in order, join those which touch, drop empty ones."""
    require_sequence("calendar windows", windows)
    joined: list[Window] = []
    for opens_h, closes_h in sorted(read_window(window) for window in windows):
        if joined and opens_h <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes_h))
        elif opens_h < closes_h:
            joined.append((opens_h, closes_h))
    return tuple(joined)


def read_window(window: Sequence[float]) -> Window:
    """Check one [open, close] pair of hours within a day."""
    require_sequence("calendar window", window, length=2)
    for hour in window:
        require_finite("calendar hour", hour)
    opens_h, closes_h = float(window[0]), float(window[1])
    if not 0 <= opens_h <= closes_h <= 24:
        raise ValueError(
            f"calendar window must open before it closes, from 0 to 24, found {window}"
        )
    return opens_h, closes_h


def read_closure(closure: Sequence[str]) -> tuple[date, date]:
    """Check one [first day, last day] pair."""
    require_sequence("calendar closure", closure, length=2)
    first, last = read_date(closure[0]), read_date(closure[1])
    if last < first:
        raise ValueError(f"calendar closure must end after it begins, found {closure}")
    return first, last


def read_date(text: str) -> date:
    """Read an ISO date of a calendar."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError(f"calendar dates must be ISO dates, found {text!r}") from None
