"""Capacity over time: calendars, meridians, holidays, factors, failures."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.corridor.time.clock import ms_of_date, ms_of_year, span_of
from railsim.corridor.time.hours import day_of_holiday
from railsim.engine.capacity import capacity_changes
from railsim.engine.draws import draw
from railsim.scenario.schema.timing import Holiday
from tests.engine.networks import DAY, HOUR, plan_of

TET = """
    [holidays.tet]
    name = "Tet"
    rule = "lunar"
    utc_offset_h = 7.0
    month = 1
    day = 1
    phases.shut = { first_day = -1, last_day = 2, capacity_factor = 0.0 }
    phases.half = { first_day = 3, last_day = 5, capacity_factor = 0.5 }
"""


def gate(calendars: str, *, servers: int = 5, year: int = 2026) -> dict[float, int]:
    """Hour since the year began -> capacity of a gate from then on."""
    text = f'[stations.gate]\nservers = {servers}\ncalendar = "gate"\n' + calendars
    plan = plan_of(text, year=year)
    changes = draw(plan, 1, 0).changes
    within = changes.at_ms < plan.span.stop_ms
    hours = (changes.at_ms[within] - plan.span.begin_ms) / HOUR
    return dict(zip(hours.tolist(), changes.capacity[within].tolist(), strict=True))


def calendar(windows: str, utc_offset_h: float = 7.0, more: str = "") -> str:
    """The calendar of the gate."""
    return f"""
        [calendars.gate]
        utc_offset_h = {utc_offset_h}
        windows_h = {windows}
        {more}
    """


def first_day(changes: dict[float, int]) -> dict[float, int]:
    """Changes of the first day."""
    return {hour: capacity for hour, capacity in changes.items() if hour < 24}


def test_a_gate_opens_and_closes_every_day():
    changes = gate(calendar("[[7.0, 19.0]]"))

    assert first_day(changes) == {0.0: 0, 7.0: 5, 19.0: 0}
    assert len(changes) == 1 + 2 * 365


def test_a_chinese_gate_opens_an_hour_earlier_by_the_clock_of_hanoi():
    changes = gate(calendar("[[8.0, 18.0]]", utc_offset_h=8.0))

    assert first_day(changes) == {0.0: 0, 7.0: 5, 17.0: 0}


def test_a_gate_that_never_closes_never_changes():
    for offset in (-12.0, 0.0, 7.0, 8.0, 14.0):
        assert gate(calendar("[[0.0, 24.0]]", offset)) == {}


def test_windows_that_meet_at_midnight_are_one():
    changes = gate(calendar("[[0.0, 2.0], [22.0, 24.0]]"))

    assert first_day(changes) == {2.0: 0, 22.0: 5}


def test_windows_may_overlap_and_stand_in_any_order():
    changes = gate(calendar("[[12.0, 19.0], [7.0, 13.0]]"))

    assert first_day(changes) == {0.0: 0, 7.0: 5, 19.0: 0}


def test_single_weekdays_have_their_own_hours():
    changes = gate(
        calendar("[[7.0, 17.0]]", more="weekly_h = { sat = [], sun = [[9.0, 12.0]] }")
    )

    # 1 January 2026 is a Thursday: the 3rd a Saturday, the 4th a Sunday.
    on_sunday = {h: c for h, c in changes.items() if 48 <= h < 96}
    assert on_sunday == {72.0 + 9.0: 5, 72.0 + 12.0: 0}


def test_a_border_is_open_when_both_sides_are():
    changes = gate(
        calendar("[[7.0, 19.0]]", more='also_open = ["china"]')
        + "[calendars.china]\nutc_offset_h = 8.0\nwindows_h = [[9.0, 19.0]]\n"
    )

    assert first_day(changes) == {0.0: 0, 8.0: 5, 18.0: 0}


def test_a_border_of_three_sides_is_open_when_all_are():
    changes = gate(
        calendar("[[7.0, 19.0]]", more='also_open = ["china"]')
        + "[calendars.china]\nutc_offset_h = 8.0\nwindows_h = [[9.0, 19.0]]\n"
        + 'also_open = ["bank"]\n'
        + "[calendars.bank]\nutc_offset_h = 7.0\nwindows_h = [[9.0, 11.0]]\n"
    )

    assert first_day(changes) == {0.0: 0, 9.0: 5, 11.0: 0}


def test_tet_shuts_a_gate_and_then_halves_it():
    changes = gate(calendar("[[0.0, 24.0]]", more='holidays = ["tet"]') + TET)

    # New year 2026 is 17 February, the 48th day of the year.
    eve = 24.0 * 46
    assert changes == {eve: 0, eve + 4 * 24: 2, eve + 7 * 24: 5}


def test_a_holiday_begins_at_the_midnight_of_its_calendar():
    changes = gate(calendar("[[0.0, 24.0]]", 8.0, 'holidays = ["tet"]') + TET)

    assert min(changes) == 24.0 * 46 - 1.0


def test_tet_2030_differs_between_the_meridians():
    by_moon = {
        offset: day_of_holiday(lunar(1, 1, offset), 2030) for offset in (7.0, 8.0)
    }

    assert by_moon == {7.0: date(2030, 2, 2), 8.0: date(2030, 2, 3)}


def lunar(month: int, day: int, utc_offset_h: float = 7.0) -> Holiday:
    """A holiday by the moon."""
    return Holiday(
        name="x",
        rule="lunar",
        utc_offset_h=utc_offset_h,
        month=month,
        day=day,
        phases={},
    )


HUNG_KINGS = [
    date(2020, 4, 2),
    date(2021, 4, 21),
    date(2022, 4, 10),
    date(2023, 4, 29),
    date(2024, 4, 18),
    date(2025, 4, 7),
    date(2026, 4, 26),
    date(2027, 4, 16),
    date(2028, 4, 4),
    date(2029, 4, 23),
    date(2030, 4, 12),
]


@pytest.mark.parametrize("day", HUNG_KINGS, ids=str)
def test_the_hung_kings_are_honoured_on_the_tenth_of_the_third_month(day):
    assert day_of_holiday(lunar(3, 10), day.year) == day


@pytest.mark.parametrize(
    ("year", "day"),
    [(2020, "2020-10-01"), (2023, "2023-09-29"), (2025, "2025-10-06")],
)
def test_mid_autumn_comes_later_in_a_year_with_a_leap_month(year, day):
    assert day_of_holiday(lunar(8, 15), year) == date.fromisoformat(day)


def test_a_solar_holiday_stays_on_its_day():
    golden = Holiday(
        name="x", rule="solar", utc_offset_h=8.0, month=10, day=1, phases={}
    )

    assert day_of_holiday(golden, 2031) == date(2031, 10, 1)


def test_a_new_year_s_eve_belongs_to_the_year_before():
    text = TET.replace('"lunar"', '"solar"')
    changes = gate(calendar("[[0.0, 24.0]]", more='holidays = ["tet"]') + text)

    # The eve of 2027 closes the last day of 2026, that of 2026 lies before the clock.
    assert changes == {0.0: 0, 3 * 24.0: 2, 6 * 24.0: 5, 364 * 24.0: 0}


# -- factors and failures -------------------------------------------------------------


def capacities(full: int, factors, broken=()) -> list[tuple[int, int]]:
    """(instant, capacity) of one resource under factors and with broken servers."""
    changes = capacity_changes([full], {0: factors}, {0: broken}, begin_ms=0)
    return list(zip(changes.at_ms.tolist(), changes.capacity.tolist(), strict=True))


@pytest.mark.parametrize(
    ("full", "factor", "left"),
    [(5, 0.5, 2), (3, 0.7, 2), (2, 0.1, 1), (10, 0.3, 3), (7, 0.0, 0)],
)
def test_a_factor_leaves_whole_servers_and_at_least_one_unless_zero(full, factor, left):
    assert capacities(full, [(10, 20, factor)]) == [(10, left), (20, full)]


def test_a_single_server_outlasts_every_factor_but_zero():
    assert capacities(1, [(10, 20, 0.3)]) == []


def test_factors_in_force_together_are_multiplied():
    factors = [(10, 40, 0.5), (20, 30, 0.5)]

    assert capacities(8, factors) == [(10, 4), (20, 2), (30, 4), (40, 8)]


def test_a_closure_within_a_closure_does_not_open_early():
    assert capacities(3, [(10, 40, 0.0), (20, 30, 0.0)]) == [(10, 0), (40, 3)]


def test_closures_that_meet_are_one():
    assert capacities(3, [(10, 20, 0.0), (20, 30, 0.0)]) == [(10, 0), (30, 3)]


def test_broken_servers_are_taken_off_what_the_factors_leave():
    changes = capacities(4, [(10, 40, 0.5)], [(20, 30), (25, 50)])

    assert changes == [(10, 2), (20, 1), (25, 0), (30, 1), (40, 3), (50, 4)]


def test_more_broken_servers_than_open_ones_leave_none():
    assert capacities(2, [(0, 50, 0.5)], [(10, 20), (10, 20)]) == [
        (0, 1),
        (10, 0),
        (20, 1),
        (50, 2),
    ]


def test_what_began_before_the_clock_is_in_force_when_it_starts():
    assert capacities(3, [(-10, 20, 0.0), (-30, -20, 0.0)]) == [(0, 0), (20, 3)]


def test_a_station_without_servers_stays_without():
    assert capacities(0, [(10, 20, 0.5)]) == []


# -- the clock ------------------------------------------------------------------------


def test_the_clock_starts_with_2026_in_hanoi():
    assert ms_of_date(date(2026, 1, 1)) == 0
    assert ms_of_year(2027.0) == 365 * DAY
    assert ms_of_year(2028.5) == ms_of_date(date(2028, 7, 2))


def test_a_span_is_the_calendar_year_with_warm_up_and_drain():
    span = span_of(2028, warmup_days=28.0, drain_days=21.0)

    assert span.end_ms - span.measure_ms == 366 * DAY
    assert span.measure_ms - span.begin_ms == 28 * DAY
    assert span.stop_ms - span.end_ms == 21 * DAY


SPELLS = st.integers(-5, 60).flatmap(
    lambda begin: st.tuples(st.just(begin), st.integers(begin - 2, begin + 40))
)


@given(
    full=st.integers(0, 9),
    factors=st.lists(st.tuples(SPELLS, st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.2]))),
    broken=st.lists(SPELLS, max_size=4),
)
@settings(max_examples=150)
def test_capacity_is_what_the_spells_in_force_leave_at_every_instant(
    full, factors, broken
):
    changes = capacities(full, [(*spell, value) for spell, value in factors], broken)

    found = dict(changes)
    assert len(found) == len(changes)
    left = full
    for at in range(110):
        now = [v for (begin, end), v in factors if begin <= at < end]
        down = sum(begin <= at < end for begin, end in broken)
        servers = math.floor(full * math.prod(sorted(now)) + 1e-9)
        least = 0 if 0.0 in now else min(full, 1)
        expected = max(max(servers, least) - down, 0)
        assert (at in found) == (expected != left)
        left = found.get(at, left)
        assert left == expected
