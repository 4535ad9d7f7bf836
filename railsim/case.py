"""What comes of one scenario under one seed: the whole model on one page."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from railsim.corridor.choosing.learning import (
    anchor_costs,
    calibrate,
    correct,
    own_elasticities,
    remember,
)
from railsim.corridor.choosing.memory import Memory, RouteOfFlow
from railsim.corridor.fingerprint import fingerprint
from railsim.corridor.plan import make_plan, make_renewed_plan
from railsim.corridor.services import planned_state
from railsim.corridor.storage import storage_paid
from railsim.corridor.tables import Plan
from railsim.engine.analytic import AnalyticYears
from railsim.engine.choose import Engine, engine_of
from railsim.engine.draws import Draws, draw
from railsim.engine.log import EventLog
from railsim.engine.measuring.meter import Meter
from railsim.engine.measuring.service import Service
from railsim.horizon.between import LivedYear, years_between
from railsim.horizon.years import horizon_of
from railsim.outcome import CalibrationRow, Outcome, YearRow
from railsim.scenario import Scenario, overlay
from railsim.tabulate import YearTables, tabulate_routes, tabulate_year

Trace = Callable[[str, int, Plan, Draws, EventLog], None]
Progress = Callable[[], None]


def evaluate(
    scenario: Scenario,
    seed: int,
    *,
    replication: int = 0,
    on_year: Progress | None = None,
    on_log: Trace | None = None,
) -> Outcome:
    """All alternatives of a scenario on the same draws.

    Shippers' constants are calibrated once, on the base year with its observed shares;
    then every alternative lives through its years with that taste. `on_year` is called
    after each simulated year, `on_log` with each year's events. Pure otherwise.
    """
    years: Years
    if scenario.run.fidelity == "analytic":
        years = AnalyticYears(scenario.kappa, on_year)
    else:
        engine = engine_of(scenario.run.engine)
        years = _EventYears(engine, seed, replication, on_year, on_log)
    memory, calibration = _calibrate_base_year(scenario, years)
    tables: list[YearTables] = []
    alternatives = list(worlds(scenario))
    for name, world in alternatives:
        tables += _live_through(world, name, memory, years)
    return Outcome(
        replication=replication,
        years=tuple(_year_rows(alternatives)),
        routes=tuple(row for t in tables for row in t.routes),
        flows=tuple(row for t in tables for row in t.flows),
        revenues=tuple(row for t in tables for row in t.revenues),
        steps=tuple(row for t in tables for row in t.steps),
        costs=tuple(row for t in tables for row in t.costs),
        emissions=tuple(row for t in tables for row in t.emissions),
        resources=tuple(row for t in tables for row in t.resources),
        sections=tuple(row for t in tables for row in t.sections),
        departures=tuple(row for t in tables for row in t.departures),
        calibration=calibration,
        warnings=(*_elasticity_warnings(scenario, calibration), *years.warnings()),
    )


def count_years(scenario: Scenario) -> int:
    """How many years `evaluate` reports to `on_year`."""
    horizons = [horizon_of(world) for _, world in worlds(scenario)]
    base_years = 1 + _calibration_rounds(scenario)
    return base_years + sum(len(horizon.simulated) for horizon in horizons)


def reported_years(scenario: Scenario) -> tuple[int, ...]:
    """The years that any alternative has rows of, ascending."""
    found = {y for _, world in worlds(scenario) for y in horizon_of(world).reported}
    return tuple(sorted(found))


def worlds(scenario: Scenario) -> Iterator[tuple[str, Scenario]]:
    """Every alternative with the scenario that it makes."""
    for name, alternative in scenario.alternatives.items():
        yield name, overlay(scenario, alternative.overlay)


class Years(Protocol):
    """Whoever says what a year offers: events, or closed forms."""

    def service(self, alternative: str, plan: Plan) -> Service:
        """What a year offered."""

    def warnings(self) -> Iterable[str]:
        """What must be said of the years."""


@dataclass(slots=True)
class _EventYears:
    """Simulates years; a year that was simulated before is not simulated again."""

    engine: Engine
    seed: int
    replication: int
    on_year: Progress | None
    on_log: Trace | None
    known: dict[str, Service] = field(default_factory=dict)

    def service(self, alternative: str, plan: Plan) -> Service:
        """What a year offered."""
        mark = fingerprint(plan)
        if mark not in self.known or self.on_log is not None:
            self.known[mark] = self._simulate(alternative, plan)
        if self.on_year is not None:
            self.on_year()
        return self.known[mark]

    def warnings(self) -> Iterable[str]:
        """Events need no excuse."""
        return ()

    def _simulate(self, alternative: str, plan: Plan) -> Service:
        draws = draw(plan, self.seed, self.replication)
        meter = Meter(plan, draws)
        if self.on_log is None:
            for page in self.engine.pages(plan, draws):
                meter.read(page)
            return meter.service()
        log = self.engine.simulate(plan, draws)
        self.on_log(alternative, plan.span.year, plan, draws, log)
        meter.read(log)
        return meter.service()


def _calibrate_base_year(
    scenario: Scenario, years: Years
) -> tuple[Memory, tuple[CalibrationRow, ...]]:
    """Find the taste that explains the observed shares of the base year.

    The year runs first at those shares, then as often as the scenario asks with
    shippers who learn, moving the constants by what the shares still miss.
    """
    first, state = scenario.run.first_year, planned_state(scenario)
    plan = make_plan(scenario, state, first, Memory())
    service = years.service("base year", plan)
    memory = _learn_from(scenario, plan, service, Memory())
    plan = make_plan(scenario, state, first, memory)
    memory = calibrate(scenario, plan, memory)
    for _ in range(_calibration_rounds(scenario)):
        plan = make_plan(scenario, state, first, memory)
        service = years.service("base year", plan)
        memory = correct(scenario, plan, memory, service.routes.lots.tolist())
    plan = make_plan(scenario, state, first, memory)
    return anchor_costs(plan, memory), _calibration_rows(plan, memory, service)


def _calibration_rounds(scenario: Scenario) -> int:
    """Closed forms at the observed shares are met exactly in the first."""
    is_analytic = scenario.run.fidelity == "analytic"
    return 0 if is_analytic else scenario.choice.calibration_rounds


def _calibration_rows(
    plan: Plan, memory: Memory, service: Service
) -> tuple[CalibrationRow, ...]:
    elasticity, rows = own_elasticities(plan, memory), []
    for c, f in enumerate(plan.chains.flow.tolist()):
        if f < 0:
            continue
        total = float(service.routes.kg[plan.flows.chains(f)].sum())
        key = (plan.flows.names[f], plan.chains.route[c])
        rows.append(
            CalibrationRow(
                *key,
                base_share=float(plan.choices.offers.base_share[c]),
                model_share=float(service.routes.kg[c]) / total if total else math.nan,
                asc=memory.asc[key],
                own_elasticity=elasticity[key],
            )
        )
    return tuple(rows)


def _live_through(
    world: Scenario, name: str, memory: Memory, years: Years
) -> Iterator[YearTables]:
    """The years of one world; each begins with what the last simulated one taught."""
    state, horizon = planned_state(world), horizon_of(world)
    before: LivedYear | None = None
    for year in horizon.simulated:
        if year > world.run.first_year:
            plan, memory = make_renewed_plan(world, state, year, memory)
        else:
            plan = make_plan(world, state, year, memory)
        service = years.service(name, plan)
        memory = _learn_from(world, plan, service, memory)
        now = LivedYear(plan, service.routes, memory)
        if before is not None and year - 1 in horizon.between:
            yield from _tables_between(world, name, before, now)
        yield tabulate_year(world, name, plan, service, memory.storage_usd)
        before = now


def _tables_between(
    world: Scenario, name: str, before: LivedYear, after: LivedYear
) -> Iterator[YearTables]:
    for lived in years_between(world, before, after):
        storage = lived.memory.storage_usd
        yield tabulate_routes(world, name, lived.plan, lived.routes, storage)


def _year_rows(alternatives: Iterable[tuple[str, Scenario]]) -> Iterator[YearRow]:
    """How each year of each world was made."""
    for name, world in alternatives:
        horizon = horizon_of(world)
        for year in horizon.reported:
            pair = horizon.between.get(year) or horizon.beside.get(year)
            made_by = "interpolated" if year in horizon.between else world.run.fidelity
            yield YearRow(name, year, made_by, *(pair or (None, None)))


def _learn_from(
    scenario: Scenario, plan: Plan, service: Service, memory: Memory
) -> Memory:
    """What a year taught: times met and storage paid."""
    storage = storage_paid(scenario, plan, service.steps.waited_days)
    return remember(memory, _times_met(plan, service), storage)


def _times_met(plan: Plan, service: Service) -> dict[RouteOfFlow, tuple[float, float]]:
    """Mean and deviation of the times lots met, for routes that delivered any."""
    met = {}
    for c, f in enumerate(plan.chains.flow.tolist()):
        mean = float(service.routes.lot_mean_h[c])
        if f >= 0 and math.isfinite(mean):
            key = (plan.flows.names[f], plan.chains.route[c])
            met[key] = (mean, float(service.routes.lot_sd_h[c]))
    return met


def _elasticity_warnings(
    scenario: Scenario, calibration: tuple[CalibrationRow, ...]
) -> tuple[str, ...]:
    """One line on the rail routes whose own elasticity is outside the usual range."""
    low, high = scenario.choice.elasticity_usual
    rail = [
        row
        for row in calibration
        if row.base_share > 0.0 and scenario.routes[row.route].mode == "rail"
    ]
    odd = [row for row in rail if not low <= row.own_elasticity <= high]
    if not odd:
        return ()
    oddest = max(odd, key=lambda row: max(low - row.own_elasticity, row.own_elasticity))
    return (
        f"W020 {len(odd)} of {len(rail)} rail routes of single flows have an own-cost "
        f"elasticity outside {low:g} to {high:g}, {oddest.flow} on {oddest.route} one "
        f"of {oddest.own_elasticity:.2f}; all are in calibration.csv",
    )
