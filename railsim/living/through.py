"""A world's years from the first to the last, and the tables of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan, make_renewed_plan
from railsim.corridor.services import planned_state
from railsim.horizon.between import LivedYear, years_between
from railsim.horizon.years import horizon_of
from railsim.living.learning import learn_from
from railsim.living.years import Years
from railsim.outcome import YearRow
from railsim.scenario import Scenario
from railsim.tabulate import KINDS, YearTables, tabulate_routes, tabulate_year


def live_through(
    world: Scenario,
    name: str,
    memory: Memory,
    years: Years,
    kinds: Collection[str] = KINDS,
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
        memory = learn_from(world, plan, service, memory)
        now = LivedYear(plan, service.routes, memory)
        if before is not None and year - 1 in horizon.between:
            yield from _tables_between(world, name, before, now)
        yield tabulate_year(world, name, plan, service, memory.storage_usd, kinds)
        before = now


def _tables_between(
    world: Scenario, name: str, before: LivedYear, after: LivedYear
) -> Iterator[YearTables]:
    for lived in years_between(world, before, after):
        storage = lived.memory.storage_usd
        yield tabulate_routes(world, name, lived.plan, lived.routes, storage)


def year_rows(name: str, world: Scenario) -> Iterator[YearRow]:
    """How each year of a world was made."""
    horizon = horizon_of(world)
    for year in horizon.reported:
        pair = horizon.between.get(year) or horizon.beside.get(year)
        made_by = "interpolated" if year in horizon.between else world.run.fidelity
        yield YearRow(name, year, made_by, *(pair or (None, None)))
