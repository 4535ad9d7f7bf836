from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.formulas.calendars import (
    add_open_hours,
    lunar_new_year,
    open_hours_between,
)
from railsim.formulas.lunar import clock_lag_d, new_moon_ut, solar_longitude

# MODEL 1.1, Viet Nam, 2026 to 2065.
# fmt: off
TET = [
    "02-17", "02-06", "01-26", "02-13", "02-02",
    "01-23", "02-11", "01-31", "02-19", "02-08",
    "01-28", "02-15", "02-04", "01-24", "02-12",
    "02-01", "01-22", "02-10", "01-30", "02-17",
    "02-06", "01-26", "02-14", "02-02", "01-23",
    "02-11", "02-01", "02-18", "02-08", "01-28",
    "02-15", "02-04", "01-24", "02-12", "02-02",
    "01-21", "02-09", "01-29", "02-17", "02-05",
]
# fmt: on
GATE = {"daily": [[7, 19]], "closed": [["2027-02-05", "2027-02-08"]]}
SHIFTS = {"daily": [[13, 19], [7, 12]]}
OFFICE = {
    "weekly": {str(day): [[7.5, 12], [13, 17]] for day in range(5)} | {"5": [[7.5, 12]]}
}
AROUND_THE_CLOCK = {"daily": [[0, 24]]}
MIXED = {
    "weekly": {"0": [[0, 24]], "2": [[22, 24], [1, 2]], "3": [[0, 6]]},
    "closed": [["2027-01-11", "2027-01-13"]],
    "special": {"2027-01-12": [[9, 10]], "2027-01-15": [[5, 8]]},
}


@pytest.mark.parametrize(("offset", "date"), list(enumerate(TET)))
def test_tet_falls_on_the_day_of_the_specification(offset, date):
    year = 2026 + offset

    assert lunar_new_year(year=year, tz_hours=7) == f"{year}-{date}"


def test_china_is_a_day_later_in_2030_and_2053_only():
    differ = [
        (lunar_new_year(year=year, tz_hours=7), lunar_new_year(year=year, tz_hours=8))
        for year in range(2020, 2071)
    ]

    assert [pair for pair in differ if pair[0] != pair[1]] == [
        ("2030-02-02", "2030-02-03"),
        ("2053-02-18", "2053-02-19"),
    ]


@pytest.mark.parametrize(
    ("year", "tz_hours", "date"),
    [
        (1968, 7, "1968-01-29"),  # the north of Viet Nam kept Tet a day early
        (1968, 8, "1968-01-30"),
        (1985, 7, "1985-01-21"),  # a whole month before China
        (1985, 8, "1985-02-20"),
        (2007, 7, "2007-02-17"),
        (2007, 8, "2007-02-18"),
        (1950, 8, "1950-02-17"),
        (2000, 8, "2000-02-05"),
        (2015, 8, "2015-02-19"),
        (2024, 8, "2024-02-10"),
        (2100, 8, "2100-02-09"),
    ],
)
def test_historic_new_years_are_met(year, tz_hours, date):
    assert lunar_new_year(year=year, tz_hours=tz_hours) == date


def test_lunar_years_last_twelve_or_thirteen_months():
    days = [
        datetime.fromisoformat(lunar_new_year(year=year, tz_hours=7))
        for year in range(1950, 2102)
    ]
    lengths = {(later - sooner).days for sooner, later in pairwise(days)}

    assert lengths <= {353, 354, 355, 383, 384, 385}


def test_the_new_moon_of_february_1977_is_that_of_meeus():
    lunation = -283  # Meeus, example 49.a: 18 February 1977, 3h 37m 42s TD
    ut = new_moon_ut(lunation)

    assert ut + clock_lag_d(ut) == pytest.approx(2_443_192.65118, abs=1e-5)


def test_the_sun_of_october_1992_is_that_of_meeus():
    tt = 2_448_908.5  # Meeus, example 25.b: 199 degrees 54' 21.8"

    found = solar_longitude(tt - clock_lag_d(tt))

    assert found == pytest.approx(199 + 54 / 60 + 21.8 / 3600, abs=2 / 3600)


@pytest.mark.parametrize("year", [1644, 2401, 2026.5, True, "2026"])
def test_a_year_beyond_the_rule_is_refused(year):
    with pytest.raises(ValueError, match="year"):
        lunar_new_year(year=year, tz_hours=7)


@pytest.mark.parametrize("tz_hours", [-12.5, 14.5, float("nan")])
def test_a_clock_of_no_place_is_refused(tz_hours):
    with pytest.raises(ValueError, match="tz_hours"):
        lunar_new_year(year=2026, tz_hours=tz_hours)


@pytest.mark.parametrize(
    ("start", "hours", "calendar", "end"),
    [
        ("2027-02-04T15:00", 10, GATE, "2027-02-09T13:00"),
        ("2027-02-04T15:00", 4, GATE, "2027-02-04T19:00"),  # ends with the window
        ("2027-02-04T15:00", 4.1, GATE, "2027-02-09T07:06"),
        ("2027-03-01T10:00", 3, SHIFTS, "2027-03-01T14:00"),  # over lunch
        ("2027-03-01T12:30", 1, SHIFTS, "2027-03-01T14:00"),  # from lunch
        ("2027-03-05T16:30", 5, OFFICE, "2027-03-06T12:00"),  # Friday to Saturday
        ("2027-03-05T16:30", 5.5, OFFICE, "2027-03-08T08:00"),  # over Sunday
        ("2027-03-01T10:15", 48.5, AROUND_THE_CLOCK, "2027-03-03T10:45"),
        ("2027-03-01T10:15", 13.75, AROUND_THE_CLOCK, "2027-03-02T00:00"),
        ("2027-01-11T05:00", 2, MIXED, "2027-01-14T01:00"),  # special in a closure
        ("2027-01-15T00:00", 3.5, MIXED, "2027-01-18T00:30"),
        ("2027-03-01T10:00", 0, GATE, "2027-03-01T10:00"),
        ("2027-03-01T20:00", 0, GATE, "2027-03-02T07:00"),  # the next open moment
        ("2027-03-01", 1 / 3, GATE, "2027-03-01T07:20"),
        ("2027-03-01T06:59:59", 0.1 + 0.2, {"daily": [[7, 7.3]]}, "2027-03-01T07:18"),
    ],
)
def test_open_hours_are_added(start, hours, calendar, end):
    assert add_open_hours(start=start, hours=hours, calendar=calendar) == end


