"""Replications side by side in processes, in order and with progress by the year."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from railsim.case import evaluate
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.errors import InputError, RailsimError
from railsim.outcome import Outcome
from railsim.scenario import Scenario, ScenarioError

TraceYear = Callable[[int, str, int, Plan, Draws, EventLog], bytes]
Advance = Callable[[], None]
_LOOK_S = 0.1
_FAREWELL_S = 2.0


class WorkerError(RailsimError):
    """A worker process ended before its work: killed, or out of memory."""

    exit_code = 3


class Progress(Protocol):
    """Who is told how far the work is."""

    def expect(self, years: int) -> None:
        """So many more years will be simulated."""

    def advance(self) -> None:
        """One of them is done."""


@dataclass(frozen=True)
class YearTrace:
    """The packed events of one simulated year."""

    alternative: str
    year: int
    replication: int
    content: bytes


@dataclass(frozen=True)
class Replication:
    """What came of a scenario under one year of luck, and the events if asked for."""

    outcome: Outcome
    traces: tuple[YearTrace, ...]


def usual_jobs(replications: int) -> int:
    """One process a replication, as far as there are processors."""
    return max(1, min(os.cpu_count() or 1, replications))


def run_replications(
    scenario: Scenario,
    seed: int,
    numbers: Sequence[int],
    *,
    jobs: int,
    advance: Advance,
    trace_year: TraceYear | None = None,
) -> list[Replication]:
    """Evaluate replications by their numbers; the answer does not depend on `jobs`.

    `trace_year` packs a year's events and must be importable by name. Raises
    WorkerError when a process dies; on any way out no process is left.
    """
    if jobs <= 1 or len(numbers) <= 1:
        return [
            _evaluate(scenario, seed, number, advance, trace_year) for number in numbers
        ]
    context = multiprocessing.get_context("spawn")
    ticks = context.SimpleQueue()
    before = set(multiprocessing.active_children())
    pool = _pool(context, min(jobs, len(numbers)), ticks)
    try:
        futures = [
            pool.submit(_work, scenario, seed, number, trace_year) for number in numbers
        ]
        _watch(futures, ticks, advance)
        return [future.result() for future in futures]
    except BrokenProcessPool:
        message = "a worker process died, perhaps for want of memory (try --jobs 1)"
        raise WorkerError(message) from None
    finally:
        _dismiss(pool, before)


def _pool(context: BaseContext, jobs: int, ticks: Any) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        jobs, mp_context=context, initializer=_start_worker, initargs=(ticks,)
    )


def _watch(futures: list[Future[Replication]], ticks: Any, advance: Advance) -> None:
    """Pass progress on until all is done or something fails."""
    pending = set(futures)
    while pending:
        done, pending = wait(pending, timeout=_LOOK_S)
        while not ticks.empty():
            ticks.get()
            advance()
        for future in done:
            future.result()


def _dismiss(pool: ProcessPoolExecutor, before: set[BaseProcess]) -> None:
    """Let idle workers go; end those that still work because something failed."""
    pool.shutdown(wait=False, cancel_futures=True)
    workers = set(multiprocessing.active_children()) - before
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(_FAREWELL_S)
        if worker.is_alive():
            worker.kill()
    pool.shutdown(wait=True)


def _evaluate(
    scenario: Scenario,
    seed: int,
    number: int,
    advance: Advance,
    trace_year: TraceYear | None,
) -> Replication:
    traces: list[YearTrace] = []

    def keep(name: str, year: int, plan: Plan, draws: Draws, log: EventLog) -> None:
        assert trace_year is not None
        content = trace_year(number, name, year, plan, draws, log)
        traces.append(YearTrace(name, year, number, content))

    on_log = None if trace_year is None else keep
    outcome = evaluate(
        scenario, seed, replication=number, on_year=advance, on_log=on_log
    )
    return Replication(outcome, tuple(traces))


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


def _work(
    scenario: Scenario, seed: int, number: int, trace_year: TraceYear | None
) -> Replication:
    try:
        return _evaluate(scenario, seed, number, lambda: _ticks.put(1), trace_year)
    except ScenarioError as error:  # its text travels between processes, it does not
        raise InputError(str(error)) from None
