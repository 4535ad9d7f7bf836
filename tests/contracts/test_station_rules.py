"""The rules of `station`, each by a small case worked out by hand.

docs/decisions/0002-the-six-words-in-detail.md is the contract.
"""

import pytest

from railsim.engine.log import Event
from tests.engine.networks import HOUR, plan_of, run, run_plan, shortened, with_lots


def serve(engine, station: str, arrivals_h, times_h, **lots):
    """Lots that come at these hours for these times to a desk as described."""
    plan = shortened(plan_of(f"[stations.desk]\n{station}"), 10)
    arrivals = [round(h * HOUR) for h in arrivals_h]
    times = [[round(h * HOUR)] for h in times_h]
    return run_plan(engine, plan, with_lots(plan, arrivals, times_ms=times, **lots))


def test_a_lot_that_comes_when_a_server_frees_waits_for_nothing(engine):
    result = serve(engine, "servers = 1", [1.0, 2.0], [1.0, 1.0])

    assert result.waits_h("stations.desk").tolist() == [0.0, 0.0]


def test_lots_of_one_instant_are_served_in_the_order_of_their_numbers(engine):
    result = serve(engine, "servers = 1", [1.0, 1.0, 1.0], [2.0, 2.0, 2.0])

    assert result.waits_h("stations.desk").tolist() == [0.0, 2.0, 4.0]


def test_zero_times_are_no_trouble(engine):
    result = serve(engine, "servers = 1", [1.0] * 5, [0.0] * 5)

    assert result.waits_h("stations.desk").tolist() == [0.0] * 5


def test_of_two_lots_for_one_place_in_the_room_the_first_stays(engine):
    result = serve(engine, "servers = 1\nroom = 1", [1.0, 2.0, 2.0], [5.0] * 3)

    assert result.log.unit[result.rows(Event.LOST)].tolist() == [2]


def test_a_place_that_is_freed_at_the_same_instant_can_be_taken(engine):
    result = serve(engine, "servers = 1\nroom = 0", [1.0, 3.0, 3.5], [2.0] * 3)

    assert result.log.unit[result.rows(Event.LOST)].tolist() == [2]


def test_a_full_room_turns_away_the_urgent_newcomer_too(engine):
    text = """
        commodities.urgent.priority = -5
        stations.desk = { servers = 1, room = 1 }
        flows = { slow = {}, fast = { commodity = "urgent" } }
    """
    plan = shortened(plan_of(text), 2)
    draws = with_lots(
        plan, [0, HOUR, 2 * HOUR], times_ms=[[9 * HOUR]] * 3, flow=[0, 0, 1]
    )

    result = run_plan(engine, plan, draws)

    assert result.log.unit[result.rows(Event.LOST)].tolist() == [2]


DAY_DESK = """
    servers = 1
    calendar = "day"
    close_rule = "RULE"
    [calendars.day]
    utc_offset_h = 7.0
    windows_h = [[7.0, 19.0]]
"""


@pytest.mark.parametrize(
    ("rule", "start_h"), [("finish_started", 18.5), ("must_finish", 31.0)]
)
def test_a_service_longer_than_the_day_is_left(engine, rule, start_h):
    result = serve(engine, DAY_DESK.replace("RULE", rule), [18.5], [1.0])

    assert result.at_h(Event.START, "stations.desk") == {0: start_h}


def test_who_does_not_finish_in_time_is_not_overtaken_by_who_would(engine):
    rule = DAY_DESK.replace("RULE", "must_finish")

    result = serve(engine, rule, [18.0, 18.1], [2.0, 0.5])

    assert result.at_h(Event.START, "stations.desk") == {0: 31.0, 1: 33.0}


def test_time_counts_once_for_every_unit_of_the_lot(engine):
    text = """
        [stations.desk]
        per = "teu"
        time = { dist = "deterministic", value_h = 0.5 }
        [lot_sizes.one]
        teu = [4]
        probability = [1.0]
        [flows.jobs]
        arrivals = { kind = "listed", at_h = [1.0] }
    """

    result = run(engine, text)

    assert result.at_h(Event.END, "stations.desk") == {0: 3.0}
