"""Designs: even where they should be, and the same for a name whatever others do."""

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError
from scipy import stats
from scipy.stats import qmc

from railsim.errors import InputError
from railsim.study.uncertainty.designs import Design, run_count
from railsim.study.uncertainty.digital_nets import dimensions_of, scrambled_points
from railsim.study.uncertainty.points import BASE, LUCK, OTHER, points

READER = TypeAdapter(Design)
MONTE_CARLO = {"kind": "monte_carlo"}
LHS = {"kind": "lhs", "within": "random"}
SOBOL = {"kind": "sobol"}
SALTELLI = {"kind": "saltelli"}
MORRIS = {"kind": "morris", "levels": 4, "margin_share": 0.0}
GRID = {"kind": "grid", "values": {"a": (1, 2, 3), "b": ("x", "y")}}
ONE = {"kind": "one_at_a_time", "low_probability": 0.1, "high_probability": 0.9}
DRAWN = [MONTE_CARLO, LHS, SOBOL, SALTELLI]
GROWING = [MONTE_CARLO, SOBOL, SALTELLI, MORRIS, ONE]


def lay(written, names, size=64, seed=5):
    return points(READER.validate_python(written), names, size, seed)


def kind(written):
    return written["kind"]


@pytest.mark.parametrize("written", DRAWN, ids=kind)
def test_a_factor_more_leaves_the_columns_of_the_others(written):
    few, many = lay(written, ["b", "d"]), lay(written, ["a", "b", "c", "d", "e"])
    shared = np.isin(many.moved, [0, 2, 4], invert=True)

    assert np.array_equal(many.u[shared][:, [1, 3]], few.u)


@pytest.mark.parametrize("written", [*DRAWN, MORRIS], ids=kind)
def test_columns_follow_their_names_whatever_the_order(written):
    ahead, back = lay(written, ["a", "b", "c"]), lay(written, ["c", "b", "a"])
    ours = np.lexsort((ahead.moved, ahead.group))
    place = {BASE: BASE, OTHER: OTHER, LUCK: LUCK, 0: 2, 1: 1, 2: 0}
    theirs = np.lexsort(([place[m] for m in back.moved], back.group))

    assert np.array_equal(ahead.u[ours], back.u[theirs][:, ::-1])


@pytest.mark.parametrize("written", GROWING, ids=kind)
def test_more_draws_begin_with_the_fewer(written):
    short, long = lay(written, ["a", "b"], 32), lay(written, ["a", "b"], 128)

    assert np.array_equal(long.u[: len(short.u)], short.u, equal_nan=True)
    assert np.array_equal(long.luck[: len(short.u)], short.luck)


@pytest.mark.parametrize("written", DRAWN, ids=kind)
def test_another_seed_gives_other_points_as_evenly_spread(written):
    one, other = (lay(written, ["a"], 4096, seed) for seed in (1, 2))

    assert not np.any(one.u == other.u)
    assert stats.kstest(one.u[one.moved == BASE, 0], "uniform").pvalue > 0.001


@pytest.mark.parametrize("written", DRAWN, ids=kind)
def test_factors_know_nothing_of_each_other(written):
    found = lay(written, ["a", "b", "c", "d"], 8192)

    ranks = stats.spearmanr(found.u[found.moved == BASE]).statistic

    assert np.abs(ranks - np.eye(4)).max() < 0.04  # 3.6 standard errors


@pytest.mark.parametrize("within", ["random", "centre"])
def test_a_latin_hypercube_has_one_draw_in_every_slice(within):
    found = lay(LHS | {"within": within}, ["a", "b"], 500)

    slices = np.sort(np.floor(found.u * 500), axis=0)

    assert np.array_equal(slices, np.tile(np.arange(500)[:, None], (1, 2)))


def test_a_sobol_sequence_has_one_point_in_every_slice():
    found = scrambled_points(["a", "b", "c"], 1024, 3)

    slices = np.sort(np.floor(found * 1024), axis=0)

    assert np.array_equal(slices, np.tile(np.arange(1024)[:, None], (1, 3)))


def test_the_first_dimensions_are_as_even_together_as_they_were_unscrambled():
    names = near_names(2)
    found = scrambled_points(names, 1024, 3)
    boxes = np.floor(found[:, 0] * 32) * 32 + np.floor(found[:, 1] * 32)

    theirs = qmc.discrepancy(qmc.Sobol(2, rng=1).random(1024))

    assert len(set(boxes)) > 900
    assert qmc.discrepancy(found) == pytest.approx(theirs, rel=1)


