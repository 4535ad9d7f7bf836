"""Every departure of a year, from so many a day, days of the week or listed hours."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.corridor.time.clock import NEVER_MS, date_of_ms, ms_of_year, span_of
from railsim.corridor.time.timetables import departures, mean_headway_days
from railsim.scenario.schema.chance import Opening
from railsim.scenario.schema.movement import Timetable
from tests.engine.networks import DAY, HOUR, plan_of

SPAN = span_of(2026, warmup_days=0.0, drain_days=0.0)
OPENING = Opening(
    name="line",
    is_built=True,
    opens_year=2026.5,
    running_in_days=100.0,
    running_in_speed_factor=0.8,
    running_in_train_share=0.5,
    ramp_up_years=1.0,
    cost_constant=0.0,
)


def hours(
    timetable: Timetable, *, is_back=False, span=SPAN, opening=None
) -> list[float]:
    """Departures in hours since the year began."""
    opens = -NEVER_MS if opening is None else ms_of_year(opening.opens_year)
    rows = departures(timetable, span, is_back=is_back, opens_ms=opens, opening=opening)
    return ((rows.at_ms - span.measure_ms) / HOUR).tolist()


def test_departures_of_a_day_are_evenly_spread():
    assert hours(Timetable(per_day={"2000": 4.0}))[:5] == [0.0, 6.0, 12.0, 18.0, 24.0]


def test_departures_may_keep_to_a_part_of_the_day():
    timetable = Timetable(per_day={"2000": 3.0}, first_h=4.0, span_h=18.0)

    assert hours(timetable)[:4] == [4.0, 10.0, 16.0, 28.0]


@pytest.mark.parametrize("rate", [0.1, 0.5, 1.5, 2.25, 17.0])
def test_a_broken_number_a_day_is_kept_over_the_year(rate):
    found = hours(Timetable(per_day={"2000": rate}))

    assert len(found) == pytest.approx(365 * rate, abs=1.0)
    by_day = np.bincount((np.array(found) // 24).astype(int), minlength=365)
    assert set(by_day.tolist()) <= {int(rate), int(rate) + 1}


def test_the_number_changes_with_the_year():
    timetable = Timetable(per_day={"2000": 2.0, "2026": 5.0, "2027": 9.0})

    assert len(hours(timetable)) == 5 * 365


def test_the_number_grows_with_the_age_of_the_line():
    timetable = Timetable(per_day_since_opening={"0": 2.0, "2": 6.0})
    span = span_of(2028, warmup_days=0.0, drain_days=0.0)
    opening = OPENING.model_copy(update={"running_in_train_share": 1.0})

    by_day = np.bincount(
        (np.array(hours(timetable, span=span, opening=opening)) // 24).astype(int)
    )

    # Opened in the middle of 2026, it is two years old in the middle of 2028.
    assert by_day[:180].tolist() == [2] * 180
    assert by_day[185:].tolist() == [6] * 181


def test_nothing_leaves_before_the_opening():
    found = hours(Timetable(per_day={"2000": 4.0}), opening=OPENING)

    assert min(found) >= (ms_of_year(2026.5)) / HOUR


def test_what_is_never_built_never_leaves():
    timetable = Timetable(per_day={"2000": 4.0})

    rows = departures(
        timetable, SPAN, is_back=False, opens_ms=NEVER_MS, opening=OPENING
    )

    assert rows.at_ms.tolist() == []


@pytest.mark.parametrize(("rate", "share"), [(4.0, 0.5), (1.0, 0.5), (3.0, 0.3)])
def test_while_run_in_a_share_of_the_trains_runs(rate, share):
    opening = OPENING.model_copy(update={"running_in_train_share": share})
    opens_h = ms_of_year(2026.5) / HOUR

    found = np.array(hours(Timetable(per_day={"2000": rate}), opening=opening))

    in_time = (found < opens_h + 100 * 24).sum()
    assert in_time == pytest.approx(100 * rate * share, abs=2)


def test_while_run_in_trains_are_slower():
    rows = departures(
        Timetable(per_day={"2000": 1.0}),
        SPAN,
        is_back=False,
        opens_ms=ms_of_year(2026.5),
        opening=OPENING,
    )

    slow_until = ms_of_year(2026.5) + 100 * DAY
    assert set(rows.slowness[rows.at_ms < slow_until].tolist()) == {1.25}
    assert set(rows.slowness[rows.at_ms >= slow_until].tolist()) == {1.0}


def test_a_weekly_service_keeps_its_days():
    # Tuesday 10:00 and Saturday 00:00; 1 January 2026 is a Thursday.
    found = hours(Timetable(weekly_h=(120.0, 34.0)))

    assert found[:4] == [48.0, 130.0, 216.0, 298.0]
    assert len(found) in (104, 105)


def test_listed_hours_count_from_each_first_of_january():
    timetable = Timetable(listed_h=(5.0, 8750.0))
    span = span_of(2027, warmup_days=1.0, drain_days=1.0)

    assert hours(timetable, span=span) == [-10.0, 5.0, 8750.0, 8765.0]


def test_the_return_direction_departs_later():
    timetable = Timetable(per_day={"2000": 1.0}, first_h=6.0, back_shift_h=30.0)

    assert hours(timetable)[:2] == [6.0, 30.0]
    assert hours(timetable, is_back=True)[:2] == [12.0, 36.0]


@pytest.mark.parametrize(
    ("timetable", "days"),
    [
        (Timetable(per_day={"2000": 4.0}), 0.25),
        (Timetable(weekly_h=(10.0, 60.0)), 3.5),
        (Timetable(listed_h=(10.0, 60.0)), 182.5),
        (Timetable(per_day={"2030": 4.0}), 365.0),
    ],
)
def test_shippers_plan_with_the_mean_headway(timetable, days):
    assert mean_headway_days(timetable, 0, -NEVER_MS) == days


def test_departures_of_a_plan_are_numbered_in_time_order():
    plan = plan_of("""
        [links.way]
        time = { dist = "exponential", mean_h = 1.0 }
        [services.slow]
        timetable = { per_day = { "2000" = 1.0 } }
        steps = [{ link = "way" }]
        [services.fast]
        is_both_ways = true
        timetable = { per_day = { "2000" = 2.0 }, back_shift_h = 1.0 }
        steps = [{ link = "way" }]
        [routes.only]
        steps = [{ service = "slow" }]
    """)

    rows = plan.services.departures

    assert rows.service[:6].tolist() == [0, 1, 2, 1, 2, 0]
    assert (np.diff(rows.at_ms) >= 0).all()
    assert rows.ordinal[rows.service == 1][:3].tolist() == [0, 1, 2]


def one_by_one(timetable: Timetable, span, opens_ms: int) -> list[tuple[int, float]]:
    """Departures of a daily timetable and their slowness, slot after slot."""
    rows, run_in_until = [], opens_ms + round(OPENING.running_in_days * DAY)
    share = OPENING.running_in_train_share
    for day in range(span.begin_ms // DAY - 8, span.stop_ms // DAY + 1):
        year, age = date_of_ms(day * DAY).year, (day * DAY - opens_ms) / (365.25 * DAY)
        rate = max(
            last_step(timetable.per_day, year),
            last_step(timetable.per_day_since_opening, age),
        )
        first, end = math.floor(day * rate), math.floor((day + 1) * rate)
        for n in range(first, end):
            hour = timetable.first_h + timetable.span_h * (n - first) / (end - first)
            at_ms = day * DAY + round(hour * HOUR)
            is_early = at_ms < run_in_until
            is_kept = math.floor((n + 1) * share) > math.floor(n * share)
            is_inside = max(opens_ms, span.begin_ms) <= at_ms < span.stop_ms
            if is_inside and (is_kept or not is_early):
                rows.append((at_ms, 1 / 0.8 if is_early else 1.0))
    return rows


def last_step(steps: dict[str, float], at: float) -> float:
    """The value of the last step that is reached; 0 before the first."""
    reached = [key for key in steps if int(key) <= at]
    return steps[max(reached, key=int)] if reached else 0.0


RATES = st.floats(0.0, 40.0)


@given(
    timetable=st.builds(
        Timetable,
        per_day=st.dictionaries(
            st.sampled_from(["2000", "2027", "2028"]), RATES, min_size=1
        ),
        per_day_since_opening=st.dictionaries(st.sampled_from(["0", "1", "2"]), RATES),
        first_h=st.floats(0.0, 30.0),
        span_h=st.floats(0.1, 24.0),
    ),
    opens_year=st.floats(2024.0, 2030.0),
)
@settings(max_examples=40)
def test_slots_of_all_days_are_those_of_each_day(timetable, opens_year):
    span = span_of(2027, warmup_days=10.5, drain_days=3.0)
    opens_ms = ms_of_year(opens_year)

    rows = departures(
        timetable, span, is_back=False, opens_ms=opens_ms, opening=OPENING
    )

    found = zip(rows.at_ms.tolist(), rows.slowness.tolist(), strict=True)
    assert list(found) == one_by_one(timetable, span, opens_ms)
