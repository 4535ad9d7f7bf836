"""Samples: every path drawn at every point, as plain values."""

import pytest
from pydantic import TypeAdapter

from railsim.errors import InputError
from railsim.study.uncertainty.designs import Design, Grid, Morris, OneAtATime
from railsim.study.uncertainty.distributions import (
    Discrete,
    Distribution,
    Normal,
    Uniform,
)
from railsim.study.uncertainty.sampling import draw_sample, input_rows, value_at
from railsim.study.uncertainty.together import Pair, Split

DESIGN = TypeAdapter(Design)
GROWTH = Uniform(dist="uniform", low=2.0, high=4.0)
PACKAGE = Discrete(
    dist="discrete", values=("f1", "f2", 7), probabilities=(0.5, 0.25, 0.25)
)
UNCERTAIN: dict[str, Distribution] = {"growth": GROWTH, "package": PACKAGE}
SHARES = Split(means={"south": 0.7, "north": 0.3}, concentration=10.0)
PAIR = Pair(one="growth", other="south", rank_correlation=0.5)
BELL = Normal(dist="normal", mean=0.0, sd=1.0)
TO_THE_ENDS = Morris(kind="morris", levels=4, margin_share=0.0)
FAR = Normal(dist="normal", mean=0.0, sd=1.0, low=50.0, high=60.0)
ONE = OneAtATime(kind="one_at_a_time", low_probability=0.1, high_probability=0.9)


def draw(uncertain=UNCERTAIN, *, size=8, design=None, **more):
    return draw_sample(
        uncertain,
        method="copula",
        design=design or DESIGN.validate_python({"kind": "monte_carlo"}),
        size=size,
        seed=4,
        **more,
    )


def test_a_draw_gives_plain_values_by_path():
    found = value_at(draw(splits=[SHARES]), 3)

    assert found.keys() == {"growth", "package", "south", "north"}
    assert type(found["growth"]) is float
    assert found["package"] in {"f1", "f2", 7}
    assert found["south"] + found["north"] == pytest.approx(1.0)


def test_words_and_whole_numbers_keep_their_kind():
    kinds = {type(value) for value in draw(size=50).values["package"]}

    assert kinds == {str, int}


def test_rows_tell_value_and_uniform_of_every_draw():
    rows = list(input_rows(draw(size=2)))

    assert [(row.draw, row.param) for row in rows] == [
        (0, "growth"),
        (0, "package"),
        (1, "growth"),
        (1, "package"),
    ]
    assert rows[0].value == pytest.approx(2.0 + 2.0 * rows[0].u)


def test_a_factor_more_leaves_the_values_of_the_others():
    more = UNCERTAIN | {"a_new_one": GROWTH}

    assert draw(more).values["growth"].tolist() == draw().values["growth"].tolist()


def test_another_correlation_leaves_who_has_no_part_in_it():
    tied = draw(splits=[SHARES], pairs=[PAIR])

    assert tied.values["package"].tolist() == draw().values["package"].tolist()
    assert tied.values["growth"].tolist() == draw().values["growth"].tolist()


def test_what_does_not_move_stays_as_the_scenario_has_it():
    sample = draw(size=1, design=ONE)

    assert value_at(sample, 0) == {}
    assert value_at(sample, 2) == {"growth": pytest.approx(3.8)}
    assert next(input_rows(sample)).value is None


def test_a_grid_takes_its_values_from_the_design():
    grid = Grid(kind="grid", values={"start": (2026.25, 2026.75), "package": ("f1",)})

    sample = draw({}, size=1, design=grid)

    assert [value_at(sample, draw) for draw in range(2)] == [
        {"start": 2026.25, "package": "f1"},
        {"start": 2026.75, "package": "f1"},
    ]


def test_a_repair_of_correlations_is_remarked():
    pairs = [
        Pair(one=one, other=other, rank_correlation=-0.6)
        for one, other in (("growth", "a"), ("growth", "b"), ("a", "b"))
    ]

    sample = draw({"growth": GROWTH, "a": GROWTH, "b": GROWTH}, pairs=pairs)

    assert len(sample.remarks) == 1


@pytest.mark.parametrize(
    ("uncertain", "more", "message"),
    [
        (UNCERTAIN, {"design": Grid(kind="grid", values={"a": (1,)})}, "leave out"),
        (UNCERTAIN, {"design": ONE, "splits": [SHARES]}, "one share of a split"),
        (UNCERTAIN, {"design": ONE, "pairs": [PAIR]}, "leave out correlations"),
        ({"growth": FAR}, {}, "growth: nothing of the distribution"),
        ({"growth": BELL}, {"design": TO_THE_ENDS}, "growth: an infinite value"),
        ({"growth": GROWTH, "south": GROWTH}, {"splits": [SHARES]}, "named twice"),
    ],
)
def test_what_does_not_suit_is_refused_in_one_line(uncertain, more, message):
    with pytest.raises(InputError, match=message):
        draw(uncertain, **more)
