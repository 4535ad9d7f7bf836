"""The rules of the six words, each by a small case worked out by hand.

docs/decisions/0002-the-six-words-in-detail.md is the contract.
"""

import pytest

from railsim.engine.log import Cause, Event
from tests.engine.networks import HOUR, plan_of, run, run_plan, shortened, with_lots

TRAIN = """
    [links.way]
    time = { dist = "deterministic", value_h = 1.0 }
    [services.train]
    steps = [{ link = "way" }]
    timetable.listed_h = [10.0, 20.0, 30.0]
    RULES
    [routes.only]
    steps = [{ service = "train" }]
"""


def serve(engine, station: str, arrivals_h, times_h, **lots):
    """Lots that come at these hours for these times to a desk as described."""
    plan = shortened(plan_of(f"[stations.desk]\n{station}"), 10)
    arrivals = [round(h * HOUR) for h in arrivals_h]
    times = [[round(h * HOUR)] for h in times_h]
    return run_plan(engine, plan, with_lots(plan, arrivals, times_ms=times, **lots))


def board(engine, rules: str, arrivals_h, teu, text: str = TRAIN):
    """Lot -> hour at which it leaves with a train of 10 TEU at 10, 20 or 30 h."""
    plan = shortened(plan_of(text.replace("RULES", rules)), 3)
    draws = with_lots(plan, [round(h * HOUR) for h in arrivals_h], teu=teu)
    return run_plan(engine, plan, draws)


# -- station --------------------------------------------------------------------------


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


# -- departure ------------------------------------------------------------------------


def test_a_lot_ready_at_the_cut_off_still_boards(engine):
    result = board(engine, "cutoff_h = 3.0", [7.0, 7.001], [1, 1])

    assert result.departure_h("services.train") == {0: 10.0, 1: 20.0}


def test_lots_go_on_when_their_train_arrives(engine):
    result = board(engine, "", [5.0, 6.0], [1, 1])

    assert result.at_h(Event.DELIVERED) == {0: 11.0, 1: 11.0}


def test_a_lot_that_does_not_fit_bars_those_behind_it(engine):
    result = board(engine, "", [1.0, 2.0, 3.0], [8, 5, 2])

    assert result.departure_h("services.train") == {0: 10.0, 1: 20.0, 2: 20.0}


def test_where_overtaking_is_allowed_a_small_lot_goes_ahead(engine):
    result = board(engine, "is_overtaking = true", [1.0, 2.0, 3.0], [8, 5, 2])

    assert result.departure_h("services.train") == {0: 10.0, 1: 20.0, 2: 10.0}


def test_a_split_lot_leaves_with_the_train_of_its_last_part(engine):
    result = board(engine, "is_splittable = true", [1.0, 2.0, 3.0], [8, 15, 2])

    assert result.departure_h("services.train") == {0: 10.0, 1: 30.0, 2: 30.0}
    assert result.log.amount[result.rows(Event.PART)].tolist() == [2, 10]
    assert result.log.amount[result.rows(Event.DEPART)].tolist() == [10, 10, 5]


def test_tonnes_bind_where_slots_are_left(engine):
    result = board(engine, "capacity_t = 50.0", [1.0, 2.0], [5, 1])

    assert result.departure_h("services.train") == {0: 10.0, 1: 20.0}


def test_bulk_takes_no_slots(engine):
    text = TRAIN + '[flows.jobs]\nform = "bulk"\n'

    result = board(engine, "capacity_teu = 0", [1.0, 2.0], [7, 70], text)

    assert result.departure_h("services.train") == {0: 10.0, 1: 10.0}


def test_a_train_with_too_little_on_it_is_cancelled_but_not_for_ever(engine):
    rules = "min_load_share = 0.5\nmax_cancel = 1"

    result = board(engine, rules, [1.0], [4])

    assert result.departure_h("services.train") == {0: 20.0}
    assert result.log.value[result.rows(Event.CANCELLED)].tolist() == [
        Cause.LOW_LOAD,
        Cause.LOW_LOAD,
    ]


def test_the_fuller_of_slots_and_tonnes_counts_against_the_least_load(engine):
    rules = "min_load_share = 0.5\nmax_cancel = 9\ncapacity_t = 60.0"

    result = board(engine, rules, [1.0], [3])

    assert result.departure_h("services.train") == {0: 10.0}


