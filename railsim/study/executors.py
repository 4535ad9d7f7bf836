"""Processes that work side by side and tell each step they take.

A task gets a function `advance` before its own arguments, to be called after each step.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Any

from railsim.errors import InputError, RailsimError
from railsim.scenario import ScenarioError

Advance = Callable[[], None]
_LOOK_S = 0.1
_FAREWELL_S = 2.0


class WorkerError(RailsimError):
    """A worker process ended before its work: killed, or out of memory."""

    exit_code = 3


@dataclass(frozen=True)
class Crew:
    """Workers: `submit(task, *arguments)` gives a future, steps arrive in `ticks`."""

    submit: Callable[..., Future[Any]]
    ticks: Any

    def results(
        self, futures: Iterable[Future[Any]], advance: Advance
    ) -> Iterator[Any]:
        """Results in order; `advance` is called for each step, in this thread.

        A failure is raised as soon as it is seen. No result is kept.
        """
        waiting = deque(futures)
        while waiting:
            wait([waiting[0]], timeout=_LOOK_S)
            while not self.ticks.empty():
                self.ticks.get()
                advance()
            for future in waiting:
                if future.done():
                    future.result()
            while waiting and waiting[0].done():
                yield waiting.popleft().result()


@contextmanager
def processes(jobs: int) -> Iterator[Crew]:
    """Processes; on any way out none is left. Raises WorkerError when one dies.

    Tasks and arguments travel: tasks must be importable by name.
    """
    ticks = multiprocessing.get_context("spawn").SimpleQueue()
    try:
        with process_pool(jobs, ticks) as pool:

            def submit(task: Callable[..., Any], *arguments: Any) -> Future[Any]:
                return pool.submit(_work, task, *arguments)

            yield Crew(submit, ticks)
    except BrokenProcessPool:
        message = "a worker process died, perhaps for want of memory (try --jobs 1)"
        raise WorkerError(message) from None


@contextmanager
def process_pool(jobs: int, ticks: Any = None) -> Iterator[ProcessPoolExecutor]:
    """Processes that follow their parent; on any way out none is left.

    They start as they are needed. Raises BrokenProcessPool when one dies or none more
    can be started.
    """
    context = multiprocessing.get_context("spawn")
    before = set(multiprocessing.active_children())
    pool = _Pool(jobs, mp_context=context, initializer=_start_worker, initargs=(ticks,))
    try:
        yield pool
    finally:
        _dismiss(pool, before)


class _Pool(ProcessPoolExecutor):
    """Starts processes in one piece, and calls it broken if one cannot be started."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        try:
            with _later_interrupted():
                return super().submit(fn, *args, **kwargs)
        except OSError as error:  # no memory, or another died meanwhile
            raise BrokenProcessPool(str(error)) from None


@contextmanager
def _later_interrupted() -> Iterator[None]:
    """Signals wait: a process that is interrupted while it starts another leaves one
    that complains of it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(n, lambda *told: came.append(told)) for n in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
    for arrived, frame in came:
        handler = before[numbers.index(signal.Signals(arrived))]
        if callable(handler):
            handler(arrived, frame)


def _dismiss(pool: ProcessPoolExecutor, before: set[BaseProcess]) -> None:
    """End all workers, idle or not, and the thread that looks after them."""
    workers = set(multiprocessing.active_children()) - before
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(_FAREWELL_S)
        if worker.is_alive():
            worker.kill()
    pool.shutdown(wait=True, cancel_futures=True)


_ticks: Any = None  # of this worker process; set once, when it starts


def _start_worker(ticks: Any) -> None:
    """The parent alone answers signals, and no worker outlives it."""
    global _ticks
    _ticks = ticks
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(task: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return task(lambda: _ticks.put(1), *arguments)
    except ScenarioError as error:  # its text travels between processes, it does not
        raise InputError(str(error)) from None
