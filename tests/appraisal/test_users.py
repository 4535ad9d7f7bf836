"""Gains of shippers and passengers against the logsum, the half rule and each other."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.appraisal.effects.users import (
    ModeUse,
    Trade,
    book_passengers,
    book_shippers,
    gains_by_trade,
    half_rule_gain,
    shippers_gain,
    trades_of,
)
from railsim.appraisal.ledger import Entry, Riders
from railsim.errors import InputError
from railsim.formulas import rule_of_half
from railsim.traffic import Payment
from tests.appraisal.worlds import flow, scenario, series, side, traffic, works
from tests.sources import PACKAGE


def logsum_cost(gc: list[float], asc: list[float], theta: float) -> float:
    utilities = [a - theta * c for a, c in zip(asc, gc, strict=True)]
    return -math.log(math.fsum(map(math.exp, utilities))) / theta


def test_a_railway_that_joins_road_and_sea_is_worth_the_worked_example() -> None:
    lines = (PACKAGE / "worked_examples.jsonl").read_text(encoding="utf-8").splitlines()
    (example,) = [e for e in map(json.loads, lines) if e["id"] == "WE-28"]
    told, theta = example["in"], example["in"]["theta"]
    before = logsum_cost(told["gc0"], told["asc0"], theta)
    after = logsum_cost(told["gc1"], told["asc1"], theta)
    teu = series(told["trips"])

    gains = shippers_gain(
        traffic({"all": flow(teu, series(after))}),
        traffic({"all": flow(teu, series(before))}),
    )

    assert gains["all"].total == pytest.approx(series(example["out"]["total"]))
    assert gains["all"].generated == pytest.approx(series(0.0))


@given(*[st.floats(0, 1e6)] * 2, *[st.floats(-1e4, 1e4)] * 2)
def test_with_one_way_the_gain_is_that_of_the_half_rule(
    q0: float, q1: float, gc0: float, gc1: float
) -> None:
    gain = shippers_gain(
        traffic({"all": flow(series(q1), series(gc1))}),
        traffic({"all": flow(series(q0), series(gc0))}),
    )["all"]

    known = rule_of_half(q0=q0, q1=q1, gc0=gc0, gc1=gc1)
    assert gain.existing[0] == pytest.approx(known["existing"])
    assert gain.generated[0] == pytest.approx(known["generated"])


def test_a_flow_without_a_route_has_no_gain_to_speak_of() -> None:
    known = flow(series(5.0), series(100.0))
    lost = replace(known, composite_usd_per_teu=series(np.nan, 100.0))

    with pytest.raises(InputError, match="flow all has no route in 2026"):
        shippers_gain(traffic({"all": known}), traffic({"all": lost}))


def test_a_flow_that_neither_world_carries_gains_nothing() -> None:
    nothing = flow(series(0.0), series(np.nan))

    gain = shippers_gain(traffic({"all": nothing}), traffic({"all": nothing}))["all"]

    assert not gain.total.any()


def test_worlds_with_other_flows_or_years_are_not_compared() -> None:
    one = flow(series(1.0), series(1.0))

    with pytest.raises(InputError, match="same flows"):
        shippers_gain(traffic({"all": one}), traffic({}))
    with pytest.raises(InputError, match="same years"):
        shippers_gain(traffic(), traffic(count=5))


def test_gains_fall_to_countries_by_market_and_sum_to_all() -> None:
    """5 US$ a TEU: 100 TEU of both countries' trade, 40 of China's with others."""
    before = traffic(
        {
            "a": flow(series(100.0), series(30.0)),
            "b": flow(series(40.0), series(30.0), "transit"),
        }
    )
    after = traffic(
        {
            "a": flow(series(100.0), series(25.0)),
            "b": flow(series(40.0), series(25.0), "transit"),
        }
    )
    gains = shippers_gain(after, before)

    frame = scenario().appraisal
    assert frame is not None
    ledger = book_shippers(frame, after, before, gains)

    def of(country: str) -> float:
        return math.fsum(a[0] for e, a in ledger.items() if e.country == country)

    assert of("VN") == pytest.approx(250.0)
    assert of("CN") == pytest.approx(450.0)


def test_charges_of_shippers_are_all_that_is_paid_more() -> None:
    alike = {"a": flow(series(100.0), series(30.0))}
    paid = {Payment("rail", "railway", "line_haul"): series(70.0)}
    before, after = traffic(alike), traffic(alike, paid=paid)
    frame = scenario().appraisal
    assert frame is not None

    ledger = book_shippers(frame, after, before, shippers_gain(after, before))

    charges = [a[0] for e, a in ledger.items() if e.item == "charges"]
    assert math.fsum(charges) == pytest.approx(-70.0)
    assert math.fsum(a[0] for a in ledger.values()) == pytest.approx(0.0)


def test_gains_are_told_by_market_and_commodity() -> None:
    def world(cost: float) -> dict[str, object]:
        return {
            "a": flow(series(10.0), series(cost), goods="fruit"),
            "b": flow(series(20.0), series(cost), goods="fruit"),
            "c": flow(series(30.0), series(cost), "transit"),
        }

    after, before = traffic(world(1.0)), traffic(world(2.0))  # type: ignore[arg-type]

    trades = gains_by_trade(trades_of(after), shippers_gain(after, before))

    assert {t: g.total[0] for t, g in trades.items()} == {
        Trade("bilateral", "fruit"): 30.0,
        Trade("transit", "ore"): 30.0,
    }


def test_the_half_rule_is_silent_where_a_mode_is_new() -> None:
    before = ModeUse(series(0.0, 10.0), series(np.nan, 8.0))
    after = ModeUse(series(5.0, 14.0), series(6.0, 6.0))

    gain = half_rule_gain(before, after)

    assert np.isnan(gain[0])
    assert gain[1:] == pytest.approx(np.full(9, 24.0))


def test_passengers_gain_what_they_save_and_new_ones_half() -> None:
    """100 trips save 3 US$ net of a fare of 2; a fifth of them are new."""
    riders = Riders(3.0, 0.2, 2.0, "railway")
    line = side(traffic(), works(trips=series(100.0)), riders=riders)
    frame = scenario().appraisal
    assert frame is not None

    ledger = book_passengers(frame, line)

    amounts = {entry: a[0] for entry, a in ledger.items()}
    assert amounts == {
        Entry("travel", "passengers", "VN"): pytest.approx(270.0 + 200.0),
        Entry("fares", "passengers", "VN"): -200.0,
        Entry("fares", "railway", "VN"): 200.0,
    }
