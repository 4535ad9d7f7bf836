"""`Plan` -> `Model`: moments, rates and menus of a year, once before it is solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.corridor.arrays import Floats, Ints, ints, sums
from railsim.corridor.choosing.menus import Menus, menus_of_year
from railsim.corridor.tables import Act, Plan, Unit, Word
from railsim.engine.analytic.kappas import PLAIN, Kappa, Kappas
from railsim.engine.analytic.model import (
    CHAIN,
    FLOW,
    MENU,
    NODE,
    SPELL,
    STEP,
    Model,
    Rows,
    ranges,
    rows_of,
)
from railsim.engine.analytic.reading.closures import Closures, read_closures
from railsim.engine.analytic.reading.counting import counts_of_lots
from railsim.engine.analytic.reading.rides import Rides, read_rides
from railsim.engine.analytic.reading.vehicles import ways_of_vehicles
from railsim.engine.analytic.reading.volumes import (
    hours_of_year,
    lots_of_year,
    read_contracts,
    shares_by_menu,
)
from railsim.engine.analytic.reading.walking import Posts, number_posts, read_steps
from railsim.sharing import Itself, once_for
from railsim.units import KG_PER_TONNE


@dataclass(frozen=True, slots=True)
class Year:
    """A plan ready for closed forms; `kappas` stand by resource.

    `steps` are the columns of the model's steps, one after another in memory, with the
    `chain`, the `flow` and the `resource` of each.
    """

    plan: Plan
    rides: Rides
    kappas: tuple[Kappa, ...]
    model: Model
    steps: Mapping[str, NDArray[Any]]


def prepare_year(plan: Plan, kappas: Kappas) -> Year:
    """Everything that the closed forms need of a year; `kappas` by resource name."""
    closures = read_closures(plan)
    rides = read_rides(plan, closures)
    factors = tuple(kappas.get(name, PLAIN) for name in plan.resources.names)
    model = _build_model(plan, closures, rides, factors)
    return Year(plan, rides, factors, model, _columns_of_steps(plan, model))


def _columns_of_steps(plan: Plan, m: Model) -> dict[str, NDArray[Any]]:
    counts = m.chains["step_end"] - m.chains["step_begin"]
    chain = np.repeat(np.arange(len(m.chains)), counts)
    return {
        **{name: np.ascontiguousarray(m.steps[name]) for name in STEP},
        "chain": chain,
        "flow": plan.chains.flow[chain],
        "resource": plan.steps.resource[m.steps["step"]],
    }


def _build_model(
    plan: Plan, closures: Closures, rides: Rides, kappas: tuple[Kappa, ...]
) -> Model:
    number = _number_nodes(plan, len(plan.resources.names))
    choices, menus = plan.choices, menus_of_year(plan)
    posts = number_posts(plan, Itself(number))
    is_nested = choices.model == "nested"  # plain logit is one nest of scale 1
    return Model(
        hours=hours_of_year(plan),
        is_learning=choices.is_learning,
        is_all_or_nothing=choices.model == "aon",
        nodes=_build_nodes(plan, closures, rides, number, posts, kappas),
        spells=_build_spells(closures, np.flatnonzero(number >= 0)),
        steps=read_steps(plan, closures, rides, posts, kappas),
        chains=_build_chains(plan, menus, is_nested=is_nested),
        flows=_build_flows(plan, menus),
        menus=rows_of(
            MENU,
            {
                **ranges("member", menus.begin),
                "weight": menus.weight,
            },
        ),
        member=menus.member,
        scale=choices.nest_scale if is_nested else np.ones(1),
    )


def edges(counts: Iterable[int]) -> list[int]:
    """Where consecutive ranges of these lengths begin, and the end of the last."""
    return list(accumulate(counts, initial=0))


@once_for("steps", "chains", "flows")
def _number_nodes(plan: Plan, count: int) -> Ints:
    """Resource of `count` -> node; -1 where lots never wait in a queue."""
    of_lots = slice(0, int(plan.chains.begin[plan.flows.chain_begin[-1]]))
    acts, used = plan.steps.act[of_lots], plan.steps.resource[of_lots]
    waited = sorted({*used[np.isin(acts, (Act.SERVE, Act.RIDE, Act.TAKE))].tolist()})
    number = np.full(count, -1, dtype=np.int64)
    number[waited] = np.arange(len(waited))
    return number


def _build_nodes(
    plan: Plan,
    closures: Closures,
    rides: Rides,
    number: Ints,
    posts: Posts,
    kappas: tuple[Kappa, ...],
) -> Rows:
    resource = np.flatnonzero(number >= 0)
    is_service = plan.resources.word[resource] == Word.DEPARTURE
    v = plan.services.of_resource[resource[is_service]]
    own = _asked_by_vehicles(plan, rides, number, len(resource))
    spell_counts = np.diff(closures.begin)[resource].tolist()
    nodes = rows_of(
        NODE,
        {
            **dict.fromkeys(NODE, np.zeros(len(resource))),
            **ranges("spell", edges(spell_counts)),
            **ranges("post", edges(np.bincount(posts.node).tolist())),
            "resource": resource,
            "is_service": is_service,
            "servers": plan.resources.capacity[resource],
            "open_share": closures.open_share[resource],
            "active_h": np.full(len(resource), hours_of_year(plan)),
            "own_lots": own[0],
            "own_work": own[1],
            "own_work2": own[2],
            "kappa_shut": [kappas[r].shut for r in resource.tolist()],
            "kappa_queue": [kappas[r].queue for r in resource.tolist()],
        },
    )
    nodes["servers"][is_service] = plan.services.capacity_teu[v]
    nodes["room_kg"][is_service] = plan.services.capacity_kg[v]
    for name in ("active_h", "headway_h", "first_h", "first_h2"):
        nodes[name][is_service] = getattr(rides, name)[v]
    return nodes


def _asked_by_vehicles(plan: Plan, rides: Rides, number: Ints, count: int) -> Floats:
    """Vehicles served at stations in the year, their hours and squared hours."""
    stops, _ = ways_of_vehicles(plan)
    node = number[stops.resource]
    asks = stops.where(Act.SERVE) & (node >= 0)
    node, served = node[asks], rides.count[stops.service[asks]]
    mean, variance = stops.mean_h[asks], stops.variance_h2[asks]
    amounts = (np.ones(len(mean)), mean, mean * mean + variance)
    return np.stack([sums(node, served * amount, count) for amount in amounts])


def _build_spells(closures: Closures, resource: Ints) -> Rows:
    """Spells of the nodes in turn."""
    rows = [range(*closures.begin[r : r + 2].tolist()) for r in resource.tolist()]
    chosen = ints(i for row in rows for i in row)
    return rows_of(SPELL, {name: getattr(closures, name)[chosen] for name in SPELL})


def _build_chains(plan: Plan, menus: Menus, *, is_nested: bool) -> Rows:
    offers, contracts = plan.choices.offers, read_contracts(plan)
    flow = plan.chains.flow[: len(contracts.shares)]
    kept = contracts.kept[flow]
    mixed = (1.0 - kept) * shares_by_menu(plan, menus) + kept * contracts.shares
    return rows_of(
        CHAIN,
        {
            **ranges("step", plan.chains.begin[: len(flow) + 1]),
            "nest": offers.nest if is_nested else np.zeros_like(offers.nest),
            "asc": offers.asc,
            "money": offers.money_usd,
            "headway_days": offers.headway_days,
            "decay": offers.decay_per_day,
            "base_share": offers.base_share,
            "contract": contracts.shares,
            "start": lots_of_year(plan)[flow] * mixed,
        },
    )


def _build_flows(plan: Plan, menus: Menus) -> Rows:
    tastes = plan.choices.tastes
    count = len(plan.flows.names)
    sizes = counts_of_lots(plan).mean
    return rows_of(
        FLOW,
        {
            **ranges("chain", plan.flows.chain_begin),
            **ranges("menu", np.searchsorted(menus.flow, np.arange(count + 1))),
            "lots": lots_of_year(plan),
            "contract_share": read_contracts(plan).kept,
            "theta": tastes.theta,
            "value": tastes.value_usd,
            "inventory": tastes.inventory_rate,
            "schedule": tastes.schedule_usd_per_day,
            "holding": tastes.holding_rate,
            "service_factor": tastes.service_factor,
            "demand": tastes.demand_per_day,
            "demand_sd": tastes.demand_sd,
            "teu": sizes[:, Unit.TEU],
            "trucks": sizes[:, Unit.TRUCK],
            "kg": sizes[:, Unit.TONNE] * KG_PER_TONNE,
        },
    )
