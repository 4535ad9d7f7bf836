"""Replications side by side, in order and with progress by the year."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from railsim.case import evaluate
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.log import EventLog
from railsim.outcome import Outcome
from railsim.scenario import Scenario
from railsim.study.executors import Advance, processes

TraceYear = Callable[[int, str, int, Plan, Draws, EventLog], bytes]


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
) -> Iterator[Replication]:
    """Evaluate replications, in order; the answer does not depend on `jobs`.

    `trace_year` packs a year's events and must be importable by name. Raises
    WorkerError when a process dies; on any way out no worker is left.
    """
    workers = min(jobs, len(numbers))
    if workers <= 1:
        for number in numbers:
            yield _evaluate(advance, scenario, seed, number, trace_year)
        return
    with processes(workers) as crew:
        futures = (
            crew.submit(_evaluate, scenario, seed, number, trace_year)
            for number in numbers
        )
        yield from crew.results(futures, advance)


def _evaluate(
    advance: Advance,
    scenario: Scenario,
    seed: int,
    number: int,
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