def test_a_train_whose_service_is_closed_is_cancelled_and_its_lots_wait(engine):
    text = (
        TRAIN
        + """
        [disruptions.strike]
        name = "strike"
        events_per_year = 0.0
        month_weights = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
        common_share = 0.0
        listed = { "2026-01-01" = "any" }
        [disruptions.strike.severities.any]
        share = 1.0
        [disruptions.strike.severities.any.outages.all]
        resources = ["services.train"]
        low_h = 15.0
        mode_h = 15.0
        high_h = 15.0
        capacity_factor = 0.0
    """.replace("1, ", "1.0, ").replace(" 1]", " 1.0]")
    )

    result = board(engine, "", [1.0], [1], text)

    assert result.departure_h("services.train") == {0: 20.0}
    assert result.log.value[result.rows(Event.CANCELLED)].tolist() == [Cause.CLOSED]


# -- fleet ----------------------------------------------------------------------------

RAKES = (
    TRAIN.replace(
        "steps = [{ link",
        """max_hold_h = HOLD
    steps = [{ take = "rake", at = "here" }, { link""",
        1,
    ).replace(
        '"way" }]',
        '"way" }, { give = "rake", at = "BACK", time = TIME }]',
        1,
    )
    + "\n[fleets]\nrake.tokens = { here = 1, there = 0 }\n"
)
SOON = '{ dist = "deterministic", value_h = 12.0 }'


def rakes(engine, hold_h: float, back: str):
    """Trains at 10, 20 and 30 h with one rake, back 12 h after the run of an hour."""
    text = (
        RAKES.replace("HOLD", str(hold_h)).replace("BACK", back).replace("TIME", SOON)
    )
    return board(engine, "", [1.0, 11.0], [1, 1], text)


def test_a_train_waits_for_its_rake_and_takes_the_lots_of_its_hour(engine):
    result = rakes(engine, 6.0, "here")

    assert result.at_h(Event.DEPART, "services.train") == {2: 10.0, 3: 23.0, 4: 36.0}
    assert result.departure_h("services.train") == {0: 10.0, 1: 23.0}


def test_a_train_without_a_rake_in_time_is_cancelled_for_that_reason(engine):
    result = rakes(engine, 2.0, "here")

    assert result.at_h(Event.CANCELLED, "services.train") == {3: 22.0}
    assert result.log.value[result.rows(Event.CANCELLED)].tolist() == [Cause.NO_TOKEN]
    assert result.departure_h("services.train") == {0: 10.0, 1: 30.0}


def test_a_rake_given_back_elsewhere_is_missing_here(engine):
    result = rakes(engine, 1.0, "there")

    assert result.log.count(Event.DEPART) == 1


def test_a_lot_takes_as_many_tokens_as_it_has_boxes(engine):
    text = """
        fleets.box = { per = "box", tokens.here = 5 }
        links.way.time = { dist = "deterministic", value_h = 1.0 }
        [routes.only]
        steps = [
            { take = "box", at = "here" },
            { link = "way" },
            { give = "box", at = "here" },
        ]
    """
    plan = shortened(plan_of(text), 2)
    draws = with_lots(plan, [0, 1, 2], teu=[3, 3, 2], times_ms=[[HOUR]] * 3)

    result = run_plan(engine, plan, draws)

    # The second needs three and waits; the third would fit but does not overtake.
    started = result.at_h(Event.START, "links.way")
    assert [round(h, 3) for h in started.values()] == [0.0, 1.0, 1.0]


def test_who_holds_no_token_gives_none(engine):
    text = """
        fleets.box = { per = "lot", tokens.here = 2 }
        stations.desk.servers = 1
        [routes.only]
        steps = [{ station = "desk" }, { give = "box", at = "here" }]
    """
    plan = shortened(plan_of(text), 2)

    result = run_plan(engine, plan, with_lots(plan, [0, 1], times_ms=[[5]] * 2))

    assert result.log.count(Event.GIVE) == 0


def test_a_token_that_is_never_given_back_returns_where_it_was_taken(engine):
    text = """
        fleets.truck = { per = "lot", tokens.here = 1 }
        stations.desk.servers = 9
        [routes.only]
        steps = [{ take = "truck", at = "here" }, { station = "desk" }]
    """
    plan = shortened(plan_of(text), 2)

    result = run_plan(engine, plan, with_lots(plan, [0, 0], times_ms=[[HOUR]] * 2))

    assert result.at_h(Event.DELIVERED) == {0: 1.0, 1: 2.0}


# -- travel, direction, chance of a visit ---------------------------------------------


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
