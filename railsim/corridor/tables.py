"""The arrays an engine runs: a year of the corridor, without names, units or prose.

Indices everywhere: r resource, s step, c chain, f flow, v service, l line, t station of
a line, p place. Times are whole milliseconds, loads whole TEU and kilograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.time.clock import Span
from railsim.corridor.time.hours import Factor
from railsim.corridor.time.timetables import Departures, Runs, in_order_of_time
from railsim.corridor.time.timing import Timing
from railsim.scenario.schema.chance import Disruption, Regime
from railsim.scenario.schema.demand import Arrivals
from railsim.scenario.schema.timing import Distribution


class Word(IntEnum):
    """What a resource is; a step on a pool either takes or gives."""

    TRAVEL = 0
    STATION = 1
    DEPARTURE = 2
    LINE = 3
    POOL = 4


class Act(IntEnum):
    """What a unit does in a step."""

    TRAVEL = 0
    SERVE = 1
    RIDE = 2
    RUN = 3
    TAKE = 4
    GIVE = 5


class Unit(IntEnum):
    """What a service time or a token is counted by."""

    ONE = 0
    BOX = 1
    TEU = 2
    TRUCK = 3
    TONNE = 4


@dataclass(frozen=True, slots=True)
class Stream:
    """A named source of times: one uniform a unit, one draw times `unit` count."""

    name: str
    timing: Timing
    unit: Unit = Unit.ONE


@dataclass(frozen=True, slots=True)
class Resources:
    """All that can be full or closed. `room` -1 is unbounded."""

    names: tuple[str, ...]
    word: Ints
    capacity: Ints
    room: Ints
    is_must_finish: Flags
    breakdown_streams: dict[int, tuple[float, Distribution]]


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines by their sections; the tracks of a line's last station are its end."""

    of_resource: Ints
    first_section: Ints
    section_count: Ints
    track_count: Ints
    loop_tracks: tuple[Ints, ...]
    clear_ms: Ints
    stop_loss_ms: Ints


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps of all chains, one after another.

    `slot` is the column of the unit's times (-1 none), `visit` the column of its visit
    uniforms (-1 always), visited when `low <= u < high`; `regime` -1 none, and
    `is_regime_on` whether the regime must rule or must not. A run on a line goes from
    station `first` to station `last`; its times begin at `slot`.
    """

    act: Ints
    resource: Ints
    slot: Ints
    visit: Ints
    low: Floats
    high: Floats
    regime: Ints
    is_regime_on: Flags
    unit: Ints
    place: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Chains:
    """Steps `begin[c]` to `begin[c + 1]` are chain c: a flow's route, or a service."""

    begin: Ints
    flow: Ints
    route: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Services:
    """What every direction of a service carries, and when it leaves."""

    resource: Ints
    of_resource: Ints
    chain: Ints
    priority: Ints
    capacity_teu: Ints
    capacity_kg: Ints
    cutoff_ms: Ints
    min_load_share: Floats
    max_cancel: Ints
    is_overtaking: Flags
    is_splittable: Flags
    hold_ms: Ints
    cancelled_share: Floats
    lateness: tuple[Distribution | None, ...]
    streams: tuple[tuple[Stream, ...], ...]
    runs: tuple[Runs, ...]

    @property
    def departures(self) -> Departures:
        """All runs in order of time."""
        return in_order_of_time(self.runs)


@dataclass(frozen=True, slots=True)
class Cargo:
    """What the lots of a flow are like. `size_teu[f]` has `size_probability[f]`."""

    is_bulk: Flags
    priority: Ints
    kg_per_teu: Ints
    kg_per_truck: Ints
    is_heavy: Flags
    forty_foot_share: Floats
    size_teu: tuple[Ints, ...]
    size_probability: tuple[Floats, ...]


@dataclass(frozen=True, slots=True)
class Flows:
    """What is shipped. Chains of flow f are `chain_begin[f]` to `chain_begin[f + 1]`.

    `streams` and `visits` name the columns of times and of visit uniforms.
    """

    names: tuple[str, ...]
    chain_begin: Ints
    cargo: Cargo
    arrivals: tuple[Arrivals, ...]
    streams: tuple[tuple[Stream, ...], ...]
    visits: tuple[tuple[str, ...], ...]

    def chains(self, f: int) -> range:
        """The chains of flow f."""
        return range(*self.chain_begin[f : f + 2].tolist())


@dataclass(frozen=True, slots=True)
class Tastes:
    """What the shippers of a flow weigh, per flow; values per TEU."""

    theta: Floats
    value_usd: Floats
    inventory_rate: Floats
    schedule_usd_per_day: Floats
    holding_rate: Floats
    service_factor: Floats
    demand_per_day: Floats
    demand_sd: Floats
    contract_share: Floats


@dataclass(frozen=True, slots=True)
class Offers:
    """What every chain of a flow offers.

    `money_usd` per TEU; a chain with a `ramp_ms` joins the choice set gradually from
    `open_from_ms` on.
    """

    asc: Floats
    money_usd: Floats
    headway_days: Floats
    decay_per_day: Floats
    perceived_h: Floats
    perceived_sd_h: Floats
    base_share: Floats
    nest: Ints
    open_from_ms: Ints
    open_until_ms: Ints
    ramp_ms: Ints


@dataclass(frozen=True, slots=True)
class Choices:
    """How shippers choose: utility = asc - theta * (money + time costs)."""

    model: str
    tastes: Tastes
    offers: Offers
    nest_scale: Floats
    learning_per_day: float
    stranded_ms: int
    stranded_share: float
    is_learning: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """One year of the corridor, ready to run.

    `lots_per_day` are the expected lots of each annual flow on every day of the span.
    """

    span: Span
    resources: Resources
    lines: Lines
    steps: Steps
    chains: Chains
    services: Services
    flows: Flows
    lots_per_day: tuple[Floats, ...]
    choices: Choices
    places: tuple[str, ...]
    factors: dict[int, tuple[Factor, ...]]
    disruptions: dict[str, Disruption]
    regimes: dict[str, Regime]
    regime_names: tuple[str, ...]
    is_deterministic: bool
    max_events: int
