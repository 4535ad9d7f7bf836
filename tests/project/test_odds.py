"""Odds of the base scenario, and what is said of promises."""

import numpy as np
import pytest

from railsim.project import delivery_odds, promise_warnings
from railsim.project.delivery.odds import quantiles_of, share_open_by, share_up_to
from railsim.scenario import overlay
from tests.project.worlds import altered, line, package


@pytest.fixture(scope="module")
def odds():
    return delivery_odds(line(), "lchh", 20260101)


def test_openings_are_as_late_as_the_evidence_says(odds):
    found = quantiles_of(odds.opening, [0.05, 0.5, 0.95])

    # section 6.4 rounds to a tenth of a year and says "about"
    assert found == pytest.approx([2031.8, 2033.7, 2036.2], abs=0.1)


def test_nobody_like_it_opened_by_the_official_day(odds):
    assert share_up_to(odds.opening, 2030.99) < 0.01


def test_reference_classes_stand_side_by_side(odds):
    above = {like: 1.0 - share_up_to(x, 1.5) for like, x in odds.overrun.items()}

    assert above["spliced"] == pytest.approx(0.28, abs=0.002)
    assert above["lognormal_credit"] == pytest.approx(0.240, abs=0.002)
    assert odds.overrun["spliced"].mean() == pytest.approx(1.39, abs=0.005)
    assert set(odds.cost_usd) == set(line().reference_classes)


def test_odds_agree_with_plain_monte_carlo(odds):
    chance = np.random.default_rng(5)
    n = 200_000
    pick, u = chance.random(n), chance.random(n)
    starts = np.where(
        pick < 0.35,
        2026.67 + 0.33 * u,
        np.where(pick < 0.8, 2027 + u, 2028 - 0.9 * np.log(u)),
    )
    openings = starts + chance.triangular(4.0, 5.7, 9.0, n)

    levels = [0.05, 0.25, 0.5, 0.75, 0.95]
    # three standard errors of a quantile of 200,000 draws
    assert quantiles_of(odds.opening, levels) == pytest.approx(
        np.quantile(openings, levels), abs=0.02
    )


def test_the_same_seed_gives_the_same_odds(odds):
    again = delivery_odds(line(), "lchh", 20260101)

    assert again.opening.tolist() == odds.opening.tolist()


def test_in_the_inside_view_nothing_is_uncertain():
    odds = delivery_odds(altered(line(), {"outside_view": 0.0}), "lchh", 1)

    assert set(odds.opening.tolist()) == {2030.99}
    assert {x for c in odds.cost_usd.values() for x in c.tolist()} == {
        odds.cost_usd["spliced"][0]
    }


def test_a_dearer_reference_class_takes_as_long():
    world = altered(line(), {"reference_class": "lognormal_credit"})

    odds = delivery_odds(world, "lchh", 20260101)

    assert odds.opening == pytest.approx(
        delivery_odds(line(), "lchh", 20260101).opening
    )


def test_a_promise_is_told_its_share_of_the_reference_class():
    world = overlay(line(), {"openings.lchh.opens_year": 2033.7})

    (warning,) = promise_warnings(world)

    assert warning.startswith("W035 lchh opens 2033.7 because the scenario says so")
    assert share_open_by(line(), "lchh", 2033.7) == pytest.approx(0.5, abs=0.03)


def test_a_promise_nobody_kept_is_told_so():
    world = overlay(line(), {"openings.lchh.opens_year": 2030.0})

    assert "none of 4,093 would be open by then" in promise_warnings(world)[0]


def test_whoever_lets_the_project_say_when_is_not_warned():
    assert promise_warnings(line()) == promise_warnings(package()) == ()


def test_a_promise_is_judged_from_outside_even_by_those_who_believe_the_plan():
    world = overlay(line(), {"projects.lchh.outside_view": 0.0})

    found = share_open_by(world, "lchh", 2030.99)

    # works start by 2026.99 and last 4 to 4.32 years: a corner of both densities
    corner = 0.35 / 0.33 * 0.32**3 / (3 * 5.0 * 1.7)
    assert found == pytest.approx(corner, abs=5e-4)
