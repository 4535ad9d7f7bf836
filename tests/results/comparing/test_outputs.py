"""What luck could explain is not called a change, and what it could not is."""

import numpy as np
import pytest
from scipy import stats

from railsim.results.comparing.outputs import changes_between

LUCK = np.random.default_rng(20260101)
CELLS = [("cell", k) for k in range(40)]


def outputs_of(values):
    """Outputs by cell, a row of values each."""
    return dict(zip(CELLS, values, strict=True))


def results(olds, news, *, is_paired=True, has_luck=True):
    """Result of every cell."""
    found = changes_between(
        outputs_of(olds), outputs_of(news), is_paired=is_paired, has_luck=has_luck
    )
    return [each.result for each in found]


def test_nothing_that_is_equal_differs():
    values = LUCK.normal(size=(40, 5))

    found = changes_between(
        outputs_of(values), outputs_of(values), is_paired=True, has_luck=True
    )

    assert {each.result for each in found} == {"same"}
    assert {each.change.difference for each in found} == {0.0}


def test_under_the_same_luck_a_small_shift_of_all_is_seen():
    luck = LUCK.normal(100.0, 30.0, size=(40, 5))
    moved = luck + 0.5 + LUCK.normal(0.0, 0.01, size=(40, 5))

    paired, unpaired = (results(luck, moved, is_paired=p) for p in (True, False))

    assert set(paired) == {"changed"}
    assert set(unpaired) == {"noise"}


def test_the_difference_and_its_interval_are_students():
    olds, news = LUCK.normal(size=(2, 40, 7))

    found = changes_between(
        outputs_of(olds), outputs_of(news), is_paired=True, has_luck=True
    )

    for each, old, new in zip(found, olds, news, strict=True):
        interval = stats.ttest_rel(new, old).confidence_interval()
        assert each.change.difference == pytest.approx((new - old).mean(), rel=1e-12)
        low, high = interval.low, interval.high
        assert each.change.half_width == pytest.approx((high - low) / 2, rel=1e-9)


def test_turned_round_every_difference_changes_its_sign_alone():
    olds = LUCK.normal(size=(40, 5))
    news = olds + LUCK.normal(0.3, 0.3, size=(40, 5))

    there, back = (
        changes_between(outputs_of(a), outputs_of(b), is_paired=True, has_luck=True)
        for a, b in ((olds, news), (news, olds))
    )

    assert [e.result for e in there] == [e.result for e in back]
    assert [e.change.difference for e in there] == [-e.change.difference for e in back]


def test_of_what_is_called_changed_few_are_noise():
    shares = []
    for _ in range(200):
        olds, news = LUCK.normal(size=(2, 40, 6))
        news[:10] += 4.0
        found = results(olds, news, is_paired=True)
        false, called = found[10:].count("changed"), found.count("changed")
        shares.append(false / max(called, 1))

    # At 5 % of the 30 that did not change among all; three standard errors on top.
    assert np.mean(shares) < 0.05 * 30 / 40 + 3 * np.std(shares) / np.sqrt(200)
    assert any(shares)


def test_two_runs_that_differ_in_luck_alone_are_hardly_ever_called_changed():
    alarms = sum(
        "changed" in results(*LUCK.normal(size=(2, 40, 6)), is_paired=False)
        for _ in range(200)
    )

    # Below 5 %: at most 20 of 200 with a chance of 0.9999.
    assert alarms <= stats.binom(200, 0.05).ppf(0.9999)


def test_one_replication_by_events_does_not_tell_and_closed_forms_do():
    olds, news = LUCK.normal(size=(2, 40, 1))

    assert set(results(olds, news)) == {"unknown"}
    assert set(results(olds, news, has_luck=False)) == {"changed"}


def test_rounding_of_the_tables_is_no_change():
    olds = np.full((40, 1), 1234.567891)

    assert set(results(olds, olds * (1.0 + 4e-10), has_luck=False)) == {"same"}


def test_an_output_without_a_number_in_one_of_them_is_not_compared():
    olds, news = LUCK.normal(size=(2, 40, 5))
    olds[3] = np.nan
    news[4, 2] = np.nan

    found = changes_between(
        outputs_of(olds), outputs_of(news), is_paired=True, has_luck=True
    )

    assert [each.cell for each in found] == CELLS[:3] + CELLS[4:]
    assert found[3].change.freedom == 3
