"""Building at shadow prices, upkeep, renewals and what is left, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from railsim.appraisal.effects.capital import (
    book_capital,
    conversion_factor,
    maintenance_usd,
    residuals,
)
from railsim.appraisal.indicators import items_of
from railsim.appraisal.ledger import CLASSES, Asset, Entry, yearly
from railsim.project.halves import Halves
from railsim.scenario import load_scenario
from railsim.scenario.schema.worth.appraisal import Appraisal
from tests.appraisal.worlds import scenario, series, side, traffic, works
from tests.sources import PACKAGE

SHADOW = {
    "shadow.standard_conversion_factor": 0.95,
    "shadow.unskilled_wage_factor": 0.75,
}
SPLIT = {
    "traded": 0.45,
    "non_traded": 0.25,
    "skilled": 0.10,
    "unskilled": 0.10,
    "taxes": 0.07,
    "land": 0.03,
}
ONCE = series(100.0, 0.0)


def frame_of(changes: dict[str, object] | None = None) -> Appraisal:
    frame = scenario(changes).appraisal
    assert frame is not None
    return frame


def test_the_default_split_of_a_railway_costs_society_eleven_per_cent_less() -> None:
    expected = 0.45 + 0.25 * 0.95 + 0.1 + 0.1 * 0.75 * 0.95 + 0.03

    assert conversion_factor(frame_of(SHADOW).shadow, SPLIT) == pytest.approx(expected)


@given(st.lists(st.floats(0.01, 1), min_size=6, max_size=6), st.floats(0.5, 1))
def test_what_is_paid_less_what_comes_back_is_the_economic_cost(
    weights: list[float], standard: float
) -> None:
    split = dict(zip(CLASSES, np.array(weights) / sum(weights), strict=True))
    frame = frame_of({**SHADOW, "shadow.standard_conversion_factor": standard})
    line = side(traffic(), works({"all": ONCE}), asset=Asset(math.inf, split))

    ledger = book_capital(frame, line)

    spent = [a[0] for e, a in ledger.items() if e.item != "residual value"]
    factor = conversion_factor(frame.shadow, split)
    assert math.fsum(spent) == pytest.approx(-100.0 * factor)


def test_taxes_come_back_to_the_treasury_and_rents_to_workers() -> None:
    line = side(traffic(), works({"all": ONCE}), asset=Asset(math.inf, SPLIT))

    ledger = book_capital(frame_of(SHADOW), line)

    found = {e.party: a[0] for e, a in ledger.items() if e.item == "shadow correction"}
    assert found == {
        "treasury": pytest.approx(7.0),
        "workers": pytest.approx(10.0 * (1 - 0.75 * 0.95)),
        "public": pytest.approx(25.0 * 0.05),
    }


@pytest.mark.parametrize(
    ("life", "left"), [(math.inf, 100.0), (16.0, 50.0), (8.0, 0.0), (6.0, 200 / 3)]
)
def test_what_is_left_depends_on_age_and_life(life: float, left: float) -> None:
    """Opened in 2028, eight years before the end; after six years renewed."""
    line = side(
        traffic(),
        works({"all": ONCE}, opening=2028.0),
        asset=Asset(life, {"traded": 1}),
    )

    assert residuals(frame_of(), line, 10)["treasury"] == pytest.approx(left)


@pytest.mark.parametrize(("life", "years"), [(3.0, [2031, 2034]), (8.0, []), (20, [])])
def test_assets_are_renewed_within_the_window_but_not_at_its_end(
    life: float, years: list[int]
) -> None:
    line = side(
        traffic(),
        works({"all": ONCE}, opening=2028.0),
        asset=Asset(life, {"traded": 1}),
    )

    ledger = book_capital(frame_of(), line)
    spent = ledger.get(Entry("renewals", "treasury", "VN"), series(0.0))

    assert [2026 + i for i in np.flatnonzero(spent)] == years
    assert set(spent[spent != 0]) <= {-100.0}


def test_a_line_that_never_opens_is_worth_what_it_cost() -> None:
    line = side(traffic(), works({"all": ONCE}), asset=Asset(5.0, {"traded": 1}))

    assert residuals(frame_of(), line, 10) == {"treasury": 100.0, "railway": 0.0}


def test_every_train_ages_from_its_own_purchase() -> None:
    """Bought in 2026 and 2034, lives of ten years: 0.5 and 8.5 years are left."""
    bought = series(100.0, *[0.0] * 7, 100.0, 0.0)
    line = side(
        traffic(), works({}, {"train": bought}), vehicle=Asset(10, {"traded": 1})
    )

    left = residuals(frame_of(), line, 10)["railway"]

    assert left == pytest.approx(5.0 + 85.0)


def test_a_line_is_kept_from_the_day_it_opens() -> None:
    frame = frame_of({"maintenance_usd_per_km": 50.0})
    line = side(traffic(), works({}, opening=2027.75), track_km=400.0)

    upkeep = maintenance_usd(frame, line)

    assert upkeep == pytest.approx(series(0.0, 5000.0, 20_000.0))


def test_money_outside_the_window_does_not_count() -> None:
    halves = Halves.of_years(2024, 2027)
    spent = np.arange(1.0, 9.0)

    assert yearly(halves, spent, np.arange(2026, 2030)) == pytest.approx([11, 15, 0, 0])


def test_upkeep_of_the_base_scenario_costs_society_a_little_less() -> None:
    frame = load_scenario(PACKAGE.parent / "scenarios" / "base.toml").appraisal
    assert frame is not None
    line = side(
        traffic(), works({"all": ONCE}, {"train": ONCE}, opening=2028.0), track_km=100.0
    )

    items = items_of(book_capital(frame, line), 10)

    assert items["maintenance"][5] == -5_500_000.0
    assert items["shadow correction"][5] == pytest.approx(0.07 * 5_500_000.0)
