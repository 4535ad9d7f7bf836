"""Chunks of draws on any executor, answers in order; a dead worker costs one draw.

An executor is made by a function, since a process pool whose worker died is of no use
any more. Whatever was under way then is tried again alone, a draw at a time, so that
only a draw that kills its worker each time is lost.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import dataclass

from railsim.study.sweep.drawing import Answer, Draw, answer_draws

Hire = Callable[[int], AbstractContextManager[Executor]]
ATTEMPTS = 3  # of a draw, before its worker's deaths are taken for its fault
KILLED = f"its worker process died {ATTEMPTS} times"
_AHEAD = 2  # chunks a worker finds waiting
# What a distributed scheduler says of a task whose workers died; not installed here.
_DEATHS = ("BrokenProcessPool", "KilledWorker")


@dataclass(frozen=True, slots=True)
class Chunk:
    """Draws of one fidelity that are computed and kept together."""

    fidelity: str
    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Crew:
    """An executor, and how many chunks it works on at once."""

    hire: Hire
    jobs: int


Answered = tuple[Chunk, tuple[Answer, ...]]


def answer_chunks(text: str, chunks: Iterable[Chunk], crew: Crew) -> Iterator[Answered]:
    """Answers of all chunks as they come; few are under way or kept at a time."""
    coming, waiting = iter(chunks), deque[Chunk]()
    while _fill(waiting, coming, 1):
        suspects: list[Chunk] = []
        with crew.hire(crew.jobs) as executor:
            yield from _work(text, waiting, coming, executor, crew.jobs, suspects)
        for chunk in suspects:
            yield chunk, tuple(_answer_alone(text, chunk, crew))


def _fill(waiting: deque[Chunk], coming: Iterator[Chunk], count: int) -> bool:
    """Take chunks until so many wait; is there any?"""
    while len(waiting) < count:
        chunk = next(coming, None)
        if chunk is None:
            break
        waiting.append(chunk)
    return bool(waiting)


def _work(
    text: str,
    waiting: deque[Chunk],
    coming: Iterator[Chunk],
    executor: Executor,
    jobs: int,
    suspects: list[Chunk],
) -> Iterator[Answered]:
    """Until all is done, or a worker dies: then the chunks under way are suspects."""
    under_way: dict[Future[tuple[Answer, ...]], Chunk] = {}
    while _fill(waiting, coming, 1) or under_way:
        while _fill(waiting, coming, 1) and len(under_way) < _AHEAD * jobs:
            future = _submit(text, waiting[0], executor)
            if future is None:
                suspects += under_way.values()
                return
            under_way[future] = waiting.popleft()
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in [f for f in under_way if f in done]:
            chunk = under_way.pop(future)
            if has_died(future):
                suspects.append(chunk)
            else:
                yield chunk, future.result()
        if suspects:
            suspects += under_way.values()
            return


def _submit(
    text: str, chunk: Chunk, executor: Executor
) -> Future[tuple[Answer, ...]] | None:
    """Hand a chunk to a worker; None when the pool has lost one."""
    try:
        return executor.submit(answer_draws, text, chunk.fidelity, chunk.draws)
    except BrokenProcessPool:
        return None


def _answer_alone(text: str, chunk: Chunk, crew: Crew) -> Iterator[Answer]:
    for draw in chunk.draws:
        yield _answer_draw(text, chunk.fidelity, draw, crew)


def _answer_draw(text: str, fidelity: str, draw: Draw, crew: Crew) -> Answer:
    """One draw in a worker of its own; the chunk it came from was the first attempt."""
    for _ in range(1, ATTEMPTS):
        with crew.hire(1) as executor:
            future = executor.submit(answer_draws, text, fidelity, (draw,))
            wait([future])
            if not has_died(future):
                return future.result()[0]
    return Answer(draw.number, failure=KILLED, is_killed=True)


def has_died(future: Future[tuple[Answer, ...]]) -> bool:
    """Did the worker end before its work?"""
    error = future.exception()
    return error is not None and type(error).__name__ in _DEATHS