def test_overlapping_windows_count_once():
    overlapping = {"daily": [[9, 15], [7, 12], [15, 16], [10, 11], [20, 20]]}

    found = open_hours_between(
        start="2027-03-01T00:00", end="2027-03-02T00:00", calendar=overlapping
    )

    assert found == 9


@pytest.mark.parametrize("calendar", [GATE, SHIFTS, OFFICE, AROUND_THE_CLOCK, MIXED])
@given(
    first_min=st.integers(0, 12 * 1440),
    length_min=st.integers(0, 5 * 1440),
)
@settings(max_examples=12, deadline=None)
def test_hours_between_are_the_open_minutes_counted_one_by_one(
    calendar, first_min, length_min
):
    origin = datetime(2027, 1, 8) if calendar is MIXED else datetime(2027, 2, 1)
    start = origin + timedelta(minutes=first_min)
    minutes = [start + timedelta(minutes=minute) for minute in range(length_min)]

    found = open_hours_between(
        start=start.isoformat(),
        end=(start + timedelta(minutes=length_min)).isoformat(),
        calendar=calendar,
    )

    assert found * 60 == pytest.approx(sum(is_open(m, calendar) for m in minutes))


def is_open(moment, calendar):
    day = moment.date().isoformat()
    hour = moment.hour + moment.minute / 60
    windows = calendar.get("daily") or calendar["weekly"].get(str(moment.weekday()), [])
    if any(first <= day <= last for first, last in calendar.get("closed", [])):
        windows = []
    windows = calendar.get("special", {}).get(day, windows)
    return any(opens <= hour < closes for opens, closes in windows)


@pytest.mark.parametrize("calendar", [GATE, SHIFTS, OFFICE, AROUND_THE_CLOCK, MIXED])
@given(start_min=st.integers(0, 20 * 1440), open_min=st.integers(0, 6000))
@settings(max_examples=25, deadline=None)
def test_hours_added_are_the_hours_between(calendar, start_min, open_min):
    start = (datetime(2027, 1, 8) + timedelta(minutes=start_min)).isoformat()

    end = add_open_hours(start=start, hours=open_min / 60, calendar=calendar)

    between = open_hours_between(start=start, end=end, calendar=calendar)
    assert between == pytest.approx(open_min / 60, abs=1e-9)


NEVER_OPEN = [
    {},
    {"daily": []},
    {"weekly": {"0": [[7, 7]]}},
    {"daily": [[7, 19]], "closed": [["2000-01-01", "9999-12-31"]]},
    {"daily": [], "special": {"2026-01-01": [[7, 19]]}},
    {"special": {"2027-03-02": [[7, 9]]}},
]


@pytest.mark.parametrize("calendar", NEVER_OPEN)
def test_a_calendar_which_never_opens_long_enough_is_refused(calendar):
    with pytest.raises(ValueError, match="calendar"):
        add_open_hours(start="2027-03-01T10:00", hours=3, calendar=calendar)


@pytest.mark.parametrize("calendar", NEVER_OPEN[:5])
def test_a_place_which_never_opens_has_no_open_hours(calendar):
    found = open_hours_between(
        start="2027-03-01T10:00", end="2028-03-01T10:00", calendar=calendar
    )

    assert found == 0


@pytest.mark.parametrize(
    "calendar",
    [
        [],
        {"dayly": [[7, 19]]},
        {"daily": [[7, 19]], "weekly": {}},
        {"daily": [[19, 7]]},
        {"daily": [[7, 25]]},
        {"daily": [[-1, 7]]},
        {"daily": [[7]]},
        {"daily": 5},
        {"daily": [[7, "19"]]},
        {"weekly": {"7": [[7, 19]]}},
        {"weekly": [[7, 19]]},
        {"closed": [["2027-02-08", "2027-02-05"]]},
        {"closed": [["2027-02-08"]]},
        {"special": {"8 Feb": [[7, 19]]}},
    ],
)
def test_a_malformed_calendar_is_refused(calendar):
    with pytest.raises(ValueError, match="calendar"):
        add_open_hours(start="2027-03-01T10:00", hours=1, calendar=calendar)


@pytest.mark.parametrize("start", ["soon", "2027-03-01T10:00+07:00", 5, None])
def test_a_start_which_is_no_local_time_is_refused(start):
    with pytest.raises(ValueError, match="start"):
        add_open_hours(start=start, hours=1, calendar=GATE)


@pytest.mark.parametrize("hours", [-1, float("inf"), "2"])
def test_hours_below_zero_or_without_end_are_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        add_open_hours(start="2027-03-01T10:00", hours=hours, calendar=GATE)


def test_an_end_before_the_start_is_refused():
    with pytest.raises(ValueError, match="end"):
        open_hours_between(
            start="2027-03-02T10:00", end="2027-03-01T10:00", calendar=GATE
        )
