"""A worker that dies costs nothing but the draw that kills it."""

import multiprocessing
import os
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

import pytest

from railsim.study.sweep.crews import KILLED, Chunk, Crew, answer_chunks
from railsim.study.sweep.drawing import Answer, Draw

pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
CHUNKS = [
    Chunk("analytic", tuple(Draw(n, n, {}) for n in (first, first + 1)))
    for first in range(0, 8, 2)
]


def echo(_text, _fidelity, draws):
    """An answer for each draw."""
    return tuple(Answer(draw.number) for draw in draws)


def die_at(deadly, text, fidelity, draws):
    """The same, but some draws kill their worker."""
    if any(draw.number in deadly for draw in draws):
        os._exit(9)
    return echo(text, fidelity, draws)


def die_once(mark, text, fidelity, draws):
    """The first worker that gets here dies."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return echo(text, fidelity, draws)
    os._exit(9)


class Instead(Executor):
    """Gives its workers another task than the one it is asked for."""

    def __init__(self, pool, task, *arguments):
        self.pool, self.task, self.arguments = pool, task, arguments

    def submit(self, _task, /, *arguments, **_):
        """Hand on the other task."""
        return self.pool.submit(self.task, *self.arguments, *arguments)


def crew_of(task, *arguments, jobs=2):
    """Real processes with another task, copies of this one so that they start soon."""

    @contextmanager
    def hire(count):
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            yield Instead(pool, task, *arguments)

    return Crew(hire, jobs)


def answers(crew, chunks=CHUNKS):
    """Draw -> why it failed."""
    found = {}
    for _, several in answer_chunks("", chunks, crew):
        found |= {answer.draw: answer.failure for answer in several}
    return found


def test_every_draw_is_answered_once():
    several = [
        a.draw for _, got in answer_chunks("", CHUNKS, crew_of(echo)) for a in got
    ]

    assert sorted(several) == list(range(8))


def test_a_draw_that_always_kills_its_worker_is_one_failed_row():
    assert answers(crew_of(die_at, frozenset({3}))) == {
        **dict.fromkeys(range(8), ""),
        3: KILLED,
    }


def test_draws_that_kill_their_workers_are_all_told():
    assert answers(crew_of(die_at, frozenset({0, 7}), jobs=1)) == {
        **dict.fromkeys(range(8), ""),
        0: KILLED,
        7: KILLED,
    }


def test_a_worker_that_dies_once_costs_nothing(tmp_path):
    crew = crew_of(die_once, tmp_path / "mark")

    assert answers(crew) == dict.fromkeys(range(8), "")


def test_chunks_are_taken_as_they_are_needed():
    taken = []

    def coming():
        for number in range(100):
            taken.append(number)
            yield Chunk("analytic", (Draw(number, number, {}),))

    found = answer_chunks("", coming(), crew_of(echo, jobs=1))
    next(found)
    found.close()

    assert len(taken) < 10
