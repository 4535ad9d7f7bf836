"""What a plan says: steps, resources, services, lines, routes and flows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Ints
from railsim.corridor.tables import Plan, Word
from railsim.engine.compiled import tables as t
from railsim.engine.draws import Draws
from railsim.engine.kernels.tables import Table, Tables, new_table


def fill_steps(plan: Plan) -> Table:
    """All steps of all chains."""
    steps = plan.steps
    names = t.STEP.names or ()
    columns = {name: getattr(steps, name) for name in names}
    return new_table(t.STEP, len(steps.act), **columns)


def fill_services(plan: Plan) -> Table:
    """Limits and habits of services."""
    names = t.SERVICE.names or ()
    columns = {name: getattr(plan.services, name) for name in names}
    return new_table(t.SERVICE, len(plan.services.resource), **columns)


def fill_lines(plan: Plan) -> Tables:
    """Lines, and one after another their stations, each with the section behind it.

    Of the L tracks of a station between two sections a direction may hold L - 1.
    """
    lines = plan.lines
    counts = lines.section_count + 1
    tracks = [row for loops in lines.loop_tracks for row in (0, *loops.tolist(), 0)]
    first = np.cumsum(counts) - counts
    table = new_table(
        t.LINE,
        len(counts),
        clear_ms=lines.clear_ms,
        stop_loss_ms=lines.stop_loss_ms,
        first_station=first,
        is_double=lines.track_count > 1,
        section_count=lines.section_count,
        noted=-1,
    )
    stations = new_table(t.STATION, len(tracks), tracks=tracks)
    stations["is_bounded"] = 1
    stations["is_bounded"][first] = 0
    stations["is_bounded"][first + counts - 1] = 0
    stations["most_one_way"] = stations["tracks"] - 1
    return {
        "lines": table,
        "stations": stations,
        "ways": new_table(t.WAY, 2 * len(stations), free_from=plan.span.begin_ms),
    }


def fill_chains(plan: Plan) -> Table:
    """Routes of flows, then services; offers belong to routes only."""
    chains, offers = plan.chains, plan.choices.offers
    table = new_table(
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


def fill_flows(plan: Plan) -> Table:
    """Flows: their routes, share tables and tastes."""
    flows, tastes = plan.flows, plan.choices.tastes
    widths = np.diff(flows.chain_begin)
    return new_table(
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


def fill_resources(plan: Plan, draws: Draws) -> Tables:
    """Resources, and when those that must finish lose capacity, one after another."""
    resources, word = plan.resources, plan.resources.word
    owner = np.where(
        word == Word.DEPARTURE, plan.services.of_resource, plan.lines.of_resource
    )
    is_reduction = _are_reductions(plan, draws)
    order = np.argsort(draws.changes.resource[is_reduction], kind="stable")
    edges = np.searchsorted(
        draws.changes.resource[is_reduction][order], np.arange(len(word) + 1)
    )
    table = new_table(
        t.RESOURCE,
        len(word),
        word=word,
        capacity=resources.capacity,
        count=np.where(word == Word.POOL, resources.capacity, 0),
        room=resources.room,
        is_first=(word == Word.DEPARTURE) | (word == Word.POOL),
        owner=owner,
        fleet=_fleets(resources.names),
        is_must_finish=resources.is_must_finish,
        reduction=edges[:-1],
        reduction_end=edges[1:],
        deciding=-1,
        boarding=-1,
    )
    at = draws.changes.at_ms[is_reduction][order]
    return {"resources": table, "reductions": new_table(t.REDUCTION, len(at), at=at)}


def _fleets(names: tuple[str, ...]) -> Ints:
    """A number for what stands before the place in the name of a pool."""
    fleets = [name.partition("@")[0] for name in names]
    return np.array([fleets.index(fleet) for fleet in fleets], np.int64)


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
