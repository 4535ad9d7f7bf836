"""The books of a run: every quantity that must balance, entry by entry.

`audit` replays a log instant by instant and names what does not add up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np

from railsim.corridor.tables import Act, Word
from railsim.engine.log import (
    ARRIVE,
    BOARD,
    CANCELLED,
    CAPACITY,
    CHOSE,
    CLEAR,
    DELIVERED,
    DEPART,
    END,
    ENTER,
    GIVE,
    LOST,
    NOBODY,
    PART,
    REROUTED,
    START,
    TAKE,
    WAIT,
    Event,
)
from tests.engine.networks import DAY, Run

Row = tuple[int, int, int, int, int, int]  # at, event, unit, resource, value, amount

ENDS = (DELIVERED, LOST, ARRIVE, CANCELLED)


def rows_of(run: Run) -> list[Row]:
    """The log as rows of plain numbers."""
    log = run.log
    columns = (log.at_ms, log.event, log.unit, log.resource, log.value, log.amount)
    return list(zip(*(c.tolist() for c in columns), strict=True))


def audit(run: Run) -> list[str]:
    """Every complaint about a run; none is the only right answer."""
    rows = rows_of(run)
    return [
        complaint
        for check in (lots, units, doings, stations, pools, vehicles, tracks, times)
        for complaint in check(run, rows)
    ]


def instants(
    run: Run, rows: list[Row], word: Word
) -> Iterator[tuple[int, int, list[Row]]]:
    """(resource of a kind, instant, its rows), resource by resource, in time order."""
    mine: dict[int, list[Row]] = defaultdict(list)
    is_word = (run.plan.resources.word == word).tolist()
    for row in rows:
        if row[3] >= 0 and is_word[row[3]]:
            mine[row[3]].append(row)
    for resource, rows in sorted(mine.items()):
        for at, same in groupby(rows, key=lambda row: row[0]):
            yield resource, at, list(same)


def count(rows: list[Row], *events: Event) -> int:
    """How many rows tell of these events."""
    return sum(row[1] in events for row in rows)


def lots(run: Run, rows: list[Row]) -> Iterator[str]:
    """Created = delivered + lost + still inside, lot by lot."""
    made, ended = Counter(), Counter()
    for _, event, unit, *_ in rows:
        made[unit] += event == CHOSE
        ended[unit] += event in (DELIVERED, LOST)
    arrived = int((run.draws.lots.arrival_ms < run.plan.span.stop_ms).sum())
    if sum(made.values()) != arrived or max(made.values(), default=1) > 1:
        yield f"{arrived} lots arrived, {sum(made.values())} were created"
    if any(ended[unit] > made[unit] for unit in ended):
        yield "a lot ended twice or before it began"
    if made.total() != ended.total() + run.log.still_inside:
        yield "created is not delivered + lost + inside"


def units(run: Run, rows: list[Row]) -> Iterator[str]:
    """Every unit's events stand in time order, and none follows its end."""
    ended: dict[int, int] = {}
    for at, event, unit, *_ in rows:
        if unit == NOBODY or event == GIVE:
            continue
        if unit in ended:
            yield f"unit {unit} does {Event(event).name} at {at} after its end"
        if event in ENDS:
            ended[unit] = at
    if (np.diff(run.log.at_ms) < 0).any():
        yield "the log goes back in time"


def doings(run: Run, rows: list[Row]) -> Iterator[str]:  # noqa: ARG001  as the others
    """Who starts, enters or boards ends, clears or alights before anything else."""
    doing: dict[int, int] = {}
    for at, event, unit, *_ in rows:
        if event in (END, CLEAR):
            doing.pop(unit, None)
        elif event in (START, ENTER, BOARD, *ENDS) and unit in doing:
            begun = Event(doing[unit]).name
            yield f"unit {unit} at {at}: {Event(event).name} within {begun}"
        if event in (START, ENTER, BOARD):
            doing[unit] = event


