"""Loads and times of every chain; the chain of a lot is that on which it ended."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from railsim.corridor.arrays import Flags, Floats, Ints
from railsim.corridor.tables import Plan
from railsim.engine.draws import Draws
from railsim.engine.kernels.tables import Table
from railsim.engine.measuring.service import QUANTILES, RouteService
from railsim.engine.measuring.tables import NEVER
from railsim.units import MS_PER_HOUR


def measure_routes(plan: Plan, draws: Draws, lots: Table) -> RouteService:
    """Count the lots of every chain, and weigh the times of the delivered ones."""
    count, chain = len(plan.chains.route), lots["chain"].copy()
    measured = (lots["is_measured"] > 0) & (chain >= 0)
    is_delivered, is_lost = lots["delivered_ms"] > NEVER, lots["is_lost"] > 0
    is_done = measured & is_delivered
    groups = _groups(chain[is_done])
    hours = (lots["delivered_ms"] - lots["arrival_ms"])[is_done] / MS_PER_HOUR
    teu = draws.lots.teu[is_done].astype(np.float64)
    by_teu = _moments(groups, hours, teu, count)
    by_lot = _moments(groups, hours, np.ones_like(hours), count)

    def counted(mask: Flags, weight: Ints | None = None) -> Ints:
        weights = None if weight is None else weight[mask]
        return np.bincount(chain[mask], weights, count).astype(np.int64)

    return RouteService(
        lots=counted(measured),
        teu=counted(measured, draws.lots.teu),
        kg=counted(measured, draws.lots.kg),
        undelivered=counted(measured & ~is_delivered & ~is_lost),
        lost=counted(measured & is_lost),
        mean_h=by_teu.mean,
        sd_h=by_teu.sd,
        lot_mean_h=by_lot.mean,
        lot_sd_h=by_lot.sd,
        quantiles_h=_quantiles(groups, hours, teu, count),
    )


def _groups(chain: Ints) -> dict[int, Ints]:
    """The lots of each chain, in their order."""
    order = np.argsort(chain.astype(np.int16), kind="stable")  # short keys sort faster
    edges = np.flatnonzero(np.diff(chain[order])) + 1
    return {int(chain[g[0]]): g for g in np.split(order, edges) if len(g)}


@dataclass(frozen=True, slots=True)
class _Moments:
    """Weighted mean and deviation of times per chain; NaN where none."""

    mean: Floats
    sd: Floats


def _moments(
    groups: dict[int, Ints], hours: Floats, weight: Floats, count: int
) -> _Moments:
    mean, sd = np.full(count, np.nan), np.full(count, np.nan)
    for c, group in groups.items():
        times, w = hours[group], weight[group]
        total = w.sum()
        mean[c] = (times * w).sum() / total
        sd[c] = np.sqrt(((times - mean[c]) ** 2 * w).sum() / total)
    return _Moments(mean, sd)


def _quantiles(
    groups: dict[int, Ints], hours: Floats, weight: Floats, count: int
) -> Floats:
    """Times by which shares of the weight have arrived."""
    found = np.full((count, len(QUANTILES)), np.nan)
    for c, group in groups.items():
        order = group[np.argsort(hours[group])]
        reached = np.cumsum(weight[order])
        place = np.searchsorted(reached, np.array(QUANTILES) * reached[-1] - 1e-9)
        found[c] = hours[order[np.minimum(place, len(order) - 1)]]
    return found
