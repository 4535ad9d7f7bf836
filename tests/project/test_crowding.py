"""Rivals for money: later, dearer, with less loan, and never the other way round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.project.delivery.crowding import (
    MainWorks,
    claims_usd,
    lender_share_left,
    pressure_of,
    purse_usd,
    slowed_years,
)
from railsim.project.delivery.spending import edges_of
from railsim.project.halves import Halves
from railsim.scenario import overlay
from railsim.scenario.schema.worth.delivery import BetaCurve
from tests.project.worlds import delivered, line, package

HALVES = Halves.of_years(2026, 2065)
EVEN = BetaCurve(kind="beta", a=1.0, b=1.0)  # money flows evenly
WORKS = MainWorks(EVEN, start=2028.0, end=2032.0, cost_usd=4e9, is_dated=False)
CROWDED = {"budget.is_crowding": True}


def budget(**changes):
    """A purse of 2 bn a year without growth; all works are paid from it."""
    plain = {
        "is_crowding": True,
        "envelope_usd": 2e9,
        "envelope_growth": 0.0,
        "project_state_share": 1.0,
        "project_lender_share": 0.0,
        "price_response": 0.1,
        "claims": {},
    }
    return line().budget.model_copy(update={**plain, **changes})


def rival(usd_per_year, first, last):
    """A claim that flows evenly, all from the purse."""
    claim = line().budget.claims["hanoi_metro"]
    dates = {"start_year": float(first), "end_year": float(last), "curve": EVEN}
    cost = {"cost_usd": usd_per_year * (last - first), "state_share": 1.0}
    return {"rival": claim.model_copy(update={**dates, **cost})}


def slowed(money, works=WORKS):
    clock = pressure_of(money, {"works": works}, HALVES).clocks["works"]
    return slowed_years(clock, edges_of(HALVES), works.end)


def test_a_purse_that_is_large_enough_changes_nothing():
    pressure = pressure_of(budget(), {"works": WORKS}, HALVES)

    assert pressure.clocks["works"].tolist() == edges_of(HALVES).tolist()
    assert set(pressure.price_factors.tolist()) == {1.0}


def test_works_run_at_the_share_of_claims_that_the_purse_can_pay():
    # 1 bn wanted beside 3 bn of a rival, 2 bn there: half speed from 2028 to 2032
    money = budget(claims=rival(3e9, 2028, 2032))

    # two of four years are done by 2032, the other two follow at full speed
    assert slowed(money) == pytest.approx(2.0)


def test_works_ask_the_purse_for_what_loans_do_not_pay():
    # half of 1 bn beside 1.5 bn of a rival is just the purse
    money = budget(project_state_share=0.5, claims=rival(1.5e9, 2028, 2032))

    pressure = pressure_of(money, {"works": WORKS}, HALVES)

    assert slowed(money) == 0.0
    assert set(pressure.price_factors.tolist()) == {1.0}


def test_prices_rise_with_the_excess_of_claims_over_the_purse():
    money = budget(claims=rival(3e9, 2028, 2032))

    factors = pressure_of(money, {"works": WORKS}, HALVES).price_factors

    # claims of 4 bn are once the purse too much: a tenth
    assert factors[4:12].tolist() == pytest.approx([1.1] * 8)
    assert factors[:4].tolist() == [1.0] * 4


def test_dated_works_do_not_slow_down():
    money = budget(claims=rival(3e9, 2028, 2032))
    dated = MainWorks(EVEN, 2028.0, 2032.0, 4e9, is_dated=True)

    assert slowed(money, dated) == 0.0


def test_works_that_outlast_the_horizon_go_on_at_full_speed():
    halves = Halves.of_years(2026, 2029)
    money = budget(claims=rival(3e9, 2028, 2032))
    clock = pressure_of(money, {"works": WORKS}, halves).clocks["works"]

    # a year of works is done in the two years of the horizon, three remain
    assert slowed_years(clock, edges_of(halves), 2032.0) == pytest.approx(1.0)


@given(st.floats(0, 2e10), st.floats(0, 2e10))
@settings(max_examples=40)
def test_more_rivals_never_bring_works_forward(usd, more):
    low, high = (
        slowed(budget(claims=rival(x + 1.0, 2027, 2036))) for x in (usd, usd + more)
    )

    assert 0.0 <= low <= high + 1e-9


def test_the_base_scenario_asks_for_no_crowding():
    assert not line().budget.is_crowding
    assert delivered(line()).slowed_years == 0.0


def test_crowding_delays_the_line_and_loses_no_money():
    free = overlay(line(), {**CROWDED, "budget.price_response": 0.0})

    found, alone = delivered(free), delivered(line())

    assert found.slowed_years > 0.3
    assert found.opening == pytest.approx(alone.opening + found.slowed_years)
    for name, usd in alone.spent_usd.items():
        assert found.spent_usd[name].sum() == pytest.approx(usd.sum(), rel=1e-9)


def test_crowding_raises_the_cost_of_main_works_only():
    found, alone = delivered(overlay(line(), CROWDED)), delivered(line())

    assert found.spent_usd["track"].sum() > 1.01 * alone.spent_usd["track"].sum()
    assert found.spent_usd["stations"].tolist() == alone.spent_usd["stations"].tolist()


def test_sister_lines_are_rivals_too():
    alone, together = (
        delivered(overlay(world, CROWDED)).slowed_years for world in (line(), package())
    )

    assert together > alone


def test_claims_are_the_announced_totals():
    rivals = claims_usd(line().budget, HALVES, "state")

    assert rivals["north_south_hsr"].sum() == pytest.approx(0.8 * 67.3e9)
    assert rivals["hanoi_metro"].sum() == pytest.approx(0.35 * 55.4e9)
    assert HALVES.yearly(purse_usd(line().budget, HALVES))[:2].tolist() == (
        pytest.approx([8e9, 8.48e9])
    )


def test_the_lender_grants_its_ceiling_in_parts():
    money = budget(
        lender="bank",
        lender_ceiling_usd=1e9,
        lender_growth=0.0,
        project_lender_share=0.5,
        claims={
            "rival": rival(1e9, 2028, 2032)["rival"].model_copy(
                update={"state_share": 0.0, "lender_share": 1.0}
            )
        },
    )
    spent = np.where((HALVES.begins >= 2028) & (HALVES.begins < 2034), 1e9, 0.0)

    # wanted 1 bn a year for six years; beside a rival of 1 bn, half is left in four
    assert lender_share_left(money, HALVES, spent) == pytest.approx(4 / 6)


def test_a_lender_with_enough_money_gives_all():
    money = budget(lender_ceiling_usd=1e12, project_lender_share=0.5)

    assert lender_share_left(money, HALVES, np.full(80, 1e9)) == 1.0
    assert lender_share_left(money, HALVES, np.zeros(80)) == 1.0