def stations(run: Run, rows: list[Row]) -> Iterator[str]:
    """Queues are never negative nor over the room, servers never over capacity."""
    state: dict[int, list[int]] = {}
    resources = run.plan.resources
    for r, at, here in instants(run, rows, Word.STATION):
        now = state.setdefault(r, [0, 0, int(resources.capacity[r])])
        now[2] = next((w[5] for w in reversed(here) if w[1] == CAPACITY), now[2])
        started = count(here, START)
        gone = started + count(here, LOST, REROUTED)
        now[0] += count(here, WAIT) - gone
        now[1] += started - count(here, END)
        where = f"{resources.names[r]} at {at}"
        if min(now) < 0:
            yield f"{where}: queue, busy, capacity {now}"
        if started and now[1] > now[2]:
            yield f"{where}: {now[1]} busy of {now[2]}"
        if 0 <= resources.room[r] < now[0]:
            yield f"{where}: {now[0]} wait in a room for {resources.room[r]}"
        if now[0] and now[1] < now[2] and not resources.is_must_finish[r]:
            yield f"{where}: {now[0]} wait before an idle server"


def pools(run: Run, rows: list[Row]) -> Iterator[str]:
    """Tokens in places, under way and out sum to the fleet; none is negative."""
    names, resources = run.plan.resources.names, run.plan.resources
    fleets = [name.partition("@")[0] for name in names]
    here = dict(enumerate(resources.capacity.tolist()))
    total = Counter()
    for r, word in enumerate(resources.word):
        total[fleets[r]] += here[r] if word == Word.POOL else 0
    taken, given = Counter(), Counter()
    for r, at, there in instants(run, rows, Word.POOL):
        for _, event, *_, amount in there:
            here[r] += amount * ((event == GIVE) - (event == TAKE))
            taken[fleets[r]] += amount * (event == TAKE)
            given[fleets[r]] += amount * (event == GIVE)
        if here[r] < 0:
            yield f"{names[r]} at {at}: {here[r]} tokens"
    yield from _held_for_ever(run, rows)
    for fleet in taken:
        if not 0 <= taken[fleet] - given[fleet] <= total[fleet]:
            out = taken[fleet] - given[fleet]
            yield f"{fleet}: {out} of {total[fleet]} tokens are out"


def _held_for_ever(run: Run, rows: list[Row]) -> Iterator[str]:
    """Tokens are back three days after their unit's end at the latest."""
    held: Counter = Counter()
    ended: dict[int, int] = {}
    for at, event, unit, _, _, amount in rows:
        held[unit] += amount * ((event == TAKE) - (event == GIVE))
        if event in ENDS:
            ended[unit] = at
    for unit, at in ended.items():
        if held[unit] < 0 or (held[unit] and at < run.plan.span.stop_ms - 3 * DAY):
            yield f"unit {unit} holds {held[unit]} tokens after its end"


def vehicles(run: Run, rows: list[Row]) -> Iterator[str]:
    """What boarded is what departed, and it fits; lots leave whole, part by part."""
    flow, flows = run.draws.lots.flow, run.plan.flows
    load: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    carried: Counter = Counter()
    departed: dict[int, int] = {}
    for _, event, unit, r, value, amount in rows:
        if event in (BOARD, PART):
            kg = amount * int(flows.cargo.kg_per_teu[flow[unit]])
            slots = 0 if flows.cargo.is_bulk[flow[unit]] else amount
            load[value] = [
                a + b for a, b in zip(load[value], (amount, slots, kg), strict=True)
            ]
            carried[unit, r] += amount
            if event == BOARD and carried.pop((unit, r)) != run.draws.lots.teu[unit]:
                yield f"lot {unit} left the platform in parts that are not the whole"
        elif event == DEPART:
            departed[unit] = amount
        elif event == ARRIVE and unit not in departed:
            yield f"vehicle {unit} arrived but never departed"
    for unit, (teu, slots, kg) in load.items():
        v = run.plan.services.departures.service[unit - run.log.lot_count]
        if departed.get(unit) != teu:
            yield f"vehicle {unit} departed with {departed.get(unit)} of {teu} TEU"
        if slots > run.plan.services.capacity_teu[v]:
            yield f"vehicle {unit} has {slots} TEU in its slots"
        if kg > run.plan.services.capacity_kg[v]:
            yield f"vehicle {unit} carries {kg} kg"


