"""Processes keep order, tell their steps and leave nobody behind."""

from __future__ import annotations

import multiprocessing
import threading
import time

import pytest

from railsim.errors import InputError
from railsim.study.executors import Advance, processes


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
