"""`simulate` in SimPy: the truth in readable form.

Lots and vehicles are processes that walk the steps of their chain; `resources`,
`platform` and `track` say who may go on, `shippers` which way a lot goes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from simpy.events import Event as Signal

from railsim.corridor.tables import Act, Plan, Unit, Word
from railsim.engine.draws import Draws
from railsim.engine.log import NOWHERE, Cause, Event, EventLog, Recorder
from railsim.engine.platform import Load, Platform, Rules
from railsim.engine.resources import Arbiter, Door, Pool, Resource, Station, Ticket
from railsim.engine.shippers import Shippers
from railsim.engine.track import BACKWARD, FORWARD, Track
from railsim.units import MS_PER_DAY

URGENT = 0
Walk = Generator[Signal, Any, Any]
NewStep = int | None


def simulate(plan: Plan, draws: Draws) -> EventLog:
    """Run a plan on its draws; a pure function of both.

    Raises `BudgetError` when the year has more events than `run.max_events`, and
    `DeadlockError` when a rule of the line is broken.
    """
    world = _World(plan, draws)
    world.run()
    return world.recorder.finish(len(draws.lots.arrival_ms))


class _World:
    """Everything that moves in one year."""

    def __init__(self, plan: Plan, draws: Draws) -> None:
        self.plan, self.draws = plan, draws
        self.env = simpy.Environment(initial_time=plan.span.begin_ms)
        self.recorder = Recorder(plan.max_events)
        self.arbiter = Arbiter(self.env, self.recorder)
        self.shippers = Shippers(plan, draws)
        self.lot_count = len(draws.lots.arrival_ms)
        self.held: dict[int, list[tuple[Pool, int]]] = {}
        self.stranded: set[int] = set()
        self._unpack()
        self.resources = [self._build(r) for r in range(len(self.word))]
        self.walks: dict[int, Callable[[int, int], Walk]] = {
            Act.TRAVEL: self._travel,
            Act.SERVE: self._serve,
            Act.RIDE: self._ride,
            Act.RUN: self._run_line,
            Act.TAKE: self._take,
            Act.GIVE: self._give,
        }

    def run(self) -> None:
        """Start everything and let the clock run to the end of the drain."""
        self._schedule_urgent()
        self.env.process(self._dispatch_lots())
        self.env.process(self._dispatch_vehicles())
        self.env.run(until=self.plan.span.stop_ms)
        for r, resource in enumerate(self.resources):
            if isinstance(resource, Track):
                resource.check(self.plan.resources.names[r])

    def _unpack(self) -> None:
        """Arrays as lists and views: plain numbers are faster than numpy's."""
        steps, lots, vehicles = self.plan.steps, self.draws.lots, self.draws.vehicles
        self.word = self.plan.resources.word.tolist()
        self.act = steps.act.tolist()
        self.target = steps.resource.tolist()
        self.slot = steps.slot.tolist()
        self.visit = steps.visit.tolist()
        self.low, self.high = steps.low.tolist(), steps.high.tolist()
        self.regime = steps.regime.tolist()
        self.is_regime_on = steps.is_regime_on.tolist()
        self.unit_kind = steps.unit.tolist()
        self.first, self.last = steps.first.tolist(), steps.last.tolist()
        self.begin = self.plan.chains.begin.tolist()
        self.flow = lots.flow.tolist()
        self.regimes = lots.regimes.tolist()
        self.flow_priority = self.plan.flows.priority.tolist()
        self.visit_begin = lots.visit_begin.tolist()
        offset = len(lots.times_ms)
        self.time_begin = lots.time_begin.tolist()
        self.time_begin += (vehicles.time_begin + offset).tolist()
        self.times = np.concatenate([lots.times_ms, vehicles.times_ms]).data
        self.visits = lots.visits.data
        self.vehicle_service = self.plan.services.vehicle_service.tolist()

    def _build(self, r: int) -> Resource:
        """A resource of the plan as a thing with a queue."""
        capacity = int(self.plan.resources.capacity[r])
        match self.word[r]:
            case Word.TRAVEL:
                return Door(self.arbiter, r, capacity)
            case Word.STATION:
                return Station(
                    self.arbiter,
                    r,
                    capacity,
                    room=int(self.plan.resources.room[r]),
                    reductions_ms=self._reductions(r),
                )
            case Word.DEPARTURE:
                return Platform(self.arbiter, r, capacity, self._rules(r))
            case Word.LINE:
                return self._track(r, capacity)
            case _:
                return Pool(self.arbiter, r, capacity)

    def _rules(self, r: int) -> Rules:
        services = self.plan.services
        v = int(services.of_resource[r])
        return Rules(
            capacity_teu=int(services.capacity_teu[v]),
            capacity_kg=int(services.capacity_kg[v]),
            cutoff_ms=int(services.cutoff_ms[v]),
            min_load_share=float(services.min_load_share[v]),
            max_cancel=int(services.max_cancel[v]),
            is_overtaking=bool(services.is_overtaking[v]),
            is_splittable=bool(services.is_splittable[v]),
        )

    def _track(self, r: int, capacity: int) -> Track:
        lines = self.plan.lines
        i = int(lines.of_resource[r])
        return Track(
            self.arbiter,
            r,
            capacity,
            section_count=int(lines.section_count[i]),
            loop_tracks=lines.loop_tracks[i].tolist(),
            track_count=int(lines.track_count[i]),
            clear_ms=int(lines.clear_ms[i]),
        )

    def _reductions(self, r: int) -> list[int] | None:
        if not self.plan.resources.is_must_finish[r]:
            return None
        changes = self.draws.changes
        mine = np.flatnonzero(changes.resource == r)
        capacity = changes.capacity[mine]
        before = np.concatenate([[self.plan.resources.capacity[r]], capacity[:-1]])
        return [int(t) for t in changes.at_ms[mine][capacity < before]]

    # -- what comes before everything else of an instant ----------------------------

    def _schedule_urgent(self) -> None:
        """Capacity changes, then midnight, before anything else of their instant."""
        changes, span = self.draws.changes, self.plan.span
        midnights = range(span.begin_ms + MS_PER_DAY, span.stop_ms, MS_PER_DAY)
        instants = sorted({*changes.at_ms.tolist(), *midnights})
        by_instant: dict[int, list[tuple[int, int]]] = {}
        for at_ms, resource, capacity in zip(
            changes.at_ms.tolist(),
            changes.resource.tolist(),
            changes.capacity.tolist(),
            strict=True,
        ):
            by_instant.setdefault(at_ms, []).append((resource, capacity))
        self._urgent = iter([(t, by_instant.get(t, [])) for t in instants])
        self._wake_urgent()

    def _wake_urgent(self) -> None:
        following = next(self._urgent, None)
        if following is None or following[0] >= self.plan.span.stop_ms:
            return
        at_ms, changed = following
        signal = Signal(self.env)
        signal._ok, signal._value = True, None
        signal.callbacks.append(lambda _: self._happen(at_ms, changed))
        self.env.schedule(signal, priority=URGENT, delay=at_ms - self.env.now)

    def _happen(self, at_ms: int, changed: list[tuple[int, int]]) -> None:
        for resource, capacity in changed:
            self.resources[resource].change(capacity)
        is_midnight = (at_ms - self.plan.span.begin_ms) % MS_PER_DAY == 0
        if is_midnight and at_ms > self.plan.span.begin_ms:
            self.recorder.check_budget()
            self.shippers.learn(at_ms)
            self._offer_other_routes(at_ms)
        self._wake_urgent()

    # -- lots --------------------------------------------------------------------

    def _dispatch_lots(self) -> Walk:
        env = self.env
        for lot, at_ms in enumerate(self.draws.lots.arrival_ms.tolist()):
            if at_ms > env.now:
                yield env.timeout(at_ms - env.now)
            env.process(self._lot(lot))

    def _lot(self, lot: int) -> Walk:
        chain = self.shippers.choose(lot)
        record, env = self.recorder.record, self.env
        record(env.now, Event.CHOSE, lot, NOWHERE, -1 if chain is None else chain)
        if chain is None:
            record(env.now, Event.LOST, lot, NOWHERE)
            return
        is_through = yield from self._walk(
            lot, self.begin[chain], self.begin[chain + 1]
        )
        self._let_go(lot)
        if is_through:
            chain = self.shippers.chain_of[lot]
            record(env.now, Event.DELIVERED, lot, NOWHERE, chain)
            self.shippers.delivered(lot, env.now)
        else:
            self.shippers.lost(lot)

    def _walk(self, unit: int, step: int, end: int) -> Walk:
        """Walk steps; a new step to go on from is the start of another chain's rest."""
        while step < end:
            if self._is_visited(unit, step):
                turn = yield from self.walks[self.act[step]](unit, step)
                if turn is False:
                    return False
                if turn is not None:
                    step = turn
                    end = self.begin[self.shippers.chain_of[unit] + 1]
                    continue
            step += 1
        return True

    def _is_visited(self, unit: int, step: int) -> bool:
        regime = self.regime[step]
        if regime >= 0:
            rules = bool(self.regimes[unit] >> regime & 1)
            if rules != self.is_regime_on[step]:
                return False
        column = self.visit[step]
        if column < 0:
            return True
        u = self.visits[self.visit_begin[unit] + column]
        return bool(self.low[step] <= u < self.high[step])

    def _ticket(self, unit: int) -> Ticket:
        if unit < self.lot_count:
            return (self.flow_priority[self.flow[unit]], self.env.now, unit)
        service = self.vehicle_service[unit - self.lot_count]
        return (int(self.plan.services.priority[service]), self.env.now, unit)

    def _time(self, unit: int, step: int) -> int:
        return int(self.times[self.time_begin[unit] + self.slot[step]])

    # -- the words ---------------------------------------------------------------

    def _travel(self, unit: int, step: int) -> Walk:
        door, record, env = self._door(step), self.recorder.record, self.env
        if door.is_closed:
            record(env.now, Event.WAIT, unit, door.number, step)
            turn = yield door.request(self._ticket(unit))
            if turn is not None:
                return turn
        record(env.now, Event.START, unit, door.number, step)
        yield env.timeout(self._time(unit, step))
        record(env.now, Event.END, unit, door.number, step)
        return None

    def _serve(self, unit: int, step: int) -> Walk:
        station, record, env = self._station(step), self.recorder.record, self.env
        time_ms = self._time(unit, step)
        record(env.now, Event.WAIT, unit, station.number, step)
        signal = station.request(self._ticket(unit), time_ms)
        if signal is None:
            record(env.now, Event.LOST, unit, station.number, step)
            return False
        turn = yield signal
        if turn is not None:
            return turn
        record(env.now, Event.START, unit, station.number, step)
        yield env.timeout(time_ms)
        station.release()
        record(env.now, Event.END, unit, station.number, step)
        return None

    def _ride(self, unit: int, step: int) -> Walk:
        platform, flow = self._platform(step), self.flow[unit]
        self.recorder.record(self.env.now, Event.WAIT, unit, platform.number, step)
        load = Load(
            teu=int(self.draws.lots.teu[unit]),
            slots_per_teu=0 if self.plan.flows.is_bulk[flow] else 1,
            kg_per_teu=int(self.plan.flows.kg_per_teu[flow]),
        )
        turn = yield platform.join(self._ticket(unit), load)
        if turn is None:
            self.recorder.record(self.env.now, Event.END, unit, platform.number, step)
        return turn

    def _take(self, unit: int, step: int) -> Walk:
        pool, count = self._pool(step), self._token_count(unit, step)
        self.recorder.record(self.env.now, Event.WAIT, unit, pool.number, step)
        yield pool.request(self._ticket(unit), count)
        self.held.setdefault(unit, []).append((pool, count))

    def _give(self, unit: int, step: int) -> Walk:
        """Tokens come back here after the delay of the step, whoever lent them."""
        pool, count = self._pool(step), self._token_count(unit, step)
        held = self.held.get(unit, [])
        fleet = self.plan.resources.names[pool.number].partition("@")[0]
        for entry in held:
            lender = self.plan.resources.names[entry[0].number].partition("@")[0]
            if lender == fleet:
                held.remove(entry)
                count = entry[1]
                break
        delay = self._time(unit, step) if self.slot[step] >= 0 else 0
        self._give_back(pool, unit, count, delay)
        return None
        yield

    def _run_line(self, unit: int, step: int) -> Walk:
        track, env, record = self._line(step), self.env, self.recorder.record
        first, last = self.first[step], self.last[step]
        direction = FORWARD if first < last else BACKWARD
        sections = range(min(first, last), max(first, last))
        loss = int(
            self.plan.lines.stop_loss_ms[self.plan.lines.of_resource[track.number]]
        )
        ordered = sections if direction == FORWARD else reversed(sections)
        base = self.time_begin[unit] + self.slot[step]
        count = len(sections)
        for k, section in enumerate(ordered):
            asked = env.now
            yield track.request(self._ticket(unit), section, direction)
            track.enter(section, direction, is_first=k == 0)
            has_stopped = k > 0 and env.now > asked
            yield env.timeout(int(self.times[base + k]) + (loss if has_stopped else 0))
            record(env.now, Event.CLEAR, unit, track.number, section)
            track.leave(section, direction, is_last=k == count - 1)

    # -- vehicles ----------------------------------------------------------------

    def _dispatch_vehicles(self) -> Walk:
        env, services = self.env, self.plan.services
        depart = self.draws.vehicles.depart_ms
        for v in np.lexsort((np.arange(len(depart)), depart)).tolist():
            at_ms = int(depart[v])
            if at_ms > env.now:
                yield env.timeout(at_ms - env.now)
            platform = self.resources[int(services.resource[self.vehicle_service[v]])]
            assert isinstance(platform, Platform)
            env.process(self._vehicle(v, platform))

    def _vehicle(self, v: int, platform: Platform) -> Walk:
        unit, services = self.lot_count + v, self.plan.services
        chain = int(services.chain[self.vehicle_service[v]])
        scheduled = int(services.vehicle_ms[v])
        is_dropped = bool(self.draws.vehicles.is_dropped[v])
        runs = yield platform.call(
            unit, scheduled, is_boarding=False, is_dropped=is_dropped
        )
        if runs is None:
            return
        step, end = self.begin[chain], self.begin[chain + 1]
        deadline = self.env.now + int(services.hold_ms[self.vehicle_service[v]])
        while step < end and self.act[step] == Act.TAKE:
            has_token = yield from self._take_in_time(unit, step, deadline)
            if not has_token:
                self._let_go(unit)
                platform.cancel(unit, Cause.NO_TOKEN)
                return
            step += 1
        teu = yield platform.call(unit, scheduled, is_boarding=True, is_dropped=False)
        record, env = self.recorder.record, self.env
        record(env.now, Event.DEPART, unit, platform.number, 0, teu)
        yield from self._walk_vehicle(unit, step, end)
        record(env.now, Event.ARRIVE, unit, platform.number)
        for rider in platform.riders.pop(unit):
            rider.succeed()
        self._let_go(unit)

    def _walk_vehicle(self, unit: int, step: int, end: int) -> Walk:
        for s in range(step, end):
            yield from self.walks[self.act[s]](unit, s)

    def _take_in_time(self, unit: int, step: int, deadline: int) -> Walk:
        pool, count = self._pool(step), self._token_count(unit, step)
        self.recorder.record(self.env.now, Event.WAIT, unit, pool.number, step)
        has_token = yield pool.request(self._ticket(unit), count, deadline)
        if has_token:
            self.held.setdefault(unit, []).append((pool, count))
        return has_token

    # -- tokens and stranded lots ------------------------------------------------

    def _token_count(self, unit: int, step: int) -> int:
        lots = self.draws.lots
        match self.unit_kind[step]:
            case Unit.BOX:
                return int(lots.boxes[unit])
            case Unit.TEU:
                return int(lots.teu[unit])
            case Unit.TRUCK:
                return int(lots.trucks[unit])
            case _:
                return 1

    def _give_back(self, pool: Pool, unit: int, count: int, delay: int) -> None:
        def arrive(_: Signal) -> None:
            self.recorder.record(self.env.now, Event.GIVE, unit, pool.number, 0, count)
            pool.give(count)

        self.env.timeout(delay).callbacks.append(arrive)

    def _let_go(self, unit: int) -> None:
        """Tokens a unit still holds go back to where they came from."""
        for pool, count in self.held.pop(unit, []):
            self._give_back(pool, unit, count, 0)

    def _offer_other_routes(self, at_ms: int) -> None:
        """Lots that wait too long at a closed resource may choose again, once."""
        limit = at_ms - self.plan.choices.stranded_ms
        for resource in self.resources:
            if isinstance(resource, Door | Station | Platform) and self._is_shut(
                resource
            ):
                for ticket in resource.tickets():
                    if ticket[1] < limit and ticket[2] < self.lot_count:
                        self._offer(resource, ticket, at_ms)

    def _is_shut(self, resource: Resource) -> bool:
        if resource.is_closed or not isinstance(resource, Platform):
            return resource.is_closed
        v = int(self.plan.services.of_resource[resource.number])
        chain = int(self.plan.services.chain[v])
        return any(
            self.resources[self.target[s]].is_closed
            for s in range(self.begin[chain], self.begin[chain + 1])
            if self.act[s] in (Act.TRAVEL, Act.RUN)
        )

    def _offer(self, resource: Resource, ticket: Ticket, at_ms: int) -> None:
        lot = ticket[2]
        share = self.plan.choices.stranded_share
        u = float(self.draws.lots.stranded[lot])
        if lot in self.stranded or u >= share:
            return
        place = self._place_of(lot, resource)
        entries = self._entries(lot, place, at_ms)
        if not entries:
            return
        self.stranded.add(lot)
        chain = self.shippers.choose_again(lot, list(entries), u / share)
        self.recorder.record(self.env.now, Event.REROUTED, lot, resource.number, chain)
        resource.withdraw(ticket)
        resource.signals.pop(lot).succeed(entries[chain])

    def _place_of(self, lot: int, resource: Resource) -> int:
        chain = self.shippers.chain_of[lot]
        for s in range(self.begin[chain], self.begin[chain + 1]):
            if self.target[s] == resource.number:
                return int(self.plan.steps.place[s])
        raise AssertionError("a lot waits where its chain does not pass")

    def _entries(self, lot: int, place: int, at_ms: int) -> dict[int, int]:
        """Other open chains of the lot's flow -> their first step at a place."""
        flow, own = self.flow[lot], self.shippers.chain_of[lot]
        begin = self.plan.flows.chain_begin
        found = {}
        for chain in range(int(begin[flow]), int(begin[flow + 1])):
            if chain == own or not self.shippers.is_available(chain, at_ms):
                continue
            for s in range(self.begin[chain], self.begin[chain + 1]):
                if self.plan.steps.place[s] == place:
                    found[chain] = s
                    break
        return found

    # -- typed views -------------------------------------------------------------

    def _door(self, step: int) -> Door:
        resource = self.resources[self.target[step]]
        assert isinstance(resource, Door)
        return resource

    def _station(self, step: int) -> Station:
        resource = self.resources[self.target[step]]
        assert isinstance(resource, Station)
        return resource

    def _platform(self, step: int) -> Platform:
        resource = self.resources[self.target[step]]
        assert isinstance(resource, Platform)
        return resource

    def _pool(self, step: int) -> Pool:
        resource = self.resources[self.target[step]]
        assert isinstance(resource, Pool)
        return resource

    def _line(self, step: int) -> Track:
        resource = self.resources[self.target[step]]
        assert isinstance(resource, Track)
        return resource
