"""A solution as `Service`, as if it had been measured from events.

Distributions follow from mean and deviation: door-to-door times are gamma (quantiles by
Wilson and Hilferty 1931), waits for a departure uniform. Nothing is lost on the way.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from railsim.corridor.arrays import Floats
from railsim.corridor.tables import Act
from railsim.engine.analytic.building import Year
from railsim.engine.analytic.solving import Solution
from railsim.engine.log import Cause
from railsim.engine.measuring.service import (
    MOST_DAYS,
    QUANTILES,
    DepartureService,
    ResourceUse,
    RouteService,
    SectionUse,
    Service,
    StepService,
)
from railsim.units import HOURS_PER_DAY

Z_OF_QUANTILES: Floats = np.asarray(special.ndtri(QUANTILES), dtype=np.float64)
Z_OF_TENTH = -1.2815515655446004
Z_OF_TWENTIETH = 1.6448536269514722
ROOT_THREE = 1.7320508075688772
WIDEST = 100.0  # deviations over means from which no quantile moves


def serve(year: Year, solution: Solution) -> Service:
    """What a year offers at a solution."""
    return Service(
        routes=serve_routes(year, solution),
        steps=_steps(year, solution),
        departures=_departures(year, solution),
        resources=_resources(year, solution),
        sections=_sections(year),
    )


def serve_routes(year: Year, solution: Solution) -> RouteService:
    """What chains offer; vehicles' ways carry no lots and have no times."""
    plan, m = year.plan, year.model
    count, known = len(plan.chains.route), len(m.chains)
    is_offered = np.zeros(known, dtype=np.bool_)
    is_offered[m.member] = True
    lots = _padded(solution.lots, count, 0.0)
    flow = np.maximum(plan.chains.flow, 0)
    mean = np.where(is_offered, solution.mean_h, np.nan)
    sd = np.where(is_offered, solution.sd_h, np.nan)
    by_teu = np.where(is_offered, _mean_by_teu(year, solution), np.nan)
    return RouteService(
        lots=lots,
        teu=lots * m.flows["teu"][flow],
        kg=lots * m.flows["kg"][flow],
        undelivered=np.zeros(count, dtype=np.int64),
        lost=np.zeros(count, dtype=np.int64),
        mean_h=_padded(by_teu, count, np.nan),
        sd_h=_padded(sd, count, np.nan),
        lot_mean_h=_padded(mean, count, np.nan),
        lot_sd_h=_padded(sd, count, np.nan),
        quantiles_h=_padded(
            _gamma_quantiles(by_teu, sd, Z_OF_QUANTILES), count, np.nan
        ),
    )


def _padded(values: Floats, count: int, filler: float) -> Floats:
    """Chains of lots come first; the ways of vehicles behind them get the filler."""
    padded = np.full((count, *values.shape[1:]), filler)
    padded[: len(values)] = values
    return padded


def _mean_by_teu(year: Year, solution: Solution) -> Floats:
    """Mean times of chains, weighted by TEU: large lots take longer to handle."""
    steps = year.steps
    more = steps["chance"] * (steps["by_teu_h"] - steps["fixed_h"])
    difference = np.bincount(steps["chain"], more, len(year.model.chains))
    return np.asarray(solution.mean_h + difference, dtype=np.float64)


def _gamma_quantiles(mean: Floats, sd: Floats, z: Floats) -> Floats:
    """Quantiles of gamma times: m (1 - v^2/9 + z v/3)^3, v = sd / m."""
    narrow = np.minimum(sd, WIDEST * mean)
    cv = np.divide(narrow, mean, out=np.zeros_like(mean), where=mean > 0.0)[:, None]
    root = np.maximum(1.0 - cv * cv / 9.0 + z * cv / 3.0, 0.0)
    return np.asarray(mean[:, None] * root * root * root, dtype=np.float64)


def _steps(year: Year, solution: Solution) -> StepService:
    """Steps of lots, in hours of TEU; steps of vehicles carry nothing."""
    plan, steps = year.plan, year.steps
    count, first, post = len(plan.steps.act), steps["step"], steps["post"]
    visits = solution.lots[steps["chain"]] * steps["chance"]
    teu = visits * year.model.flows["teu"][steps["flow"]]
    waited = np.append(solution.post_wait_h, 0.0)[post]  # -1, no post, is last
    spread = np.append(solution.post_wait_h2, 0.0)[post]
    fast, slow = _elapsed(year, waited, spread)

    def at_steps(values: Floats, filler: float = 0.0) -> Floats:
        found = np.full(count, filler)
        found[first] = values
        return found

    days = np.zeros((count, MOST_DAYS + 1))
    is_ride = plan.steps.act[first] == Act.RIDE
    wait = waited + steps["ready_h"]
    days[first[is_ride]] = _days(teu[is_ride], wait[is_ride], np.sqrt(spread[is_ride]))
    return StepService(
        visits=at_steps(visits),
        wait_h=at_steps(teu * wait),
        time_h=at_steps(teu * (waited + steps["by_teu_h"])),
        elapsed_p10_h=at_steps(fast, np.nan),
        elapsed_p90_h=at_steps(slow, np.nan),
        waited_days=days,
    )