def tracks(run: Run, rows: list[Row]) -> Iterator[str]:
    """One train a section, cleared before the next; loops within the direction cap."""
    lines = run.plan.lines
    for r in np.flatnonzero(run.plan.resources.word == Word.LINE).tolist():
        i = int(lines.of_resource[r])
        runs = _runs(run, rows, r)
        yield from _sections(runs, int(lines.clear_ms[i]), int(lines.track_count[i]))
        yield from _loops(runs, lines.loop_tracks[i].tolist())


Stay = tuple[int, int, int, int, int]  # section, entered, cleared, direction, unit


def _runs(run: Run, rows: list[Row], r: int) -> dict[int, list[Stay]]:
    """Unit -> its sections in running order; a train still inside clears at the end."""
    runs: dict[int, list[Stay]] = defaultdict(list)
    inside: dict[int, tuple[int, int]] = {}
    back = _is_back(run)
    for at, event, unit, resource, section, _ in rows:
        if resource != r:
            continue
        if event == ENTER:
            inside[unit] = (section, at)
        elif event == CLEAR:
            section, entered = inside.pop(unit)
            runs[unit].append((section, entered, at, back[unit], unit))
    for unit, (section, entered) in inside.items():
        runs[unit].append((section, entered, run.plan.span.stop_ms, back[unit], unit))
    return runs


def _is_back(run: Run) -> dict[int, int]:
    """Unit -> 1 if its service runs lines backwards."""
    services, steps = run.plan.services, run.plan.steps
    begin = run.plan.chains.begin
    turned = []
    for chain in services.chain:
        mine = slice(begin[chain], begin[chain + 1])
        is_run = steps.act[mine] == Act.RUN
        turned.append(int((steps.first[mine] > steps.last[mine])[is_run].any()))
    first = run.log.lot_count
    return {first + v: turned[s] for v, s in enumerate(services.departures.service)}


def _sections(
    runs: dict[int, list[Stay]], clear_ms: int, track_count: int
) -> Iterator[str]:
    stays: dict[tuple[int, int], list[Stay]] = defaultdict(list)
    for stay in (stay for run in runs.values() for stay in run):
        stays[stay[0], stay[3] if track_count > 1 else 0].append(stay)
    for (section, _), there in stays.items():
        there.sort(key=lambda stay: stay[1])
        for before, after in pairwise(there):
            if after[1] < before[2] + clear_ms:
                yield f"section {section}: {after} enters before {before} has cleared"


def _loops(runs: dict[int, list[Stay]], loop_tracks: list[int]) -> Iterator[str]:
    """A train fills a track from its reservation until it enters the next section."""
    changes: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for run in runs.values():
        for stay, following in zip(run, [*run[1:], None], strict=True):
            direction = stay[3]
            until = stay[2] if following is None else following[1]
            changes[stay[0] + 1 - direction] += [
                (stay[1], direction, 1),
                (until, direction, -1),
            ]
    for station, tracks_there in enumerate(loop_tracks, start=1):
        held = [0, 0]
        for at, same in groupby(sorted(changes[station]), key=lambda c: c[0]):
            for _, direction, change in same:
                held[direction] += change
            if sum(held) > tracks_there or max(held) > tracks_there - 1:
                yield f"station {station} at {at}: {held} trains, {tracks_there} tracks"


def times(run: Run, rows: list[Row]) -> Iterator[str]:
    """END follows START by the time that was drawn; each START has its own END."""
    steps, lots_ = run.plan.steps, run.draws.lots
    begun: dict[tuple[int, int], int] = {}
    word = run.plan.resources.word.tolist()
    for at, event, unit, r, step, _ in rows:
        if (
            r < 0
            or word[r] not in (Word.STATION, Word.TRAVEL)
            or unit >= run.log.lot_count
        ):
            continue
        if event == START:
            begun[unit, step] = at
        elif event == END:
            lasted = at - begun.pop((unit, step))
            drawn = lots_.times_ms[lots_.time_begin[unit] + steps.slot[step]]
            if lasted != drawn:
                yield f"lot {unit} spent {lasted} ms in step {step}, {drawn} were drawn"
