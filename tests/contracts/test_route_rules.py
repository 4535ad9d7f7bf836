"""The rules of `travel`, of directions and of the chance of a visit, by hand.

docs/decisions/0002-the-six-words-in-detail.md is the contract.
"""

import pytest

from railsim.engine.log import Event
from tests.engine.networks import HOUR, run


def test_who_waits_before_a_closed_link_enters_with_the_others_when_it_opens(engine):
    text = """
        links.way.time = { dist = "deterministic", value_h = 1.0 }
        [routes.only]
        steps = [{ link = "way" }]
        [flows.jobs]
        arrivals = { kind = "listed", at_h = [1.0, 2.0, 6.0, 7.0] }
        [disruptions.flood]
        name = "flood"
        events_per_year = 0.0
        month_weights = MONTHS
        common_share = 0.0
        listed = { "2026-01-01" = "any" }
        [disruptions.flood.severities.any]
        share = 1.0
        [disruptions.flood.severities.any.outages.all]
        resources = ["links.way"]
        low_h = 6.0
        mode_h = 6.0
        high_h = 6.0
        capacity_factor = 0.0
    """.replace("MONTHS", str([1.0] * 12))

    result = run(engine, text)

    assert result.at_h(Event.START) == {0: 6.0, 1: 6.0, 2: 6.0, 3: 7.0}


BOTH_WAYS = """
    links.way.time = { dist = "deterministic", value_h = 1.0 }
    stations.a.time = { dist = "deterministic", value_h = 1.0 }
    stations.b.time = { dist = "deterministic", value_h = 1.0 }
    [routes.only]
    steps = [
        { station = "a" },
        { link = "way" },
        { station = "b", only = "south" },
        { take = "truck", at = "there" },
        { give = "truck", at = "here" },
    ]
    [fleets]
    truck = { per = "lot", tokens = { here = 1, there = 1 } }
    [flows.jobs]
    direction = "DIRECTION"
    arrivals = { kind = "listed", at_h = [0.0] }
"""


def test_a_northward_lot_walks_the_steps_backwards(engine):
    south = run(engine, BOTH_WAYS.replace("DIRECTION", "south"))
    north = run(engine, BOTH_WAYS.replace("DIRECTION", "north"))

    assert [row[3] for row in south.story() if row[1] == Event.START] == [
        "stations.a",
        "links.way",
        "stations.b",
    ]
    assert [row[3] for row in north.story() if row[1] == Event.START] == [
        "links.way",
        "stations.a",
    ]


@pytest.mark.parametrize(
    ("direction", "taken", "given"),
    [
        ("south", "fleets.truck@there", "fleets.truck@here"),
        ("north", "fleets.truck@here", "fleets.truck@there"),
    ],
)
def test_take_and_give_change_places_on_the_way_back(engine, direction, taken, given):
    result = run(engine, BOTH_WAYS.replace("DIRECTION", direction))

    moves = [(row[1], row[3]) for row in result.story() if row[1] in (8, 9)]
    assert moves == [(Event.TAKE, taken), (Event.GIVE, given)]


def test_steps_that_share_a_draw_divide_the_lots_among_them(engine):
    text = """
        stations = { green = { servers = 99 }, yellow = { servers = 99 } }
        [routes.only]
        steps = [
            { station = "green", draw = "lane", share = 0.7 },
            { station = "yellow", draw = "lane", share = 0.2 },
        ]
        [flows.jobs]
        arrivals = { kind = "scheduled", every_h = 1.0 }
    """

    result = run(engine, text)

    green = set(result.at_h(Event.START, "stations.green"))
    yellow = set(result.at_h(Event.START, "stations.yellow"))
    assert green & yellow == set()
    assert len(green) / 8760 == pytest.approx(0.7, abs=0.015)
    assert len(yellow) / 8760 == pytest.approx(0.2, abs=0.015)


def test_a_lot_that_is_red_on_one_route_is_red_on_the_other(engine):
    text = """
        stations = { gate = { servers = 99 }, port = { servers = 99 } }
        routes.a.steps = [{ station = "gate", draw = "red", share = 0.3 }]
        routes.b.steps = [{ station = "port", draw = "red", share = 0.3 }]
        [flows.jobs]
        arrivals = { kind = "scheduled", every_h = 1.0 }
        base_share = { a = SHARE, b = REST }
    """

    all_a = run(engine, text.replace("SHARE", "1.0").replace("REST", "0.0"))
    all_b = run(engine, text.replace("SHARE", "0.0").replace("REST", "1.0"))

    red = set(all_a.at_h(Event.START, "stations.gate"))
    assert red == set(all_b.at_h(Event.START, "stations.port"))
    assert len(red) / 8760 == pytest.approx(0.3, abs=0.015)


def test_two_routes_may_spend_different_times_at_one_station(engine):
    text = """
        stations.desk.servers = 99
        [[routes.a.steps]]
        station = "desk"
        time = { dist = "deterministic", value_h = 1.0 }
        [[routes.b.steps]]
        station = "desk"
        time = { dist = "deterministic", value_h = 2.0 }
        [flows.jobs]
        arrivals = { kind = "scheduled", every_h = 24.0 }
    """

    result = run(engine, text)

    spent = result.spans_ms(Event.START, Event.END, "stations.desk")
    assert set(spent.tolist()) == {HOUR, 2 * HOUR}


@pytest.mark.parametrize(("rule", "served"), [("regime", 31), ("unless_regime", 334)])
def test_a_step_under_a_regime_is_visited_while_it_rules(engine, rule, served):
    text = f"""
        stations.laboratory.servers = 9
        [[routes.only.steps]]
        station = "laboratory"
        {rule} = "strict"
        [regimes.strict]
        name = "strict"
        entry_per_month = 0.0
        mean_months = 6.0
        capacity_factor = 1.0
        listed = {{ "2026-03" = 1.0191780821917809 }}
        [flows.jobs]
        arrivals = {{ kind = "scheduled", every_h = 24.0 }}
    """

    result = run(engine, text)

    assert len(result.at_h(Event.START, "stations.laboratory")) == served
