"""Trains on random single lines: they never lock each other up, and never collide.

Specification, DD-06: 3,000 random lines and timetables ran without deadlock under the
direction cap; the quick suite runs a share of them.
"""

import numpy as np
import pytest

from railsim.engine.log import Event
from tests.engine.ledger import audit
from tests.engine.networks import (
    HOUR,
    Run,
    plan_of,
    run,
    run_plan,
    shortened,
    with_trains,
)


def random_line(seed: int) -> tuple[str, list[tuple[int, int]]]:
    """A line of 3 to 12 stations, loops of 2 or 3 tracks, and 4 to 60 trains on it.

    Trains run either way over the whole line or over a part of it.
    """
    rng = np.random.default_rng(seed)
    last = int(rng.integers(2, 12))
    ways = [sorted(rng.choice(last + 1, 2, replace=False).tolist()) for _ in range(3)]
    stations = ", ".join(f"s{k} = {k}" for k in range(last + 1))
    places = "\n".join(
        f'[places.s{k}]\nname = "s{k}"\ncountry = "VN"\nlatitude = 0.0\nlongitude = 0.0'
        for k in range(last + 1)
    )
    services = "".join(
        f"""
        [services.way{i}]
        is_both_ways = true
        priority = {int(rng.integers(-1, 2))}
        timetable.listed_h = [0.0]
        steps = [{{ line = "line", origin = "s{first}", destination = "s{end}" }}]
        """
        for i, (first, end) in enumerate([[0, last], *ways])
    )
    text = f"""
        {places}
        [lines.line]
        stations = {{ {stations} }}
        section_km = {rng.integers(5, 40, last).astype(float).tolist()}
        loop_tracks = {rng.integers(2, 4, last - 1).tolist()}
        clear_h = {float(rng.choice([0.0, 0.05]))}
        {services}
        [routes.only]
        steps = [{{ service = "way0" }}]
    """
    hours = int(rng.choice([1, 6, 24]))
    trains = [
        (int(rng.integers(0, 12 * hours)) * 300_000, int(rng.integers(0, 8)))
        for _ in range(int(rng.integers(4, 61)))
    ]
    return text, trains


def random_run(engine, seed: int) -> Run:
    """All trains of a random line, with time enough to arrive."""
    text, trains = random_line(seed)
    plan, draws = with_trains(shortened(plan_of(text), 20), trains)
    return run_plan(engine, plan, draws)


def complaints(engine, seeds) -> dict[int, list[str]]:
    """What is wrong with the runs of these seeds."""
    found = {}
    for seed in seeds:
        result = random_run(engine, seed)
        arrived = result.log.count(Event.ARRIVE)
        late = [] if arrived == len(random_line(seed)[1]) else [f"{arrived} arrived"]
        found[seed] = late + audit(result)
    return {seed: wrong for seed, wrong in found.items() if wrong}


def test_every_train_arrives_on_a_hundred_and_fifty_lines(engine):
    assert complaints(engine, range(150)) == {}


@pytest.mark.slow
def test_every_train_arrives_on_three_thousand_lines(engine):
    assert complaints(engine, range(1000, 4000)) == {}


LINE = """
    [lines.line]
    stations = { here = 0, there = 2 }
    section_km = [50.0, 50.0]
    loop_tracks = [2]
    tracks = TRACKS
    clear_h = 0.1
    stop_loss_h = 0.25
    [services.train]
    is_both_ways = true
    timetable.listed_h = [0.0]
    steps = [{ line = "line", origin = "here", destination = "there" }]
    [routes.only]
    steps = [{ service = "train" }]
"""


def arrivals_h(engine, tracks: int, trains: list[tuple[float, int]]) -> list[float]:
    """When trains that leave at these hours arrive; half an hour a section."""
    plan = shortened(plan_of(LINE.replace("TRACKS", str(tracks))), 3)
    plan, draws = with_trains(plan, [(round(h * HOUR), way) for h, way in trains])
    result = run_plan(engine, plan, draws)
    return list(result.at_h(Event.ARRIVE).values())


def test_a_train_that_waited_in_a_loop_starts_with_a_loss(engine):
    alone = arrivals_h(engine, 1, [(0.0, 0)])
    meeting = arrivals_h(engine, 1, [(0.0, 0), (0.2, 1)])

    # The second holds the far section until 0.7 and clears it at 0.8; the first, there
    # at 0.5, starts at 0.8 with a loss of 0.25. The second finds the near one cleared
    # at 0.6, arrives at 1.2 at once.
    assert alone == [1.0]
    assert sorted(meeting) == pytest.approx([1.2, 0.8 + 0.25 + 0.5])


def test_on_double_track_trains_do_not_meet(engine):
    both = arrivals_h(engine, 2, [(0.0, 0), (0.2, 1)])

    assert sorted(both) == pytest.approx([1.0, 1.2])


def test_a_follower_waits_until_the_section_is_cleared(engine):
    arrived = arrivals_h(engine, 1, [(0.0, 0), (0.1, 0)])

    assert sorted(arrived) == pytest.approx([1.0, 1.6])


def test_a_closed_line_lets_trains_finish_their_section_only(engine):
    text = (
        LINE.replace("TRACKS", "1")
        + """
        [calendars.day]
        utc_offset_h = 7.0
        windows_h = [[0.0, 0.25], [2.0, 24.0]]
    """
    )
    text = text.replace("clear_h", 'calendar = "day"\nclear_h').replace("true", "false")

    result = run(engine, text)

    entered = result.log.at_ms[result.rows(Event.ENTER)] / HOUR
    assert entered.tolist() == [0.0, 2.0]