def near_names(count):
    """Names that fall on the first dimensions of the sequence, where it is best."""
    place = {}
    for number in range(100_000):
        dimension = dimensions_of([f"n{number}"])[0]
        if dimension < count:
            place.setdefault(dimension, f"n{number}")
        if len(place) == count:
            break
    return [place[k] for k in range(count)]


def test_names_that_would_draw_the_same_numbers_are_refused():
    with pytest.raises(InputError, match="rename"):
        lay(MONTE_CARLO, ["plumless", "buckeroo"])  # the same checksum


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (MORRIS | {"levels": 5}, "even number"),
        ({"kind": "grid", "values": {"a": ()}}, "a needs at least one value"),
    ],
)
def test_half_a_design_is_refused(written, message):
    with pytest.raises(ValidationError, match=message):
        READER.validate_python(written)


def test_no_two_names_share_a_dimension():
    names = [f"path.{number}" for number in range(1024)]

    assert sorted(dimensions_of(names)) == list(range(1024))


def test_saltelli_exchanges_one_column_at_a_time():
    found = lay(SALTELLI, ["a", "b", "c"], 8)
    keys = zip(found.group, found.moved, strict=True)
    by_row = {key: row for row, key in enumerate(keys)}

    for group in range(8):
        first, second = found.u[by_row[group, BASE]], found.u[by_row[group, OTHER]]
        for factor in range(3):
            mixed = found.u[by_row[group, factor]]
            assert mixed[factor] == second[factor]
            assert np.array_equal(np.delete(mixed, factor), np.delete(first, factor))
        assert np.array_equal(found.u[by_row[group, LUCK]], first)


def test_saltelli_gives_b_its_own_luck_and_lends_it_to_a():
    found = lay(SALTELLI, ["a", "b"], 2)

    assert found.luck.tolist() == [0, 1, 0, 0, 1, 2, 3, 2, 2, 3]


def test_morris_moves_every_factor_once_by_the_same_step():
    found = lay(MORRIS, ["a", "b", "c"], 50)
    paths = found.u.reshape(50, 4, 3)
    steps = np.diff(paths, axis=1)

    assert np.allclose(np.abs(steps).sum(axis=1), 2 / 3)
    moved = np.argmax(np.abs(steps), axis=2)
    assert np.array_equal(moved, found.moved.reshape(50, 4)[:, 1:])
    assert set(np.round(found.u.ravel() * 3).astype(int)) == {0, 1, 2, 3}


def test_a_margin_keeps_morris_off_the_ends():
    found = lay(MORRIS | {"margin_share": 0.05}, ["a"], 50)

    assert found.u.min() == pytest.approx(0.05)
    assert found.u.max() == pytest.approx(0.95)


def test_a_grid_has_every_combination_once_a_repetition():
    found = lay(GRID, ["a", "b"], 2)

    assert len({tuple(row) for row in found.u[:6]}) == 6
    assert found.luck.tolist() == [0] * 6 + [1] * 6


def test_one_at_a_time_leaves_the_others_as_they_are():
    found = lay(ONE, ["a", "b"], 1)

    assert np.isnan(found.u).sum(axis=1).tolist() == [2, 1, 1, 1, 1]
    assert found.u[1:3, 0].tolist() == [0.1, 0.9]


@pytest.mark.parametrize("written", [*DRAWN, MORRIS, GRID, ONE], ids=kind)
def test_the_count_of_runs_is_known_beforehand(written):
    design = READER.validate_python(written)

    assert run_count(design, 2, 8) == len(points(design, ["a", "b"], 8, 1).u)


@pytest.mark.parametrize(
    ("written", "names", "size", "message"),
    [
        (MONTE_CARLO, ["a"], 0, "size must be at least 1"),
        (SOBOL, ["a"], 100, "power of two"),
        (SALTELLI, ["a"], 100, "power of two"),
        (LHS, [], 10, "at least one path"),
        (LHS, ["a", "a"], 10, "named twice"),
        (GRID, ["a"], 1, "lists values for"),
        (SALTELLI, [f"n{k}" for k in range(600)], 4, "at most 1024"),
        (MONTE_CARLO, ["a"], 10**9, "more than"),
    ],
)
def test_a_design_that_cannot_be_is_refused(written, names, size, message):
    with pytest.raises(InputError, match=message):
        lay(written, names, size)
