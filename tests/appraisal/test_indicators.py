"""Figures of worth against worked examples, other libraries and their definitions."""

from __future__ import annotations

import json
import math

import numpy as np
import numpy_financial as npf
import pytest

from railsim.appraisal.appraising import Appraisal, appraise
from railsim.appraisal.indicators import (
    Indicator,
    discount_factors,
    judge,
    present_values,
    switches,
)
from railsim.appraisal.ledger import Asset
from railsim.formulas import npv
from tests.appraisal.worlds import flow, scenario, side, traffic, works
from tests.sources import PACKAGE

FLOWS = {"investment": np.array([-100.0, 0.0, 0.0]), "gain": np.array([0.0, 60.0, 70])}


def example(name: str) -> dict[str, dict[str, float]]:
    text = (PACKAGE / "worked_examples.jsonl").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.splitlines()]
    (one,) = [each for each in found if each["id"] == name]
    return one


def figure(figures: tuple[Indicator, ...] | list[Indicator], metric: str) -> Indicator:
    """The first of its name: at the test rate, at the start of years."""
    return next(i for i in figures if i.metric == metric)


def enpv(appraisal: Appraisal, rate: float, timing: str) -> float:
    (value,) = [
        i.value
        for i in appraisal.indicators
        if (i.metric, i.scope, i.rate, i.timing) == ("enpv", "window", rate, timing)
    ]
    assert value is not None
    return value


@pytest.fixture(scope="module")
def stylised() -> Appraisal:
    """WE-27 as a world: one TEU gains the benefits, trains with no rest are upkeep."""
    given = example("WE-27")["in"]
    building, running = len(given["capex"]), given["n_oper"]
    count = building + running
    early = np.minimum(np.arange(running), given["ben_switch_after"])
    benefits, upkeep, capex = np.zeros(count), np.zeros(count), np.zeros(count)
    benefits[building:] = given["ben_first"] * (1 + given["ben_growth"]) ** early
    benefits[building:] *= (1 + given["ben_growth2"]) ** (np.arange(running) - early)
    upkeep[building:] = given["om_first"] * (1 + given["om_growth"]) ** np.arange(
        running
    )
    capex[:building] = given["capex"]
    teu = np.ones(count)
    before = side(traffic({"all": flow(teu, benefits)}, count=count))
    after = side(
        traffic({"all": flow(teu, np.zeros(count))}, count=count),
        works(
            {"all": capex}, {"upkeep": upkeep}, opening=2026.0 + building, count=count
        ),
        asset=Asset(running / (1 - given["residual_share"]), {"traded": 1.0}),
        vehicle=Asset(1e-6, {"traded": 1.0}),
    )
    return appraise(scenario(), after, before)


@pytest.mark.parametrize("timing", ["start", "mid", "end"])
def test_the_stylised_project_has_its_present_values(
    stylised: Appraisal, timing: str
) -> None:
    expected = example("WE-27")["out"][f"enpv_{timing}"]

    assert enpv(stylised, 0.09, timing) == pytest.approx(expected, rel=1e-9)


def test_the_stylised_project_has_its_internal_rate_and_plain_sum(
    stylised: Appraisal,
) -> None:
    expected = example("WE-27")["out"]

    found = figure(stylised.indicators, "eirr").value

    assert found == pytest.approx(expected["eirr"], rel=1e-9)
    assert stylised.net_usd.sum() == pytest.approx(expected["undiscounted"], rel=1e-9)


@pytest.mark.parametrize("timing", ["start", "mid", "end"])
@pytest.mark.parametrize("rate", [-0.02, 0.0, 0.09])
def test_discounting_is_that_of_the_catalogue(rate: float, timing: str) -> None:
    flows = [-100.0, 30.0, 50.0, 60.0]
    plain = npv(rate=rate, cashflows=flows, convention=timing)

    worth = (np.array(flows) * discount_factors(rate, 4, timing)).sum()

    assert worth == pytest.approx(plain, rel=1e-12)


def test_a_second_library_agrees_where_the_sign_turns_once() -> None:
    figures = judge(FLOWS, rates=[0.09], timing="start", opening_index=1)

    assert figure(figures, "eirr").value == pytest.approx(npf.irr([-100, 60, 70]))
    assert figure(figures, "enpv").value == pytest.approx(npf.npv(0.09, [-100, 60, 70]))


