"""The years of all worlds from the first to the last, and the tables of each.

Worlds that open the same in the same days are one world until one of them opens more:
what they live through alike is lived through once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from railsim.corridor.choosing.memory import Memory
from railsim.corridor.plan import make_plan, make_renewed_plan
from railsim.corridor.services import NetworkState, planned_state
from railsim.corridor.time.clock import span_of
from railsim.horizon.between import LivedYear, years_between
from railsim.horizon.years import horizon_of
from railsim.living.learning import learn_from
from railsim.living.worlds import TRAFFIC, World
from railsim.living.years import Years
from railsim.outcome import YearRow
from railsim.scenario import Scenario
from railsim.sharing import marks_of
from railsim.tabulate import KINDS, YearTables, tabulate_routes, tabulate_year

Lives = dict[str, list[YearTables]]
LASTING = tuple(name for name in TRAFFIC if name != "openings")
Past = tuple[object, ...]  # all that decides what a simulated year is like


@dataclass(frozen=True, slots=True)
class _Step:
    """A simulated year of a world, its tables, and those of years that led up to it."""

    world: str
    lived: LivedYear
    tables: tuple[YearTables, ...]


@dataclass(slots=True)
class _Shared:
    """Steps that worlds have in common, until the last of them has taken each."""

    wanted: Counter[Past]
    known: dict[Past, _Step] = field(default_factory=dict)

    def keep(self, past: Past, step: _Step) -> None:
        """Remember a step as long as another world will take it."""
        self.wanted[past] -= 1
        self.known[past] = step
        if self.wanted[past] == 0:
            del self.known[past]


def live_through(
    worlds: Sequence[World],
    memory: Memory,
    years: Years,
    kinds: Collection[str] = KINDS,
) -> Lives:
    """The tables of every world, year by year.

    All begin with the same memory; each year begins with what the last simulated one
    taught.
    """
    shared = _Shared(Counter(past for w in worlds for past in _pasts(w.scenario)))
    return {
        world.name: [*_live(world, memory, years, kinds, shared)] for world in worlds
    }


def _live(
    world: World,
    memory: Memory,
    years: Years,
    kinds: Collection[str],
    shared: _Shared,
) -> Iterator[YearTables]:
    before: LivedYear | None = None
    simulated = horizon_of(world.scenario).simulated
    for year, past in zip(simulated, _pasts(world.scenario), strict=True):
        step = shared.known.get(past) if years.can_be_shared else None
        if step is None:
            step = _take(world, year, before or memory, years, kinds)
        else:
            years.passed()
        shared.keep(past, step)
        is_own = step.world == world.name
        yield from (t if is_own else t.named(world.name) for t in step.tables)
        before = step.lived


def _take(
    world: World,
    year: int,
    before: LivedYear | Memory,
    years: Years,
    kinds: Collection[str],
) -> _Step:
    scenario, state = world.scenario, planned_state(world.scenario)
    memory = before if isinstance(before, Memory) else before.memory
    if year > scenario.run.first_year:
        plan, memory = make_renewed_plan(scenario, state, year, memory)
    else:
        plan = make_plan(scenario, state, year, memory)
    service = years.service(world.name, plan)
    memory = learn_from(scenario, plan, service, memory)
    now = LivedYear(plan, service.routes, memory)
    tables = []
    if isinstance(before, LivedYear) and year - 1 in horizon_of(scenario).between:
        tables += [*_tables_between(world, before, now)]
    storage = memory.storage_usd
    tables.append(tabulate_year(scenario, world.name, plan, service, storage, kinds))
    return _Step(world.name, now, tuple(tables))


def _tables_between(
    world: World, before: LivedYear, after: LivedYear
) -> Iterator[YearTables]:
    for lived in years_between(world.scenario, before, after):
        told = (lived.plan, lived.routes, lived.memory.storage_usd)
        yield tabulate_routes(world.scenario, world.name, *told)


def _pasts(world: Scenario) -> Iterator[Past]:
    """For each simulated year, what the world is like and what has opened so far."""
    lasting = marks_of(world, LASTING)
    state, opened = planned_state(world), tuple[object, ...]()
    for year in horizon_of(world).simulated:
        opened = (*opened, (year, *_open_in(world, state, year)))
        yield (lasting, *opened)


def _open_in(
    world: Scenario, state: NetworkState, year: int
) -> Iterator[tuple[str, object]]:
    """What opens before a year is over."""
    run = world.run
    span = span_of(year, warmup_days=run.warmup_days, drain_days=run.drain_days)
    for name in state.until(span.stop_ms).opens_year:
        yield name, world.openings[name]


def year_rows(name: str, world: Scenario) -> Iterator[YearRow]:
    """How each year of a world was made."""
    horizon = horizon_of(world)
    for year in horizon.reported:
        pair = horizon.between.get(year) or horizon.beside.get(year)
        made_by = "interpolated" if year in horizon.between else world.run.fidelity
        yield YearRow(name, year, made_by, *(pair or (None, None)))
