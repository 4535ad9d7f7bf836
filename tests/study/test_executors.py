"""Processes keep order, tell their steps and leave nobody behind."""

from __future__ import annotations

import errno
import multiprocessing
import signal
import threading
import time
from multiprocessing import spawn

import pytest

from railsim.errors import InputError
from railsim.study.executors import Advance, WorkerError, processes


def double(advance: Advance, number: int) -> int:
    for _ in range(number):
        advance()
    time.sleep(0.02 * (5 - number))
    return 2 * number


def refuse(_advance: Advance) -> None:
    raise InputError("no")


def go_on(advance: Advance) -> None:
    for _ in range(2000):
        time.sleep(0.01)
        advance()


def test_results_come_in_order_and_every_step_is_told() -> None:
    told: list[str] = []

    with processes(2) as crew:
        futures = [crew.submit(double, number) for number in (4, 1, 3)]
        results = list(
            crew.results(futures, lambda: told.append(threading.current_thread().name))
        )

    assert results == [8, 2, 6]
    assert told == [threading.current_thread().name] * 8


def test_a_failure_ends_the_others() -> None:
    began = time.monotonic()

    with pytest.raises(InputError, match="no"), processes(2) as crew:
        list(crew.results([crew.submit(go_on), crew.submit(refuse)], lambda: None))

    assert time.monotonic() - began < 15.0  # of the 20 s that the other would take
    assert multiprocessing.active_children() == []


def test_an_interrupt_ends_all() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    began = time.monotonic()

    with pytest.raises(KeyboardInterrupt), processes(2) as crew:
        list(crew.results([crew.submit(go_on), crew.submit(go_on)], interrupt))

    assert time.monotonic() - began < 15.0


def test_a_worker_that_dies_while_another_starts_is_reported(monkeypatch):
    prepare = spawn.get_preparation_data

    def slowly(name):
        others = multiprocessing.active_children()
        for worker in others:
            worker.kill()
        time.sleep(0.5 if others else 0.0)
        return prepare(name)

    monkeypatch.setattr(spawn, "get_preparation_data", slowly)

    with pytest.raises(WorkerError, match="a worker process died"):
        work_in_two()


def test_where_no_process_can_be_started_that_is_said(monkeypatch):
    def refuse(_name):
        raise BlockingIOError(errno.EAGAIN, "try again")

    monkeypatch.setattr(spawn, "get_preparation_data", refuse)

    with pytest.raises(WorkerError, match="perhaps for want of memory"):
        work_in_two()


def test_an_interrupt_waits_until_a_process_has_started(monkeypatch):
    prepare = spawn.get_preparation_data
    begun, whole = [], []

    def interrupted(name):
        begun.append(name)
        if len(begun) == 2:
            signal.raise_signal(signal.SIGINT)
        whole.append(name)
        return prepare(name)

    monkeypatch.setattr(spawn, "get_preparation_data", interrupted)

    with pytest.raises(KeyboardInterrupt):
        work_in_two()

    assert whole == begun
    assert multiprocessing.active_children() == []


def work_in_two() -> None:
    """Keep two processes at work until something goes wrong."""
    with processes(2) as crew:
        futures = [crew.submit(go_on) for _ in range(2)]
        list(crew.results(futures, lambda: None))
