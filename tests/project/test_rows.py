"""Rows: money with its currency, price year and basis; odds by reference class."""

import math

import pytest

from railsim.project import build, deliver, luck_of
from railsim.project.rows import claim_rows, odds_rows, project_rows
from railsim.rows import columns_of
from tests.project.test_building import trains
from tests.project.worlds import line


@pytest.fixture(scope="module")
def works():
    return build(line(), deliver(line(), luck_of(line(), 1, 0)), trains())


def test_rows_of_money_sum_to_what_is_spent(works):
    rows = [r for r in project_rows(line(), "with", works) if r.unit == "USD"]

    capex = math.fsum(r.value for r in rows if r.item.startswith("capex."))
    assert capex == pytest.approx(sum(usd.sum() for usd in works.spent_usd.values()))
    assert {(r.currency, r.price_year, r.basis) for r in rows} == {
        ("USD", 2025, "real")
    }
    assert all(r.year is not None for r in rows)


def test_dates_and_ratios_carry_no_currency(works):
    rows = [r for r in project_rows(line(), "with", works) if r.unit != "USD"]

    assert {(r.currency, r.price_year, r.year) for r in rows} == {("", None, None)}
    found = {r.item: r.value for r in rows if r.project == "lchh"}
    assert found["opening.lchh"] == works.deliveries["lchh"].opening
    assert found["overrun"] == works.deliveries["lchh"].overrun


def test_odds_hold_both_main_classes_side_by_side():
    rows = odds_rows(line(), "with", 1, open_by=[2030.99], above=[1.5])

    found = {(r.reference_class, r.item, r.statistic): r.value for r in rows}
    assert found["spliced", "overrun", "share_above_1.5"] == pytest.approx(
        0.28, abs=0.01
    )
    assert found["lognormal_credit", "overrun", "p50"] == pytest.approx(1.24, abs=0.01)
    assert found["spliced", "opening", "share_by_2030.99"] < 0.01
    assert {r.reference_class for r in rows if r.is_in_force} == {"spliced"}


def test_claims_of_a_year_stand_beside_the_purse(works):
    rows = claim_rows(line(), "with", works)

    names = {r.claimant for r in rows if r.year == 2030}
    assert names == {"north_south_hsr", "hanoi_metro", "lchh"}
    purses = [r.envelope_usd for r in rows if r.year == 2026]
    assert purses == pytest.approx([8e9] * len(purses))
    own = math.fsum(r.lender_usd for r in rows if r.claimant == "lchh")
    spent = sum(usd.sum() for usd in works.spent_usd.values())
    assert own == pytest.approx(0.643 * spent)


def test_a_scenario_without_a_budget_has_no_claims(works):
    assert claim_rows(line().model_copy(update={"budget": None}), "with", works) == []


def test_every_column_has_a_unit_and_a_meaning(works):
    kinds = {type(r) for r in project_rows(line(), "with", works)}
    kinds |= {type(r) for r in claim_rows(line(), "with", works)}

    for kind in kinds:
        assert all(unit and meaning for unit, meaning in columns_of(kind).values())