def test_several_internal_rates_give_none_but_a_modified_one() -> None:
    items = {
        "investment": np.array([-100.0, 0.0, -132.0]),
        "gain": np.array([0, 230.0, 0]),
    }

    figures = judge(items, rates=[0.15], timing="start", opening_index=1)

    eirr = figure(figures, "eirr")
    roots = [i.value for i in figures if i.metric == "eirr root"]
    assert (eirr.value, eirr.reason) == (None, "several roots")
    assert roots == pytest.approx([0.1, 0.2])
    modified = npf.mirr([-100, 230, -132], 0.15, 0.15)
    assert figure(figures, "mirr").value == pytest.approx(modified)


def test_gains_that_never_turn_have_no_internal_rate() -> None:
    items = {"gain": np.array([1.0, 2.0])}

    eirr = figure(judge(items, rates=[0.1], timing="start", opening_index=None), "eirr")

    assert (eirr.value, eirr.reason) == (None, "no change of sign")


def test_ratios_follow_their_definitions() -> None:
    figures = judge(FLOWS, rates=[0.1], timing="start", opening_index=1)

    benefits = 60 / 1.1 + 70 / 1.21
    assert figure(figures, "bcr").value == pytest.approx(benefits / 100)
    assert figure(figures, "npv per budget").value == pytest.approx(benefits / 100 - 1)
    assert figure(figures, "fyrr").value == pytest.approx(60 / 110)


@pytest.mark.parametrize(
    ("opening", "reason"),
    [(None, "no full year of operation"), (0, "nothing is spent")],
)
def test_a_first_year_return_needs_a_first_year_and_spending_before_it(
    opening: int | None, reason: str
) -> None:
    figures = judge(FLOWS, rates=[0.1], timing="start", opening_index=opening)

    fyrr = figure(figures, "fyrr")
    assert fyrr.value is None
    assert fyrr.reason.startswith(reason)


def test_without_costs_there_is_no_ratio_of_benefits_to_them() -> None:
    items = {"gain": np.array([1.0, 2.0])}

    bcr = figure(judge(items, rates=[0.1], timing="start", opening_index=0), "bcr")

    assert (bcr.value, bcr.reason) == (None, "no costs")


def test_an_item_changed_by_its_switching_value_leaves_nothing() -> None:
    found = switches(FLOWS, 0.09, "start")

    for name, (worth, switch) in found.items():
        changed = {**FLOWS, name: FLOWS[name] * (1.0 + switch)}
        left = present_values(changed, 0.09, "start").values()
        assert math.fsum(left) == pytest.approx(0.0, abs=1e-9)
        assert worth == present_values(FLOWS, 0.09, "start")[name]


def test_an_operation_longer_than_the_window_is_said_to_be() -> None:
    teu, cost = np.ones(10), np.ones(10)
    before = side(traffic({"all": flow(teu, 2 * cost)}))
    after = side(
        traffic({"all": flow(teu, cost)}), works({"all": cost}, opening=2030.0)
    )

    found = appraise(scenario(), after, before).indicators[-1]

    assert found.scope == "30 years of operation"
    assert (found.value, found.reason) == (None, "the window ends before")


def test_years_after_the_asked_operation_do_not_count() -> None:
    """Two full years from mid-2028: 2026 to 2030, then half the life of 5 is left."""
    cost, capex = np.ones(10), np.array([100.0, *[0.0] * 9])
    late_gain = np.array([0, 0, 0, 10, 10, 999, 999, 999, 999, 999.0])
    before = side(traffic({"all": flow(cost, late_gain)}))
    after = side(
        traffic({"all": flow(cost, 0 * cost)}),
        works({"all": capex}, opening=2028.5),
        asset=Asset(5.0, {"traded": 1.0}),
    )
    world = scenario({"operating_years": 2})

    found = [
        i.value
        for i in appraise(world, after, before).indicators
        if i.scope == "2 years of operation"
        and (i.metric, i.timing) == ("enpv", "start")
    ]

    expected = -100 + 10 / 1.09**3 + (10 + 50) / 1.09**4
    assert found == [pytest.approx(expected)]


def test_the_worth_under_every_path_of_carbon_prices_is_shown() -> None:
    """Two tonnes less a year at 100 or 200 US$."""
    twice = {"usd_per_t": {"2030": 200.0}, "growth_per_year": 0.0}
    world = scenario({"carbon.paths.twice": twice})
    before, after = (
        side(traffic(t_co2e={"VN": np.full(10, tonnes)})) for tonnes in (5.0, 3.0)
    )

    figures = appraise(world, after, before).indicators

    found = {i.scope: i.value for i in figures if i.scope.startswith("carbon")}
    annuity = discount_factors(0.09, 10, "start").sum()
    assert found == pytest.approx(
        {"carbon path only": 200 * annuity, "carbon path twice": 400 * annuity}
    )
