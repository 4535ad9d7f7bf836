"""What the draws say: lots, vehicles, their states, and changes of capacity."""

from __future__ import annotations

import numpy as np

from railsim.corridor.arrays import Ints
from railsim.corridor.tables import Act, Plan
from railsim.engine.compiled import codes
from railsim.engine.compiled import tables as t
from railsim.engine.draws import Draws
from railsim.engine.kernels.tables import Table, Tables, new_table


def fill_units(plan: Plan, draws: Draws, priorities: Ints) -> Tables:
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
    table = new_table(
        t.UNIT,
        len(rows),
        level=np.concatenate([of_lots, of_vehicles]),
        first_time=np.concatenate([draws.lots.time_begin, draws.vehicles.time_begin]),
        deadline=codes.NEVER,
        tokens_begin=np.cumsum(rows) - rows,
        chain=-1,
        riders=-1,
    )
    return {"units": table, "tokens": new_table(t.TOKEN, int(rows.sum()))}


def _takes(plan: Plan) -> Ints:
    """How often each chain takes tokens."""
    reached = np.concatenate([[0], np.cumsum(plan.steps.act == Act.TAKE)])
    takes: Ints = np.diff(reached[plan.chains.begin])
    return takes


def fill_lots(draws: Draws) -> Table:
    """What is drawn for each lot."""
    lots = draws.lots
    return new_table(
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


def fill_vehicles(plan: Plan, draws: Draws) -> Table:
    """What is drawn for each vehicle."""
    departures = plan.services.departures
    return new_table(
        t.VEHICLE,
        len(departures.at_ms),
        scheduled=departures.at_ms,
        service=departures.service,
        is_dropped=draws.vehicles.is_dropped,
    )


def fill_departures(draws: Draws) -> Table:
    """Vehicles in the order in which they really leave."""
    order = np.argsort(draws.vehicles.depart_ms, kind="stable")
    return new_table(
        t.DEPARTURE,
        len(order),
        at=draws.vehicles.depart_ms[order],
        unit=len(draws.lots.arrival_ms) + order,
    )


def fill_changes(draws: Draws) -> Table:
    """Capacity changes in the order of time."""
    changes = draws.changes
    return new_table(
        t.CHANGE,
        len(changes.at_ms),
        at=changes.at_ms,
        resource=changes.resource,
        capacity=changes.capacity,
    )
