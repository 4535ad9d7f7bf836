"""The rules of `departure` and of the fleets that carry it, worked out by hand.

docs/decisions/0002-the-six-words-in-detail.md is the contract.
"""

from railsim.engine.log import Cause, Event
from tests.engine.networks import HOUR, plan_of, run_plan, shortened, with_lots

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


def board(engine, rules: str, arrivals_h, teu, text: str = TRAIN):
    """Lot -> hour at which it leaves with a train of 10 TEU at 10, 20 or 30 h."""
    plan = shortened(plan_of(text.replace("RULES", rules)), 3)
    draws = with_lots(plan, [round(h * HOUR) for h in arrivals_h], teu=teu)
    return run_plan(engine, plan, draws)


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
