"""What flows send over each of their routes, at what cost and in what time: columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from railsim.appraisal.emissions import kg_co2e_per_t
from railsim.corridor.arrays import Flags, Floats, Ints, ints, sums
from railsim.corridor.choosing.menus import menus_of_year
from railsim.corridor.choosing.weighing import (
    ChainTimeCosts,
    composite_costs,
    costs_at,
    weigh_times,
)
from railsim.corridor.fares import CHARGED, fares_of, tariffs_usd_per_teu
from railsim.corridor.tables import Plan
from railsim.engine.measuring.service import QUANTILES, RouteService
from railsim.outcome import FlowRow, RouteRow
from railsim.rows import Row, Rows
from railsim.scenario.schema import Scenario
from railsim.sharing import once_for
from railsim.units import KG_PER_TONNE

FLOW_NAMES = ("market", "commodity", "direction")
ROUTE_NAMES = ("form", "origin", "destination")
TIME_PARTS = ("inventory", "decay", "schedule", "safety")
Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class RoutesOfYear:
    """What every chain offered in a year, and what it cost to store lots on it."""

    scenario: Scenario
    plan: Plan
    met: RouteService
    storage_usd: Floats


def open_in_year(plan: Plan) -> Flags:
    """Chains that somebody could take on some day of the year."""
    offers, span = plan.choices.offers, plan.span
    is_there = offers.open_from_ms < span.end_ms
    return is_there & (offers.open_until_ms > span.measure_ms)


def times_met(plan: Plan, met: RouteService) -> ChainTimeCosts:
    """Time costs of every chain at the times met; unknown where nobody arrived."""
    count = len(plan.choices.offers.asc)
    return weigh_times(plan, met.mean_h[:count], met.sd_h[:count])


def route_rows(of: RoutesOfYear, alternative: str) -> Rows[RouteRow]:
    """Amounts, costs and times of routes that somebody could take."""
    there = np.flatnonzero(open_in_year(of.plan))
    columns = {
        **_names(of.scenario),
        **_amounts(of.met),
        **_costs(of),
        **_times(of.met),
        "kg_co2e_per_t": kg_co2e_per_t(of.scenario, of.plan.span.year),
    }
    return _rows(RouteRow, of, alternative, there, columns)


def flow_rows(of: RoutesOfYear, alternative: str) -> Rows[FlowRow]:
    """Every flow with its composite cost at the times met, else at those remembered."""
    there = np.flatnonzero(open_in_year(of.plan))
    flow, count = of.plan.chains.flow[there], len(of.plan.flows.names)
    kg = of.met.kg[there] * kg_co2e_per_t(of.scenario, of.plan.span.year)[there]
    names = _names_of_flows(of.scenario)
    columns = {
        **{name: names[name] for name in FLOW_NAMES},
        "flow": np.array(of.plan.flows.names, dtype=object),
        "teu": sums(flow, of.met.teu[there], count),
        "composite_usd_per_teu": _composites(of.plan, of.met),
        "t_co2e": sums(flow, kg, count) / (KG_PER_TONNE * KG_PER_TONNE),
    }
    return _rows(FlowRow, of, alternative, np.unique(flow), columns)


def _rows(
    kind: type[Row], of: RoutesOfYear, alternative: str, there: Ints, columns: Columns
) -> Rows[Row]:
    """Some of the cells of all columns, under the names of the year and its world."""
    of_year = {"alternative": alternative, "year": of.plan.span.year}
    constant = {name: [cell] * len(there) for name, cell in of_year.items()}
    cells = {name: column[there].tolist() for name, column in columns.items()}
    return Rows(kind, [{**constant, **cells}])


@once_for(*CHARGED)
def _names(scenario: Scenario) -> Columns:
    """What every chain is called; the same in every year."""
    fares, flows = fares_of(scenario), [*scenario.flows]
    flow = ints(flows.index(fare.name) for fare in fares)
    modes = [scenario.routes[fare.route].mode for fare in fares]
    return {
        **{name: words[flow] for name, words in _names_of_flows(scenario).items()},
        "flow": np.array([fare.name for fare in fares], dtype=object),
        "route": np.array([fare.route for fare in fares], dtype=object),
        "mode": np.array(modes, dtype=object),
    }


@once_for("flows")
def _names_of_flows(scenario: Scenario) -> Columns:
    flows = scenario.flows.values()
    return {
        name: np.array([getattr(flow, name) for flow in flows], dtype=object)
        for name in (*FLOW_NAMES, *ROUTE_NAMES)
    }


def _amounts(met: RouteService) -> Columns:
    return {
        "lots": met.lots.astype(np.float64),
        "teu": met.teu.astype(np.float64),
        "tonnes": met.kg / KG_PER_TONNE,
        "undelivered_lots": met.undelivered,
        "lost_lots": met.lost,
    }


def _costs(of: RoutesOfYear) -> Columns:
    """Money, storage included, and time; together the generalised cost."""
    money = tariffs_usd_per_teu(of.scenario) + of.storage_usd
    time = times_met(of.plan, of.met)
    return {
        "money_usd_per_teu": money,
        **{f"{part}_usd_per_teu": getattr(time, part) for part in TIME_PARTS},
        "generalised_cost_usd_per_teu": money + time.total,
    }


def _times(met: RouteService) -> Columns:
    quantiles = zip(QUANTILES, met.quantiles_h.T, strict=True)
    return {
        "time_mean_h": met.mean_h,
        "time_sd_h": met.sd_h,
        **{f"time_p{round(100 * q)}_h": hours for q, hours in quantiles},
    }


def _composites(plan: Plan, met: RouteService) -> Floats:
    offers, count = plan.choices.offers, len(plan.choices.offers.asc)
    mean, sd = met.lot_mean_h[:count], met.lot_sd_h[:count]
    is_met = np.isfinite(mean)
    cost = costs_at(
        plan,
        np.where(is_met, mean, offers.perceived_h),
        np.where(is_met, sd, offers.perceived_sd_h),
    )
    return composite_costs(plan, menus_of_year(plan), cost)
