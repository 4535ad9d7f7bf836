"""Whoever says what a year offers: events, or closed forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from railsim.corridor.tables import Plan
from railsim.engine.analytic import AnalyticYears
from railsim.engine.choose import Engine, engine_of
from railsim.engine.diary import Diary
from railsim.engine.draws import Draws, draw
from railsim.engine.log import EventLog
from railsim.engine.measuring.meter import Meter
from railsim.engine.measuring.service import Service
from railsim.scenario import Scenario
from railsim.scenario.schema.run import Run

Trace = Callable[[str, int, Plan, Draws, EventLog], None]
Progress = Callable[[], None]


class Years(Protocol):
    """Says what years offer, one after another."""

    @property
    def can_be_shared(self) -> bool:
        """Whether a year that two worlds have in common need be said only once."""

    def service(self, alternative: str, plan: Plan) -> Service:
        """What a year offered."""

    def passed(self) -> None:
        """A year went by that was said before."""

    def warnings(self) -> Iterable[str]:
        """What must be said of the years."""


@dataclass(slots=True)
class _EventYears:
    """Simulates years; whoever asks for events is told those of every world."""

    run: Run
    engine: Engine
    seed: int
    replication: int
    on_year: Progress | None
    on_log: Trace | None

    @property
    def can_be_shared(self) -> bool:
        """Whether a year that two worlds have in common need be said only once."""
        return self.on_log is None

    def service(self, alternative: str, plan: Plan) -> Service:
        """What a year offered."""
        service = self._simulate(alternative, plan)
        self.passed()
        return service

    def passed(self) -> None:
        """A year went by that was said before."""
        if self.on_year is not None:
            self.on_year()

    def warnings(self) -> Iterable[str]:
        """Events need no excuse."""
        return ()

    def _simulate(self, alternative: str, plan: Plan) -> Service:
        draws = draw(plan, self.seed, self.replication)
        meter, diary = Meter(plan, draws), Diary.of(self.run, plan, self.replication)
        for page in self._pages(alternative, plan, draws):
            meter.read(page)
            if diary is not None:
                diary.read(page)
        if diary is None:
            return meter.service()
        return replace(meter.service(), days=diary.days(), trains=diary.trains())

    def _pages(self, alternative: str, plan: Plan, draws: Draws) -> Iterable[EventLog]:
        if self.on_log is None:
            return self.engine.pages(plan, draws)
        log = self.engine.simulate(plan, draws)
        self.on_log(alternative, plan.span.year, plan, draws, log)
        return (log,)


def years_of(
    scenario: Scenario,
    seed: int,
    replication: int,
    on_year: Progress | None,
    on_log: Trace | None,
) -> Years:
    """Who says it in the fidelity that the scenario asks for."""
    if scenario.run.fidelity == "analytic":
        return AnalyticYears(scenario.kappa, on_year)
    engine = engine_of(scenario.run.engine)
    return _EventYears(scenario.run, engine, seed, replication, on_year, on_log)
