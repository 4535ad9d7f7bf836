"""Rows become numbers as the outputs of a study say."""

from dataclasses import dataclass

import pytest

from railsim.outcome import AlternativeRow
from railsim.study.files.schema import Output
from railsim.study.sweep.cells import World
from railsim.study.sweep.metrics import measure_worlds

WORLDS = [
    World("without", "without", {}),
    World("with a", "with", {"x": "a"}),
    World("with b", "with", {"x": "b"}),
]


@dataclass
class Row:
    """As much of a row of routes as is needed here."""

    alternative: str
    mode: str
    year: int
    tonnes: float
    teu: float
    time_mean_h: float = 1.0


@dataclass
class Answers:
    """An outcome with one table."""

    alternatives: tuple[AlternativeRow, ...]
    routes: tuple[Row, ...]


ANSWERS = Answers(
    tuple(AlternativeRow(w.name, "", w.name) for w in WORLDS),
    (
        Row("without", "sea", 2030, 60.0, 6.0, 200.0),
        Row("without", "road", 2030, 40.0, 4.0, float("nan")),
        Row("with a", "rail", 2030, 30.0, 1.0, 40.0),
        Row("with a", "sea", 2030, 90.0, 3.0, 80.0),
        Row("with b", "rail", 2031, 7.0, 1.0, 50.0),
    ),
)


def measured(**output):
    """World -> number of one output."""
    told = Output(table="routes", **{"column": "tonnes", **output})
    found = measure_worlds(ANSWERS, {"it": told}, WORLDS)
    return {world: value for (world, _), value in found.items()}


def test_a_sum_is_over_the_rows_that_fit():
    assert measured(where={"year": 2030}) == {
        "without": 100.0,
        "with a": 120.0,
        "with b": 0.0,
    }


def test_a_list_of_values_fits_any_of_them():
    wanted = {"year": (2030, 2031), "mode": ("rail", "road")}

    assert measured(where=wanted) == {"without": 40.0, "with a": 30.0, "with b": 7.0}


def test_a_share_is_missing_where_its_whole_is_nothing():
    found = measured(where={"year": 2030, "mode": "rail"}, share_of={"year": 2030})

    assert found == {"without": 0.0, "with a": 0.25, "with b": None}


def test_a_mean_is_weighted_and_passes_over_what_is_unknown():
    found = measured(
        column="time_mean_h", aggregate="mean", weight="teu", where={"year": 2030}
    )

    assert found == {"without": 200.0, "with a": 70.0, "with b": None}


def test_extremes_are_missing_where_there_are_no_rows():
    assert measured(aggregate="min", where={"year": 2030})["with b"] is None
    assert measured(aggregate="max", where={"year": 2030})["with a"] == 90.0


def test_a_difference_is_within_the_draw():
    assert measured(against="without") == {
        "without": 0.0,
        "with a": 20.0,
        "with b": -93.0,
    }


def test_a_difference_within_the_grid_is_within_the_cell():
    assert measured(against="with")["with a"] == 0.0
    assert measured(against="with")["with b"] == 0.0


def test_an_output_may_be_divided_by_the_values_of_a_column():
    told = Output(table="routes", column="tonnes", by=("mode",))

    found = measure_worlds(ANSWERS, {"it": told}, WORLDS)

    assert found["without", "it.sea"] == 60.0
    assert found["with a", "it.rail"] == 30.0
    assert found["with a", "it.road"] == 0.0


def test_worlds_with_the_same_traffic_share_its_rows():
    twins = (AlternativeRow("twin", "", "with a"), *ANSWERS.alternatives)
    told = Output(table="routes", column="tonnes", where={"mode": "rail"})

    found = measure_worlds(
        Answers(twins, ANSWERS.routes), {"it": told}, [World("twin", "twin", {})]
    )

    assert found == {("twin", "it"): 30.0}


@pytest.mark.parametrize("wrong", [{"weight": "teu"}, {"aggregate": "median"}])
def test_an_output_that_makes_no_sense_is_refused(wrong):
    with pytest.raises(ValueError, match=r"weight|aggregate"):
        Output(table="routes", column="tonnes", **wrong)
