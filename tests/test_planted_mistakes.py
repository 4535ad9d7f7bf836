"""The mistakes that are planted still fit the source they are planted in."""

import ast

import pytest

from benchmarks import planted_mistakes as planting
from tests.sources import PACKAGE

MISTAKES = planting.read_mistakes()
WANTED = 40  # of issue 4


def test_mistakes_are_planted_in_every_room_of_money():
    assert len(MISTAKES) >= WANTED
    assert {mistake.room for mistake in MISTAKES} == planting.ROOMS.keys()


@pytest.mark.parametrize("file", sorted({mistake.file for mistake in MISTAKES}))
def test_every_planted_text_stands_once_in_its_file_and_makes_a_program(file):
    text = (PACKAGE / file).read_text(encoding="utf-8")

    for mistake in MISTAKES:
        if mistake.file == file:
            wrong = planting.planted(mistake)
            assert ast.dump(ast.parse(wrong)) != ast.dump(ast.parse(text))


def test_a_text_that_is_no_longer_there_is_an_error():
    (file, *_) = {mistake.file for mistake in MISTAKES}
    gone = planting.Mistake(file, "nothing", "no such text", "other")

    with pytest.raises(ValueError, match="stands there 0 times, not once"):
        planting.planted(gone)


def test_every_mistake_is_answered_for_by_tests_that_exist():
    for mistake in MISTAKES:
        nearest, rooms = mistake.tests
        assert rooms
        assert all((PACKAGE.parent / path).exists() for path in (*nearest, *rooms))


@pytest.mark.parametrize(
    ("output", "by", "test"),
    [
        (
            "FAILED tests/x/test_a.py::test_b - assert 1 == 2\n1 failed",
            "test",
            "test_a.py::test_b",
        ),
        (
            "FAILED tests/x/test_a.py::test_b - railsim.finance.measures.checking."
            "BrokenAccountsError: cash closes of owner: 2.0, at most 1e-06",
            "check: cash closes",
            "test_a.py::test_b",
        ),
        (
            "FAILED tests/x/test_a.py::test_b - railsim.appraisal.ledger."
            "AppraisalError: transfer cancels (charges): 2 is more than 1",
            "check: transfer cancels",
            "test_a.py::test_b",
        ),
        (
            "ERROR tests/x/test_a.py::test_b - ValueError: no",
            "test",
            "test_a.py::test_b",
        ),
        ("ERROR tests/x/test_a.py - SyntaxError: a::b", planting.BROKEN, None),
    ],
)
def test_who_noticed_a_mistake_is_read_from_the_summary(output, by, test):
    found, name = planting.first_failure(output)

    assert found == by
    assert test is None or name == test
