"""A plan and its draws become the tables of the meter; some of them grow."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.kernels.pages import expected_rows, room_for
from railsim.engine.kernels.tables import Tables, new_table, write_addresses
from railsim.engine.log import Cause
from railsim.engine.measuring.samples import group_count
from railsim.engine.measuring.steps import DAYS
from railsim.engine.measuring.tables import GROWING, NEVER, NONE, TABLES, WORLD


def fill(plan: Plan, draws: Draws) -> Tables:
    """All tables before anything has happened."""
    lots, steps = len(draws.lots.arrival_ms), len(plan.steps.act)
    units = lots + len(draws.vehicles.depart_ms)
    services, cargo = plan.services, plan.flows.cargo
    room = expected_rows(plan, draws) // 4  # rarely too little
    tables = {
        "units": new_table(TABLES["units"], units, oldest=NONE),
        "flows": new_table(
            TABLES["flows"],
            len(plan.flows.names),
            kg_per_teu=cargo.kg_per_teu,
            slots_per_teu=~cargo.is_bulk,
        ),
        "steps": new_table(TABLES["steps"], steps),
        "waited_days": new_table(TABLES["waited_days"], steps * DAYS),
        "services": new_table(TABLES["services"], len(services.resource)),
        "cancelled": new_table(
            TABLES["cancelled"], len(services.resource) * len(Cause)
        ),
        **_fill_movers(plan, draws),
        **_fill_resources(plan),
        **{name: np.empty(room, TABLES[name]) for name in GROWING},
        **room_for(0),
    }
    return tables | _fill_world(plan, lots)


def _fill_movers(plan: Plan, draws: Draws) -> Tables:
    span, lots = plan.span, draws.lots
    arrival_ms = lots.arrival_ms
    return {
        "lots": new_table(
            TABLES["lots"],
            len(arrival_ms),
            arrival_ms=arrival_ms,
            teu=lots.teu,
            trucks=lots.trucks,
            flow=lots.flow,
            is_measured=(arrival_ms >= span.measure_ms) & (arrival_ms < span.end_ms),
            chain=NONE,
            delivered_ms=NEVER,
            request=NONE,
            step=NONE,
        ),
        "vehicles": new_table(
            TABLES["vehicles"],
            len(draws.vehicles.depart_ms),
            service=plan.services.departures.service,
            depart_ms=NEVER,
            arrive_ms=NEVER,
            line=NONE,
        ),
    }


def _fill_resources(plan: Plan) -> Tables:
    resources, lines = plan.resources, plan.lines
    return {
        "resources": new_table(
            TABLES["resources"],
            len(resources.names),
            word=resources.word,
            line=lines.of_resource,
            capacity=resources.capacity,
            changed_ms=plan.span.begin_ms,
        ),
        "lines": new_table(
            TABLES["lines"],
            len(lines.section_count),
            first_section=lines.first_section,
            clear_ms=lines.clear_ms,
        ),
        "sections": new_table(TABLES["sections"], int(lines.section_count.sum())),
    }


def _fill_world(plan: Plan, lots: int) -> Tables:
    steps, resources = len(plan.steps.act), len(plan.resources.names)
    groups = group_count(steps, resources)
    world = new_table(
        WORLD,
        1,
        begin=plan.span.measure_ms,
        end=plan.span.end_ms,
        lot_count=lots,
        step_count=steps,
        resource_count=resources,
        group_count=groups,
    )
    return {
        "edges": new_table(TABLES["edges"], groups + 2),
        "sorted": new_table(TABLES["sorted"], 0),
        "world": world,
    }


def make_room(tables: Tables, rows: int) -> None:
    """Room for what so many rows of the log may bring."""
    for name in GROWING:
        table, count = tables[name], int(tables["world"][f"{name}_count"][0])
        if count + rows > len(table):
            longer = np.empty(max(count + rows, 2 * len(table)), table.dtype)
            longer[:count] = table[:count]
            tables[name] = longer
    write_addresses(tables)


def make_room_to_sort(tables: Tables) -> None:
    """Room for all samples, and for three numbers of each request."""
    world = tables["world"]
    rows = int(world["samples_count"][0] + 3 * world["requests_count"][0])
    tables["sorted"] = np.empty(rows, TABLES["sorted"])
    write_addresses(tables)