def _elapsed(year: Year, waited: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """Tenth and ninth tenth of the hours since creation at the end of each step."""
    p, hours = year.steps["chance"], year.steps["fixed_h"] + waited
    square = year.steps["fixed_h2"] + spread + hours * hours
    mean = _since_start(year, p * hours)
    variance = _since_start(year, p * square - p * p * hours * hours)
    sd = np.sqrt(np.maximum(variance, 0.0))
    return np.maximum(mean + Z_OF_TENTH * sd, 0.0), mean - Z_OF_TENTH * sd


def _since_start(year: Year, values: Floats) -> Floats:
    """Running sums along each chain."""
    reached = np.concatenate([[0.0], np.cumsum(values)])
    before = reached[year.model.chains["step_begin"]][year.steps["chain"]]
    return np.asarray(reached[1:] - before, dtype=np.float64)


def _days(teu: Floats, mean: Floats, sd: Floats) -> Floats:
    """TEU by whole days of a wait that is uniform with this mean and deviation."""
    low = np.maximum(mean - ROOT_THREE * sd, 0.0)[:, None]
    high = np.maximum(mean + ROOT_THREE * sd, 1e-9)[:, None]
    ends = np.arange(MOST_DAYS + 1) * HOURS_PER_DAY
    reached = np.clip((ends - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
    reached[:, -1] = 1.0
    shares = np.diff(reached, axis=1, prepend=0.0)
    return np.asarray(shares * teu[:, None], dtype=np.float64)


def _departures(year: Year, solution: Solution) -> DepartureService:
    """Services: what runs, what is dropped, what they carry."""
    plan, m, rides = year.plan, year.model, year.rides
    count = len(plan.services.resource)
    carried = _at_resources(year, solution, "teu")[plan.services.resource]
    kg = _at_resources(year, solution, "kg")[plan.services.resource]
    boxes = np.where(plan.flows.cargo.is_bulk, 0.0, m.flows["teu"])
    slots = _at_resources(year, solution, boxes)[plan.services.resource]
    kept = 1.0 - (0.0 if plan.is_deterministic else plan.services.cancelled_share)
    cancelled = np.zeros((count, len(Cause)))
    cancelled[:, Cause.DROPPED] = rides.count * (1.0 - kept) / np.maximum(kept, 1e-9)
    ride = np.array([year.kappas[r].ride for r in plan.services.resource.tolist()])
    run_h = rides.free_h + ride * rides.lost_h
    return DepartureService(
        run=np.rint(rides.count).astype(np.int64),
        cancelled=np.rint(cancelled).astype(np.int64),
        teu=carried,
        kg=kg,
        slots=slots,
        run_h=np.where(rides.count > 0.0, run_h, np.nan),
    )


def _at_resources(year: Year, solution: Solution, of_lot: str | Floats) -> Floats:
    """Sums over the lots that visit each resource: of a column of flows, or given."""
    steps = year.steps
    size = year.model.flows[of_lot] if isinstance(of_lot, str) else of_lot
    visits = solution.lots[steps["chain"]] * steps["chance"]
    names = year.plan.resources.names
    found = np.bincount(steps["resource"], visits * size[steps["flow"]], len(names))
    return np.asarray(found, dtype=np.float64)


def _resources(year: Year, solution: Solution) -> ResourceUse:
    """Use of stations, services and pools; of maxima closed forms know nothing."""
    plan, m = year.plan, year.model
    count, at = len(plan.resources.names), m.nodes["resource"]
    lots = _at_resources(year, solution, np.ones(len(m.flows)))

    def of_nodes(values: Floats, filler: float = 0.0) -> Floats:
        found = np.full(count, filler)
        found[at] = values
        return found

    wait, sd = solution.wait_h + _ready_h(year), np.sqrt(solution.wait_h2)
    late = _gamma_quantiles(wait, sd, np.array([Z_OF_TWENTIETH]))[:, 0]
    units = lots + of_nodes(m.nodes["own_lots"])
    is_station = ~m.nodes["is_service"].astype(np.bool_)
    open_h = np.where(is_station, m.nodes["servers"], 1.0) * m.hours
    return ResourceUse(
        units=units,
        trucks=_at_resources(year, solution, "trucks"),
        wait_mean_h=of_nodes(wait),
        wait_p95_h=of_nodes(np.maximum(late, wait)),
        closed_wait_h=of_nodes(np.where(is_station, solution.shut_h, 0.0)),
        queue_mean=of_nodes(units[at] * wait / m.hours),
        queue_max=np.where(units > 0.0, np.nan, 0.0),
        open_h=of_nodes(open_h * m.nodes["open_share"], m.hours),
        utilisation=of_nodes(np.where(is_station, solution.load, np.nan), np.nan),
    )


def _ready_h(year: Year) -> Floats:
    """Cut-off and lateness of the nodes that are services."""
    v = year.plan.services.of_resource[year.model.nodes["resource"]]
    fixed = np.append(year.rides.cutoff_h + year.rides.late_h, 0.0)
    return np.asarray(fixed[v], dtype=np.float64)


def _sections(year: Year) -> SectionUse:
    """Sections of the lines, in the order of the plan."""
    counts, use = year.plan.lines.section_count, year.rides.lines
    hours = year.model.hours
    return SectionUse(
        line=np.repeat(np.arange(len(counts)), counts),
        section=np.arange(counts.sum())
        - np.repeat(year.plan.lines.first_section, counts),
        trains=np.rint(use.trains * hours).astype(np.int64),
        occupied_share=use.occupied,
        conflict_h=use.stood * hours,
    )
