"""Who turns elsewhere: stranded lots at once, the others by what they hear."""

import numpy as np
import pytest

from railsim.corridor.choosing.memory import Memory
from railsim.engine.draws import draw
from railsim.engine.log import Event
from tests.engine.networks import DAY, ENGINES, Run, plan_of, run_plan, shortened

FLOOD = """
    [disruptions.flood]
    name = "flood"
    events_per_year = 0.0
    month_weights = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    common_share = 0.0
    listed = { "2026-BEGIN" = "any" }
    [disruptions.flood.severities.any]
    share = 1.0
    [disruptions.flood.severities.any.outages.all]
    resources = ["CLOSED"]
    low_h = LASTS
    mode_h = LASTS
    high_h = LASTS
    capacity_factor = 0.0
"""
TWO_WAYS = """
    [links]
    rail = { time = { dist = "deterministic", value_h = 10.0 } }
    road = { time = { dist = "deterministic", value_h = 12.0 } }
    [stations.gate]
    servers = 99
    [routes]
    rail = { mode = "rail", steps = [{ station = "gate" }, { link = "rail" }] }
    road = { steps = [{ station = "gate" }, { link = "road" }] }
"""


def flood(closed: str, begins: str, lasts_h: float) -> str:
    """A closure of one resource from a day on."""
    text = FLOOD.replace("CLOSED", closed).replace("BEGIN", begins)
    return text.replace("LASTS", str(lasts_h))


# -- stranded lots: one before the flood, three during it -----------------------------

STRANDED = """
    [choice]
    stranded_h = 48.0
    stranded_share = SHARE
    [flows.jobs]
    arrivals = { kind = "listed", at_h = [1.0, 30.0, 50.0, 90.0] }
    base_share = { rail = 1.0, road = 0.0 }
"""


def stranded(engine, share: float, closed: str = "links.rail") -> Run:
    """Lots that all take the rail, which is closed from 2 to 12 January."""
    text = TWO_WAYS + STRANDED.replace("SHARE", str(share))
    plan = shortened(plan_of(text + flood(closed, "01-02", 240.0)), 20)
    return run_plan(engine, plan, draw(plan, 1, 0))


def test_lots_that_wait_two_days_change_at_the_next_midnight(engine):
    result = stranded(engine, 1.0)

    # Waiting since 30, 50 and 90 h, they are beyond 48 h at 96, 120 and 144 h.
    assert result.at_h(Event.REROUTED) == {1: 96.0, 2: 120.0, 3: 144.0}
    assert result.at_h(Event.DELIVERED) == {0: 11.0, 1: 108.0, 2: 132.0, 3: 156.0}


def test_who_changes_enters_the_other_route_where_it_stands(engine):
    result = stranded(engine, 1.0)

    walked = [row[3] for row in result.story() if row[1:3] == (Event.START, 1)]
    assert walked == ["stations.gate", "links.road"] or walked == [
        "stations.gate",
        "stations.gate",
        "links.road",
    ]


def test_without_a_will_to_change_all_wait_for_the_opening(engine):
    result = stranded(engine, 0.0)

    assert result.log.count(Event.REROUTED) == 0
    assert result.at_h(Event.START, "links.rail") == {
        0: 1.0,
        1: 264.0,
        2: 264.0,
        3: 264.0,
    }


def test_a_lot_changes_by_its_own_number_and_only_once(engine):
    result = stranded(engine, 0.5, closed="stations.gate")

    turned = result.log.unit[result.rows(Event.REROUTED)].tolist()
    willing = np.flatnonzero(result.draws.lots.stranded < 0.5).tolist()
    assert turned == [lot for lot in willing if lot > 0]


# -- learning -------------------------------------------------------------------------

LEARNING = """
    [commodities.goods]
    theta_per_usd = 0.01
    inventory_rate = 0.2
    value_usd_per_t = 4000.0
    contract_share = CONTRACT
    [flows.jobs]
    arrivals = { kind = "scheduled", every_h = 0.5 }
"""
TASTE = Memory(asc={("jobs", "rail"): 0.0, ("jobs", "road"): 0.0})


def learning(engine, contract_share: float) -> np.ndarray:
    """Share of the rail among the lots of each day; closed for twelve days in March."""
    text = TWO_WAYS + LEARNING.replace("CONTRACT", str(contract_share))
    plan = plan_of(text + flood("links.rail", "03-01", 288.0), memory=TASTE)
    plan = shortened(plan, 250)
    result = run_plan(engine, plan, draw(plan, 1, 0))
    rows = result.rows(Event.CHOSE)
    day = result.log.at_ms[rows] // DAY
    is_rail = result.log.value[rows] == 0
    return np.bincount(day, is_rail) / np.bincount(day)


@pytest.fixture(scope="module", name="free")
def shares_of_free_shippers():
    """The shares under every engine, once for several claims."""
    return {name: learning(engine, 0.0) for name, engine in ENGINES.items()}


def test_shares_are_steady_while_nothing_happens(free):
    for share in free.values():
        assert abs(share[40:59].mean() - share[20:40].mean()) < 0.05


def test_shippers_leave_a_closed_route_and_come_back_slowly(free):
    for share in free.values():
        before, closed = share[30:59].mean(), share[64:71].mean()
        soon, late = share[73:80].mean(), share[200:250].mean()

        assert closed < before - 0.2
        assert soon < before - 0.1
        assert abs(late - before) < 0.05


def test_contract_lots_do_not_change_their_route(engine):
    share = learning(engine, 1.0)

    assert abs(share[64:71].mean() - share[30:59].mean()) < 0.1


NEW_ROUTE = """
    [links]
    old = { time = { dist = "deterministic", value_h = 10.0 } }
    new = { time = { dist = "deterministic", value_h = 10.0 } }
    [openings.line]
    name = "line"
    is_built = true
    opens_year = 2026.5
    running_in_days = 0.0
    running_in_speed_factor = 1.0
    running_in_train_share = 1.0
    ramp_up_years = 0.25
    cost_constant = 0.0
    [routes]
    old = { steps = [{ link = "old" }] UNTIL }
    new = { steps = [{ link = "new" }], opening = "line" }
    [commodities.goods]
    contract_share = CONTRACT
    [flows.jobs]
    arrivals = { kind = "scheduled", every_h = 0.5 }
"""


def share_of_new(engine, until: str = "", contract_share: float = 0.0) -> np.ndarray:
    """Share of the new route by day; it opens in the middle of the year."""
    text = NEW_ROUTE.replace("UNTIL", until).replace("CONTRACT", str(contract_share))
    plan = plan_of(text)
    result = run_plan(engine, plan, draw(plan, 1, 0))
    rows = result.rows(Event.CHOSE)
    day = result.log.at_ms[rows] // DAY
    return np.bincount(day, result.log.value[rows] == 1) / np.bincount(day)


def test_a_new_route_wins_its_shippers_gradually(engine):
    share = share_of_new(engine)

    # 1 - exp(-t / 0.25 y) of the shippers consider it, half of them take it.
    expected = 0.5 * (1.0 - np.exp(-(92.0 + np.arange(-10, 11)) / 91.25)).mean()
    assert share[:182].max() == 0.0
    assert abs(share[274 - 10 : 274 + 11].mean() - expected) < 0.05


@pytest.mark.parametrize("contract_share", [0.0, 1.0])
def test_where_the_old_route_ends_all_take_the_new_one(engine, contract_share):
    share = share_of_new(engine, ', until_opening = "line"', contract_share)

    assert share[:182].max() == 0.0
    assert share[184:].min() == 1.0
