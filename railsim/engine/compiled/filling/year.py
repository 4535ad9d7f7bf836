"""All tables of a year, and the row of its world."""

from __future__ import annotations

import numpy as np

from railsim.corridor.tables import Plan
from railsim.engine.compiled import codes
from railsim.engine.compiled import tables as t
from railsim.engine.compiled.filling.corridor import (
    fill_chains,
    fill_flows,
    fill_lines,
    fill_resources,
    fill_services,
    fill_steps,
)
from railsim.engine.compiled.filling.units import (
    fill_changes,
    fill_departures,
    fill_lots,
    fill_units,
    fill_vehicles,
)
from railsim.engine.compiled.pending import BUCKET_BITS
from railsim.engine.draws import Draws
from railsim.engine.kernels.pages import room_for
from railsim.engine.kernels.tables import (
    Table,
    Tables,
    as_rows,
    new_table,
    write_addresses,
)
from railsim.units import DAYS_PER_YEAR, HOURS_PER_DAY, MS_PER_DAY, MS_PER_HOUR

MOST_EVENTS = 2**28  # so that rounds and plans, a few for an event, fit into 31 bits
MODELS = {"aon": codes.AON, "mnl": codes.MNL}


def fill(plan: Plan, draws: Draws, log_rows: int) -> Tables:
    """All tables at the beginning of the year, with a log of so many rows."""
    priorities = np.unique(
        np.concatenate([plan.flows.cargo.priority, plan.services.priority])
    )
    tables = {
        "steps": fill_steps(plan),
        "lots": fill_lots(draws),
        "vehicles": fill_vehicles(plan, draws),
        "departures": fill_departures(draws),
        "services": fill_services(plan),
        "chains": fill_chains(plan),
        "flows": fill_flows(plan),
        "enlisted": new_table(t.ENLISTED, 2 * len(draws.lots.arrival_ms), entry=-1),
        "changes": fill_changes(draws),
        "lot_times": as_rows(draws.lots.times_ms, t.TIME),
        "vehicle_times": as_rows(draws.vehicles.times_ms, t.TIME),
        "visits": as_rows(draws.lots.visits, t.VISIT),
        **fill_resources(plan, draws),
        **fill_units(plan, draws, priorities),
        **fill_lines(plan),
        **share_tables(plan),
        **room_for(log_rows),
    }
    tables |= room_for_plans(plan, tables) | empty_queues(
        tables, len(priorities), plan.span.begin_ms
    )
    tables["world"] = new_world(plan, draws, len(priorities), log_rows)
    tables["world"]["ready_rows"] = len(tables["ready"])
    write_addresses(tables)
    return tables


def share_tables(plan: Plan) -> Tables:
    """Room for a level for each route and for its routes, twice: for contracts too."""
    widths = np.diff(plan.flows.chain_begin)
    return {
        "levels": new_table(t.LEVEL, 2 * int(widths.sum())),
        "shares": new_table(t.SHARE, 2 * int((widths * widths).sum())),
    }


def empty_queues(tables: Tables, levels: int, begin_ms: int) -> Tables:
    """A queue for each resource and for each way of a line."""
    queues = len(tables["resources"]) + len(tables["ways"])
    return {
        "queues": new_table(t.QUEUE, queues),
        "ranks": new_table(
            t.RANK, queues * levels, head=-1, tail=-1, asked_from=begin_ms
        ),
    }


def room_for_plans(plan: Plan, tables: Tables) -> Tables:
    """Room for all that can be planned at once, and for the buckets of the year."""
    tokens, ways = len(tables["tokens"]), len(tables["ways"])
    parcels = 2 * tokens + ways + 1
    count = len(tables["units"]) + parcels
    buckets = ((plan.span.stop_ms - plan.span.begin_ms) >> BUCKET_BITS) + 2
    return {
        "parcels": new_table(t.PARCEL, parcels),
        "pending": new_table(t.PENDING, count + 1),
        "ready": new_table(t.READY, count + 1),
        "buckets": new_table(t.BUCKET, buckets, first=-1),
    }


def most_rows_at_once(plan: Plan, draws: Draws) -> int:
    """More rows than one thing that happens can write."""
    changes, lots = len(draws.changes.at_ms), len(draws.lots.arrival_ms)
    vehicles = len(draws.vehicles.depart_ms) * (len(plan.flows.names) + 3)
    return changes + lots + vehicles + 4 * len(plan.steps.act) + 100


def new_world(plan: Plan, draws: Draws, levels: int, log_rows: int) -> Table:
    """The row of the world before the year begins."""
    return new_table(
        t.WORLD,
        1,
        free_parcel=-1,
        first_head=-1,
        rest_head=-1,
        answered_head=-1,
        levels=levels,
        max_events=min(plan.max_events, MOST_EVENTS),
        ms_per_day=MS_PER_DAY,
        ms_per_hour=MS_PER_HOUR,
        hours_per_day=HOURS_PER_DAY,
        days_per_year=DAYS_PER_YEAR,
        rows_safe=log_rows - most_rows_at_once(plan, draws),
        **_span(plan),
        **_counts(plan, draws),
        **_choices(plan),
    )


def _span(plan: Plan) -> dict[str, int]:
    span = plan.span
    return {
        "now": span.begin_ms,
        "begin": span.begin_ms,
        "stop": span.stop_ms,
        "midnight": (span.begin_ms // MS_PER_DAY + 1) * MS_PER_DAY,
        "next_bucket_ms": span.begin_ms,
    }


def _counts(plan: Plan, draws: Draws) -> dict[str, int]:
    lots, vehicles = len(draws.lots.arrival_ms), len(draws.vehicles.depart_ms)
    widths = np.diff(plan.flows.chain_begin)
    return {
        "unit_count": lots + vehicles,
        "lot_count": lots,
        "vehicle_count": vehicles,
        "change_count": len(draws.changes.at_ms),
        "resource_count": len(plan.resources.names),
        "chain_count": len(plan.chains.flow),
        "flow_count": len(plan.flows.names),
        "level_rows": int(widths.sum()),
        "share_rows": int((widths * widths).sum()),
    }


def _choices(plan: Plan) -> dict[str, float]:
    choices, offers = plan.choices, plan.choices.offers
    is_closing = (offers.open_until_ms < codes.NEVER).any()
    return {
        "model": MODELS.get(choices.model, codes.NESTED),
        "is_learning": choices.is_learning,
        "has_openings": bool((offers.ramp_ms > 0).any() or is_closing),
        "learning": choices.learning_per_day,
        "stranded_ms": choices.stranded_ms,
        "stranded_share": choices.stranded_share,
    }
