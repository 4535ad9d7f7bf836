"""A diary adds up to what the meter says of the year, and its trains keep apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.corridor.tables import Plan, Word
from railsim.engine import compiled
from railsim.engine.diary import Days, Diary
from railsim.engine.draws import draw
from railsim.engine.log import BOARD, START, WAIT, EventLog
from railsim.engine.measuring.meter import measure
from railsim.units import MS_PER_DAY, MS_PER_HOUR
from tests.engine.networks import plan_of, shortened
from tests.engine.random_worlds import GENERATE, worlds
from tests.engine.test_meter import BUSY, cut, watched


def kept(plan: Plan, log: EventLog, places: list[int], day: int | None = None) -> Diary:
    """The diary of all stations and departures of a plan."""
    asked = np.isin(plan.resources.word, (Word.STATION, Word.DEPARTURE))
    day_ms = None if day is None else plan.span.measure_ms + day * MS_PER_DAY
    diary = Diary(plan, np.flatnonzero(asked), day_ms)
    for page in cut(log, places):
        diary.read(page)
    return diary


def queues_by_hand(plan: Plan, log: EventLog, days: Days) -> list[list[float]]:
    """Mean queues, a wait at a time."""
    span, hours = plan.span, np.zeros_like(days.queue_mean)
    row = {r: i for i, r in enumerate(days.resource.tolist())}
    since: dict[tuple[int, int], int] = {}
    columns = (log.at_ms, log.event, log.unit, log.resource)
    for at, event, unit, r in zip(*(c.tolist() for c in columns), strict=True):
        if r in row and event == WAIT:
            since.setdefault((unit, r), at)
        elif r in row and event in (START, BOARD) and (unit, r) in since:
            begin = since.pop((unit, r))
            for d in range(hours.shape[1]):
                first = span.measure_ms + d * MS_PER_DAY
                spent = min(at, first + MS_PER_DAY) - max(begin, first)
                hours[row[r], d] += max(spent, 0) / MS_PER_DAY
    return hours.tolist()


def year_of(text: str, seed: int) -> tuple[Plan, EventLog]:
    plan = watched(shortened(plan_of(text), 12), 3.0)
    return plan, compiled.simulate(plan, draw(plan, seed, 0))


@settings(max_examples=40, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000), st.lists(st.integers(0, 3_000), max_size=3))
def test_the_days_of_random_worlds_add_up_to_the_year(text, seed, places):
    plan, log = year_of(text, seed)

    days = kept(plan, log, places).days()

    year = measure(plan, draw(plan, seed, 0), log).resources
    assert days.units.sum(axis=1).tolist() == year.units[days.resource].tolist()
    assert days.queue_mean.mean(axis=1) == pytest.approx(
        year.queue_mean[days.resource], abs=1e-9
    )
    assert np.all(days.queue_max.max(axis=1) >= year.queue_max[days.resource])


@settings(max_examples=40, phases=GENERATE)
@given(worlds(), st.integers(0, 10_000))
def test_the_queue_of_each_day_is_as_counted_by_hand(text, seed):
    plan, log = year_of(text, seed)

    days = kept(plan, log, []).days()

    by_hand = queues_by_hand(plan, log, days)
    assert days.queue_mean == pytest.approx(np.array(by_hand), abs=1e-9)
    assert np.all(days.queue_max >= days.queue_mean - 1e-9)


def test_the_use_of_the_days_adds_up_to_that_of_the_year():
    plan = watched(shortened(plan_of(BUSY), 40), 5.0)
    draws = draw(plan, 3, 0)
    log = compiled.simulate(plan, draws)

    days = kept(plan, log, []).days()

    year = measure(plan, draws, log).resources
    is_always_open = np.isfinite(days.utilisation).all(axis=1)
    open_all_day = is_always_open & (year.open_h[days.resource] % 24.0 == 0.0)
    assert open_all_day.any()
    assert days.utilisation[open_all_day].mean(axis=1) == pytest.approx(
        year.utilisation[days.resource[open_all_day]], abs=1e-9
    )
    assert np.nanmax(days.utilisation) <= 1.0 + 1e-9


def test_trains_of_a_day_run_station_by_station_and_never_share_a_single_track():
    plan = watched(shortened(plan_of(BUSY), 40), 5.0)
    log = compiled.simulate(plan, draw(plan, 3, 0))

    trains = kept(plan, log, [1_000], day=4).trains()

    assert trains is not None
    hours = (trains.at_ms - trains.begin_ms) / MS_PER_HOUR
    assert len(hours) > 40
    assert 0.0 <= hours.min() <= hours.max() < 24.0
    stays = _passages(trains)
    assert stays
    for one, other in itertools.combinations(stays, 2):
        is_facing = one[:2] == other[:2] and one[2] != other[2]
        if is_facing and plan.lines.track_count[one[0]] == 1:
            assert one[4] <= other[3] or other[4] <= one[3]


def _passages(trains):
    """Line, section, direction, instants of entering and leaving."""
    left, stays = {}, []
    columns = ("vehicle", "line", "station", "at_ms", "is_departure", "is_up")
    rows = zip(*(getattr(trains, c).tolist() for c in columns), strict=True)
    for vehicle, line, station, at, is_departure, is_up in rows:
        if is_departure:
            left[vehicle, line] = station, at
        elif (vehicle, line) in left:
            before, since = left.pop((vehicle, line))
            assert station - before == (1 if is_up else -1)
            stays.append((line, min(before, station), is_up, since, at))
    return stays
