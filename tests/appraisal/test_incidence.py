"""Who gains: rows and columns sum, transfers cancel, loans give what they give."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from railsim.appraisal.appraising import Appraisal, appraise
from railsim.appraisal.checks import check_totals, check_transfers, require
from railsim.appraisal.incidence import Party, incidence_of
from railsim.appraisal.ledger import (
    AppraisalError,
    Asset,
    Entry,
    Funding,
    Riders,
    Side,
    Transfer,
)
from railsim.balance import Check
from railsim.errors import InputError
from railsim.formulas import grant_element
from railsim.traffic import Leg, Payment
from tests.appraisal.worlds import (
    COUNT,
    PAYEES,
    flow,
    scenario,
    series,
    side,
    traffic,
    works,
)

amounts = st.lists(st.floats(0, 1e9), min_size=COUNT, max_size=COUNT).map(np.array)
shares = st.lists(st.floats(0.01, 1), min_size=6, max_size=6).map(
    lambda s: dict(
        zip(
            ("traded", "non_traded", "skilled", "unskilled", "taxes", "land"),
            np.array(s) / math.fsum(s),
            strict=True,
        )
    )
)


@st.composite
def sides(draw: st.DrawFn) -> Side:
    """Any traffic, paid to anybody, and any works."""
    payees = draw(st.lists(st.sampled_from(sorted(PAYEES)), unique=True))
    carried = traffic(
        {
            name: flow(draw(amounts), draw(amounts), market)
            for name, market in (("a", "bilateral"), ("b", "transit"))
        },
        paid={Payment("rail", name, "line_haul"): draw(amounts) for name in payees},
        t_km={Leg("road", "CN"): draw(amounts)},
        truck_km={"VN": draw(amounts)},
        t_co2e={"VN": draw(amounts), "XX": draw(amounts)},
    )
    built = works(
        {"track": draw(amounts)},
        {"trains": draw(amounts)},
        opening=draw(st.floats(2026, 2040)),
        trips=draw(amounts),
    )
    life = draw(st.sampled_from([0.5, 3.0, 25.0, math.inf]))
    return side(
        carried,
        built,
        asset=Asset(life, draw(shares)),
        vehicle=Asset(25.0, draw(shares)),
        track_km=400.0,
        riders=Riders(3.0, 0.2, 2.0, "railway"),
    )


def funding(paid: dict[Transfer, Any]) -> Funding:
    return Funding(paid, {"bank": "CN", "treasury": "VN"}, ("bank",))


@settings(max_examples=60, deadline=None)
@given(sides(), sides(), amounts, st.sampled_from(["start", "mid", "end"]))
def test_accounts_of_any_worlds_close(
    with_: Side, without: Side, lent: Any, timing: str
) -> None:
    world = scenario({"timing": timing})
    money = funding({Transfer("bank", "treasury", "loan"): lent})

    found = appraise(world, with_, without, money)

    assert all(check.is_met for check in found.checks)
    gross = math.fsum(map(abs, found.incidence.cells.values()))
    enpv = float((found.net_usd * _factors(0.09, timing)).sum())
    rows = found.incidence.by_party.values()
    assert math.fsum(rows) == pytest.approx(enpv, abs=1e-9 * gross + 1e-9)
    for item in ("charges", "fares", "taxes and tolls", "loan"):
        assert found.incidence.by_item.get(item, 0.0) == pytest.approx(
            0.0, abs=1e-9 * gross
        )


def _factors(rate: float, timing: str) -> Any:
    shift = {"start": 0.0, "mid": 0.5, "end": 1.0}[timing]
    return (1.0 + rate) ** -(np.arange(COUNT) + shift)


@settings(max_examples=20, deadline=None)
@given(sides(), sides())
def test_a_world_compared_the_other_way_round_loses_what_it_gained(
    a: Side, b: Side
) -> None:
    world = scenario()

    there, back = appraise(world, a, b), appraise(world, b, a)

    gross = math.fsum(map(abs, there.incidence.cells.values()))
    assert there.enpv_usd == pytest.approx(-back.enpv_usd, abs=1e-9 * gross)


@settings(max_examples=20, deadline=None)
@given(sides())
def test_a_world_compared_with_itself_gains_nothing(world_side: Side) -> None:
    found = appraise(scenario(), world_side, world_side)

    assert not found.net_usd.any()
    assert found.enpv_usd == 0.0


def simple(money: Funding | None = None) -> Appraisal:
    """A gain of 10 a year for an outlay of 50, in both countries alike."""
    before = side(traffic({"a": flow(series(1.0), series(10.0))}))
    after = side(
        traffic({"a": flow(series(1.0), series(0.0))}), works({"t": series(50.0, 0.0)})
    )
    return appraise(scenario(), after, before, money)


def test_a_soft_loan_gives_away_its_grant_element() -> None:
    """100 lent on the first day, repaid in eight equal parts at 3 %, judged at 9 %."""
    interest = 0.03 * np.array([0, 100, 87.5, 75, 62.5, 50, 37.5, 25, 12.5, 0])
    repaid = np.array([0, *[12.5] * 8, 0])
    loan = {
        Transfer("bank", "treasury", "loan drawn"): series(100.0, 0.0),
        Transfer("treasury", "bank", "loan served"): repaid + interest,
    }
    share = grant_element(rate=0.03, discount=0.09, maturity_y=8, grace_y=0, per_year=1)

    found = simple(funding(loan))

    assert found.gifts["bank"] == pytest.approx(100.0 * share)
    assert found.incidence.by_party[Party("bank", "CN")] == pytest.approx(
        -100.0 * share
    )
    assert found.enpv_usd == pytest.approx(simple().enpv_usd)


def test_finance_moves_gains_between_countries_and_adds_none() -> None:
    gift = {Transfer("bank", "treasury", "grant"): series(30.0, 0.0)}

    plain, funded = simple().incidence, simple(funding(gift)).incidence

    assert funded.by_country["VN"] - plain.by_country["VN"] == pytest.approx(30.0)
    assert funded.by_country["CN"] - plain.by_country["CN"] == pytest.approx(-30.0)


def test_a_party_without_a_country_is_named() -> None:
    stranger = {Transfer("stranger", "treasury", "grant"): series(1.0)}

    with pytest.raises(InputError, match="'stranger' has no country"):
        simple(funding(stranger))


def test_finance_of_other_years_is_refused() -> None:
    with pytest.raises(InputError, match="grant needs 10 years"):
        simple(funding({Transfer("bank", "treasury", "grant"): np.ones(3)}))


def test_a_world_without_the_table_has_no_appraisal() -> None:
    bare = scenario().model_copy(update={"appraisal": None})

    with pytest.raises(InputError, match="no table appraisal"):
        appraise(bare, side(traffic()), side(traffic()))


def test_a_transfer_that_does_not_cancel_breaks_the_account() -> None:
    ledger = {
        Entry("charges", "shippers", "VN"): -series(5.0),
        Entry("charges", "railway", "VN"): series(5.0, 5.0, 5.1, 5.0),
    }

    with pytest.raises(AppraisalError, match=r"transfer cancels \(charges\): 0.1"):
        require(check_transfers(ledger, {}))


def test_an_effect_that_is_lost_breaks_the_account() -> None:
    ledger = {Entry("carbon", "public", "VN"): series(5.0)}

    (whole, parts, _) = check_totals(series(5.0), ledger, {}, {})

    assert (whole.is_met, parts.is_met) == (True, False)


def test_a_residual_is_judged_by_its_size() -> None:
    assert Check("law", "all", -0.5, 0.5).is_met
    assert not Check("law", "all", -0.6, 0.5).is_met
    assert not Check("law", "all", math.nan, 0.5).is_met


def test_present_values_of_nothing_are_nothing() -> None:
    assert incidence_of({}, 0.09, "start").total == 0.0
