"""A plan and its draws become the tables of the compiled engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.tables import Act, Plan, Word
from railsim.engine.compiled import codes
from railsim.engine.compiled import tables as t
from railsim.engine.draws import Draws
from railsim.units import DAYS_PER_YEAR, HOURS_PER_DAY, MS_PER_DAY, MS_PER_HOUR

Ints = NDArray[np.int64]
MODELS = {"aon": codes.AON, "mnl": codes.MNL}


Tables = dict[str, t.Table]


def fill(plan: Plan, draws: Draws, log_rows: int) -> Tables:
    """All tables at the beginning of the year, with a log of so many rows."""
    priorities = np.unique(
        np.concatenate([plan.flows.cargo.priority, plan.services.priority])
    )
    tables = {
        "steps": _steps(plan),
        "lots": _lots(draws),
        "vehicles": _vehicles(plan, draws),
        "departures": _departures(draws),
        "services": _services(plan),
        "chains": _chains(plan),
        "flows": _flows(plan),
        "enlisted": _table(t.ENLISTED, 2 * len(draws.lots.arrival_ms), entry=-1),
        "changes": _changes(draws),
        "lot_times": draws.lots.times_ms.view(t.TIME),
        "vehicle_times": draws.vehicles.times_ms.view(t.TIME),
        "visits": draws.lots.visits.view(t.VISIT),
        **_resources(plan, draws),
        **_units(plan, draws, priorities),
        **_lines(plan),
        **_share_tables(plan),
        **room_for(log_rows),
    }
    tables |= _events(tables)
    queue_count = len(tables["resources"]) * len(priorities)
    tables["queues"] = _table(t.QUEUE, queue_count, head=-1, tail=-1)
    tables["world"] = _world(plan, draws, len(priorities), log_rows)
    write_addresses(tables)
    return tables


def write_addresses(tables: Tables) -> None:
    """Tell the world where its tables are."""
    for name in t.TABLES:
        tables["world"][f"{name}_address"] = tables[name].ctypes.data


def room_for(rows: int) -> Tables:
    """A log that can hold so many rows."""
    return {
        name: np.empty(rows, dtype)
        for name, dtype in t.TABLES.items()
        if name.startswith("log_")
    }


def _table(row: np.dtype[np.void], rows: int, /, **columns: Any) -> t.Table:
    """So many rows, zero but for these columns."""
    table = np.zeros(rows, row)
    for name, column in columns.items():
        table[name] = column
    return table


def _world(plan: Plan, draws: Draws, levels: int, log_rows: int) -> t.Table:
    span, choices = plan.span, plan.choices
    offers = choices.offers
    has_openings = (offers.ramp_ms > 0).any() or (
        offers.open_until_ms < codes.NEVER
    ).any()
    return _table(
        t.WORLD,
        1,
        now=span.begin_ms,
        begin=span.begin_ms,
        stop=span.stop_ms,
        midnight=(span.begin_ms // MS_PER_DAY + 1) * MS_PER_DAY,
        max_events=plan.max_events,
        ms_per_day=MS_PER_DAY,
        ms_per_hour=MS_PER_HOUR,
        hours_per_day=HOURS_PER_DAY,
        days_per_year=DAYS_PER_YEAR,
        first_head=-1,
        rest_head=-1,
        answered_head=-1,
        lot_count=len(draws.lots.arrival_ms),
        vehicle_count=len(draws.vehicles.depart_ms),
        change_count=len(draws.changes.at_ms),
        resource_count=len(plan.resources.names),
        chain_count=len(plan.chains.flow),
        flow_count=len(plan.flows.names),
        level_rows=plan.flows.chain_begin[-1],
        share_rows=(np.diff(plan.flows.chain_begin) ** 2).sum(),
        levels=levels,
        model=MODELS.get(choices.model, codes.NESTED),
        is_learning=choices.is_learning,
        has_openings=has_openings,
        learning=choices.learning_per_day,
        stranded_ms=choices.stranded_ms,
        stranded_share=choices.stranded_share,
        rows_safe=log_rows - most_rows_at_once(plan, draws),
    )


def _share_tables(plan: Plan) -> Tables:
    """Room for a level for each route and for its routes, twice: for contracts too."""
    widths = np.diff(plan.flows.chain_begin)
    return {
        "levels": _table(t.LEVEL, 2 * int(widths.sum())),
        "shares": _table(t.SHARE, 2 * int((widths * widths).sum())),
    }


def _events(tables: Tables) -> Tables:
    """Room for all that can be pending at once."""
    tokens, ways = len(tables["tokens"]), len(tables["ways"])
    count = len(tables["units"]) + 2 * tokens + ways + 1
    return {"pending": np.empty(count, t.PENDING), "ready": np.empty(count, t.PENDING)}


def most_rows_at_once(plan: Plan, draws: Draws) -> int:
    """More rows than one thing that happens can write."""
    changes, lots = len(draws.changes.at_ms), len(draws.lots.arrival_ms)
    vehicles = len(draws.vehicles.depart_ms) * (len(plan.flows.names) + 3)
    return changes + lots + vehicles + 4 * len(plan.steps.act) + 100


def _steps(plan: Plan) -> t.Table:
    steps = plan.steps
    names = t.STEP.names or ()
    columns = {name: getattr(steps, name) for name in names}
    return _table(t.STEP, len(steps.act), **columns)


def _resources(plan: Plan, draws: Draws) -> Tables:
    """Resources, and when those that must finish lose capacity, one after another."""
    resources, word = plan.resources, plan.resources.word
    fleets = {}
    for name in resources.names:
        fleets.setdefault(name.partition("@")[0], len(fleets))
    owner = np.where(
        word == Word.DEPARTURE, plan.services.of_resource, plan.lines.of_resource
    )
    is_reduction = _are_reductions(plan, draws)
    order = np.argsort(draws.changes.resource[is_reduction], kind="stable")
    edges = np.searchsorted(
        draws.changes.resource[is_reduction][order], np.arange(len(word) + 1)
    )
    table = _table(
        t.RESOURCE,
        len(word),
        word=word,
        capacity=resources.capacity,
        count=np.where(word == Word.POOL, resources.capacity, 0),
        room=resources.room,
        is_first=(word == Word.DEPARTURE) | (word == Word.POOL),
        owner=owner,
        fleet=[fleets[name.partition("@")[0]] for name in resources.names],
        is_must_finish=resources.is_must_finish,
        reduction=edges[:-1],
        reduction_end=edges[1:],
        deciding=-1,
        boarding=-1,
    )
    at = draws.changes.at_ms[is_reduction][order]
    return {"resources": table, "reductions": _table(t.REDUCTION, len(at), at=at)}


def _are_reductions(plan: Plan, draws: Draws) -> NDArray[np.bool_]:
    """Which changes lower the capacity of their resource."""
    reached = plan.resources.capacity.tolist()
    found = np.zeros(len(draws.changes.at_ms), np.bool_)
    rows = zip(
        draws.changes.resource.tolist(), draws.changes.capacity.tolist(), strict=True
    )
    for i, (r, capacity) in enumerate(rows):
        found[i] = capacity < reached[r]
        reached[r] = capacity
    return found


def _units(plan: Plan, draws: Draws, priorities: Ints) -> Tables:
    """Lots, then vehicles, and room for the tokens they take."""
    flow, service = draws.lots.flow, plan.services.departures.service
    of_lots = np.searchsorted(priorities, plan.flows.cargo.priority)[flow]
    of_vehicles = np.searchsorted(priorities, plan.services.priority)[service]
    takes = _takes(plan)
    begin = plan.flows.chain_begin
    per_flow = [
        2 * int(takes[begin[f] : begin[f + 1]].max(initial=0))
        for f in range(len(begin) - 1)
    ]
    rows = np.concatenate(
        [np.array(per_flow, np.int64)[flow], takes[plan.services.chain][service]]
    )
    table = _table(
        t.UNIT,
        len(rows),
        level=np.concatenate([of_lots, of_vehicles]),
        first_time=np.concatenate([draws.lots.time_begin, draws.vehicles.time_begin]),
        deadline=codes.NEVER,
        tokens_begin=np.cumsum(rows) - rows,
        chain=-1,
        riders=-1,
    )
    return {"units": table, "tokens": np.empty(int(rows.sum()), t.TOKEN)}


def _takes(plan: Plan) -> Ints:
    """How often each chain takes tokens."""
    reached = np.concatenate([[0], np.cumsum(plan.steps.act == Act.TAKE)])
    takes: Ints = np.diff(reached[plan.chains.begin])
    return takes


def _lots(draws: Draws) -> t.Table:
    lots = draws.lots
    return _table(
        t.LOT,
        len(lots.arrival_ms),
        arrival=lots.arrival_ms,
        kg=lots.kg,
        regimes=lots.regimes,
        visits=lots.visit_begin,
        flow=lots.flow,
        teu=lots.teu,
        boxes=lots.boxes,
        trucks=lots.trucks,
        choice=lots.choice,
        contract=lots.contract,
        ramp=lots.ramp,
        stranded=lots.stranded,
    )


def _changes(draws: Draws) -> t.Table:
    changes = draws.changes
    return _table(
        t.CHANGE,
        len(changes.at_ms),
        at=changes.at_ms,
        resource=changes.resource,
        capacity=changes.capacity,
    )


def _vehicles(plan: Plan, draws: Draws) -> t.Table:
    departures = plan.services.departures
    return _table(
        t.VEHICLE,
        len(departures.at_ms),
        scheduled=departures.at_ms,
        service=departures.service,
        is_dropped=draws.vehicles.is_dropped,
    )


def _departures(draws: Draws) -> t.Table:
    order = np.argsort(draws.vehicles.depart_ms, kind="stable")
    return _table(
        t.DEPARTURE,
        len(order),
        at=draws.vehicles.depart_ms[order],
        unit=len(draws.lots.arrival_ms) + order,
    )


def _services(plan: Plan) -> t.Table:
    names = t.SERVICE.names or ()
    columns = {name: getattr(plan.services, name) for name in names}
    return _table(t.SERVICE, len(plan.services.resource), **columns)


def _lines(plan: Plan) -> Tables:
    """Lines, and one after another their stations, each with the section behind it.

    Of the L tracks of a station between two sections a direction may hold L - 1.
    """
    lines = plan.lines
    counts = lines.section_count + 1
    tracks = [row for loops in lines.loop_tracks for row in (0, *loops.tolist(), 0)]
    first = np.cumsum(counts) - counts
    table = _table(
        t.LINE,
        len(counts),
        clear_ms=lines.clear_ms,
        stop_loss_ms=lines.stop_loss_ms,
        first_station=first,
        is_double=lines.track_count > 1,
        section_count=lines.section_count,
    )
    stations = _table(t.STATION, len(tracks), tracks=tracks)
    stations["is_bounded"] = 1
    stations["is_bounded"][first] = 0
    stations["is_bounded"][first + counts - 1] = 0
    stations["most_one_way"] = stations["tracks"] - 1
    return {
        "lines": table,
        "stations": stations,
        "ways": _table(t.WAY, 2 * len(stations)),
    }


def _chains(plan: Plan) -> t.Table:
    """Routes of flows, then services; offers belong to routes only."""
    chains, offers = plan.chains, plan.choices.offers
    table = _table(
        t.CHAIN,
        len(chains.flow),
        begin=chains.begin[:-1],
        end=chains.begin[1:],
        flow=chains.flow,
        day=-1,
        oldest=-1,
        newest=-1,
    )
    routes = table[: len(offers.asc)]
    routes["open_from"] = offers.open_from_ms
    routes["open_until"] = offers.open_until_ms
    routes["ramp_ms"] = offers.ramp_ms
    routes["nest"] = offers.nest
    routes["asc"] = offers.asc
    routes["money"] = offers.money_usd
    routes["headway_days"] = offers.headway_days
    routes["decay_per_day"] = offers.decay_per_day
    routes["mean_h"] = offers.perceived_h
    routes["sd_h"] = offers.perceived_sd_h
    routes["base_share"] = offers.base_share
    routes["scale"] = plan.choices.nest_scale[offers.nest]
    return table


def _flows(plan: Plan) -> t.Table:
    flows, tastes = plan.flows, plan.choices.tastes
    widths = np.diff(flows.chain_begin)
    return _table(
        t.FLOW,
        len(flows.names),
        kg_per_teu=flows.cargo.kg_per_teu,
        begin=flows.chain_begin[:-1],
        end=flows.chain_begin[1:],
        slots_per_teu=~flows.cargo.is_bulk,
        table_begin=np.cumsum(widths * widths) - widths * widths,
        theta=tastes.theta,
        value=tastes.value_usd,
        inventory_rate=tastes.inventory_rate,
        schedule=tastes.schedule_usd_per_day,
        holding=tastes.holding_rate,
        service_factor=tastes.service_factor,
        demand=tastes.demand_per_day,
        demand_sd=tastes.demand_sd,
        contract_share=tastes.contract_share,
    )
