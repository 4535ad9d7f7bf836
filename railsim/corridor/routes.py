"""Routes and vehicles' ways as chains of numbered steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from railsim.corridor.network import pool_name, resource_name
from railsim.corridor.tables import Act, Chains, Steps, Stream, Unit
from railsim.corridor.time.timing import SectionRun, timing_of_link
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Commodity, Flow
from railsim.scenario.schema.movement import WORDS, Service, Step
from railsim.scenario.schema.timing import Deterministic

UNIT_OF_PER = {
    "lot": Unit.ONE,
    "vehicle": Unit.ONE,
    "box": Unit.BOX,
    "teu": Unit.TEU,
    "truck": Unit.TRUCK,
    "tonne": Unit.TONNE,
}
UNDISTURBED = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Visit:
    """A step as one kind of unit walks it: in which direction, by which chance."""

    step: Step
    is_reversed: bool
    draw: str | None
    low: float
    high: float
    mark: str


def visits_of_flow(
    scenario: Scenario, flow: Flow, route_name: str
) -> tuple[Visit, ...]:
    """The steps of a route that lots of a flow may visit, in walking order."""
    commodity = scenario.commodities[flow.commodity]
    kept = [
        step
        for step in scenario.routes[route_name].steps
        if step.only in (None, flow.direction)
        and step.form in (None, flow.form)
        and (not step.commodities or flow.commodity in step.commodities)
    ]
    visits = list(_with_bands(kept, commodity))
    if flow.direction == "north":
        visits = [_turned(visit) for visit in reversed(visits)]
    return tuple(visits)


def visits_of_service(service: Service, *, is_back: bool) -> tuple[Visit, ...]:
    """The steps of a vehicle, outward or back."""
    visits = [Visit(step, False, None, 0.0, 1.0, "") for step in service.steps]
    if is_back:
        visits = [_turned(visit) for visit in reversed(visits)]
    return tuple(visits)


def place_before(scenario: Scenario, visit: Visit) -> str:
    """Where a unit stands when it begins a step."""
    step = visit.step
    if step.link is not None:
        link = scenario.links[step.link]
        return link.destination if visit.is_reversed else link.origin
    if step.service is not None:
        service = scenario.services[step.service]
        return service.destination if visit.is_reversed else service.origin
    if step.station is not None:
        return scenario.stations[step.station].place
    if step.line is not None:
        assert step.origin is not None
        assert step.destination is not None
        return step.destination if visit.is_reversed else step.origin
    assert step.at is not None
    return step.at


def is_taking(visit: Visit) -> bool:
    """A `take` walked backwards gives, and the other way round."""
    return (visit.step.take is not None) != visit.is_reversed


def _with_bands(steps: Iterable[Step], commodity: Commodity) -> Iterator[Visit]:
    reached: dict[str, float] = {}
    seen: Counter[str] = Counter()
    for step in steps:
        share = step.share
        if step.share_of is not None:
            share = commodity.chances[step.share_of]
        mark = step.draw or step.share_of or step.regime or ""
        if share is None:
            yield Visit(step, False, None, 0.0, 1.0, mark)
            continue
        draw = step.draw or step.share_of or _own_draw(step, seen)
        low = reached.get(draw, 0.0)
        reached[draw] = low + share
        yield Visit(step, False, draw, low, low + share, mark)


def _own_draw(step: Step, seen: Counter[str]) -> str:
    """A name that other steps, put before it, do not change."""
    word = next(word for word in WORDS if getattr(step, word) is not None)
    target = f"{word} {getattr(step, word)}"
    seen[target] += 1
    return f"{target} {seen[target]}"


def _turned(visit: Visit) -> Visit:
    return Visit(visit.step, True, visit.draw, visit.low, visit.high, visit.mark)


@dataclass(slots=True)
class Columns:
    """Names of a unit's random numbers -> columns, in order of first mention.

    Streams of one name on two routes share their luck, but each has its own timing.
    """

    streams: dict[Stream, int] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)

    def slot(self, stream: Stream) -> int:
        """The column of a stream of times."""
        return self.streams.setdefault(stream, len(self.streams))

    def visit(self, name: str) -> int:
        """The column of a visit uniform."""
        return self.visits.setdefault(name, len(self.visits))


@dataclass(slots=True)
class ChainBuilder:
    """Collects chains step by step, then hands over their arrays."""

    scenario: Scenario
    number: dict[str, int]
    place: dict[str, int]
    regimes: dict[str, int]
    rows: list[tuple[float, ...]] = field(default_factory=list)
    begin: list[int] = field(default_factory=lambda: [0])
    flow: list[int] = field(default_factory=list)
    route: list[str] = field(default_factory=list)
    streams: dict[Stream, Stream] = field(default_factory=dict)

    def add(
        self,
        visits: Iterable[Visit],
        columns: Columns,
        *,
        flow: int,
        route: str,
        speed_km_per_h: float = 0.0,
        disturbance: tuple[float, float, float] = UNDISTURBED,
    ) -> int:
        """Append a chain; return its number."""
        seen: Counter[str] = Counter()
        for visit in visits:
            act, resource, first, last = self._target(visit)
            streams = self._streams(visit, speed_km_per_h, disturbance, first, last)
            slots = [columns.slot(self._same(_numbered(s, seen))) for s in streams]
            self.rows.append(
                (
                    act,
                    resource,
                    slots[0] if slots else -1,
                    -1 if visit.draw is None else columns.visit(visit.draw),
                    visit.low,
                    visit.high,
                    *self._regime(visit.step),
                    self._unit(visit),
                    self.place[place_before(self.scenario, visit)],
                    first,
                    last,
                )
            )
        self.begin.append(len(self.rows))
        self.flow.append(flow)
        self.route.append(route)
        return len(self.flow) - 1

    def steps(self) -> Steps:
        """The steps as arrays."""
        columns = list(zip(*self.rows, strict=True)) or [()] * 12
        floats = [np.array(column, dtype=np.float64) for column in columns]
        ints = [column.astype(np.int64) for column in floats]
        return Steps(
            act=ints[0],
            resource=ints[1],
            slot=ints[2],
            visit=ints[3],
            low=floats[4],
            high=floats[5],
            regime=ints[6],
            is_regime_on=ints[7].astype(np.bool_),
            unit=ints[8],
            place=ints[9],
            first=ints[10],
            last=ints[11],
        )

    def chains(self) -> Chains:
        """The chains as arrays."""
        return Chains(
            begin=np.array(self.begin, dtype=np.int64),
            flow=np.array(self.flow, dtype=np.int64),
            route=tuple(self.route),
        )

    def _target(self, visit: Visit) -> tuple[Act, int, int, int]:
        step, number = visit.step, self.number
        if step.link is not None:
            return Act.TRAVEL, number[resource_name("links", step.link)], 0, 0
        if step.station is not None:
            return Act.SERVE, number[resource_name("stations", step.station)], 0, 0
        if step.service is not None:
            name = resource_name("services", step.service, is_back=visit.is_reversed)
            return Act.RIDE, number[name], 0, 0
        if step.line is not None:
            stations = self.scenario.lines[step.line].stations
            ends = [stations[str(step.origin)], stations[str(step.destination)]]
            if visit.is_reversed:
                ends.reverse()
            return Act.RUN, number[resource_name("lines", step.line)], ends[0], ends[1]
        fleet = str(step.take or step.give)
        act = Act.TAKE if is_taking(visit) else Act.GIVE
        return act, number[pool_name(fleet, str(step.at))], 0, 0

    def _streams(
        self,
        visit: Visit,
        speed_km_per_h: float,
        disturbance: tuple[float, float, float],
        first: int,
        last: int,
    ) -> list[Stream]:
        step, scenario = visit.step, self.scenario
        if step.link is not None:
            timing = step.time or timing_of_link(scenario.links[step.link])
            return [Stream(f"links.{step.link}", timing)]
        if step.station is not None:
            station = scenario.stations[step.station]
            timing = (
                step.time
                or station.time
                or Deterministic(dist="deterministic", value_h=0.0)
            )
            unit = UNIT_OF_PER[step.per or station.per]
            return [Stream(f"stations.{step.station}.{visit.mark}", timing, unit)]
        if step.line is not None:
            line = scenario.lines[step.line]
            speed = min(speed_km_per_h, line.maximum_km_per_h)
            return [
                Stream(
                    f"lines.{step.line}.{s}",
                    SectionRun(line.section_km[s] / speed, disturbance),
                )
                for s in sections_between(first, last)
            ]
        if step.time is not None and step.service is None and not is_taking(visit):
            return [Stream(f"fleets.{step.take or step.give}@{step.at}", step.time)]
        return []

    def _same(self, stream: Stream) -> Stream:
        """One object for all equal streams."""
        return self.streams.setdefault(stream, stream)

    def _regime(self, step: Step) -> tuple[int, bool]:
        name = step.regime or step.unless_regime
        if name is None:
            return -1, True
        return self.regimes[name], step.regime is not None

    def _unit(self, visit: Visit) -> Unit:
        fleet = visit.step.take or visit.step.give
        return UNIT_OF_PER[self.scenario.fleets[fleet].per] if fleet else Unit.ONE


def sections_between(first: int, last: int) -> range:
    """Sections in running order between two stations of a line."""
    if first <= last:
        return range(first, last)
    return range(first - 1, last - 1, -1)


def _numbered(stream: Stream, seen: Counter[str]) -> Stream:
    """A second visit to the same place has a stream of its own."""
    seen[stream.name] += 1
    if seen[stream.name] == 1:
        return stream
    return Stream(f"{stream.name}.{seen[stream.name]}", stream.timing, stream.unit)
