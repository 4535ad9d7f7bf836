"""Exchange rates from the middle of the price year on, at any dates.

Geometric Brownian motion for the dong, a logarithm that returns to a level for the yuan
(Hull 2018; Schwartz 1997), with correlated shocks. Rates are units per US dollar.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from railsim.formulas import stream_uniforms
from railsim.formulas.fx import gbm_log_median, ou_log_clock, ou_log_mean
from railsim.scenario import Scenario
from railsim.scenario.schema.worth.finance import Exchange, Finance
from railsim.traffic import Floats


class FxLuck(NamedTuple):
    """Independent uniform numbers, more than dates are ever asked for."""

    vnd: Floats
    cny: Floats


STEPS = 1200


def draw_fx(world: Scenario, seed: int, replication: int) -> FxLuck | None:
    """Chance of the exchange rates; None where the scenario states quantiles."""
    if world.finance is None or world.finance.exchange.luck == "stated":
        return None
    streams = [
        np.array(
            stream_uniforms(
                seed=seed, name=f"fx.{name}", replication=replication, n=STEPS
            )
        )
        for name in ("vnd", "cny")
    ]
    return FxLuck(*streams)


def exchange_rates(
    finance: Finance,
    vnd_per_usd: float,
    cny_per_usd: float,
    dates: Floats,
    price_date: float,
    luck: FxLuck | None,
) -> dict[str, Floats]:
    """Currency -> units per US dollar at ascending dates (decimal years)."""
    fx, inflation = finance.exchange, finance.inflation
    t = dates - price_date
    shocks = _shocks(fx, t, luck)
    ppp = np.log1p([inflation.vnd, inflation.cny]) - math.log1p(inflation.usd)
    logs = {
        "VND": math.log(vnd_per_usd) + _vnd_log(fx, t, float(ppp[0]), shocks[0]),
        "CNY": _cny_log(fx, math.log(cny_per_usd), t, float(ppp[1]), shocks[1]),
    }
    step = fx.step
    if step is not None:
        logs[step.currency] += np.where(dates >= step.year, math.log1p(step.share), 0.0)
    return {"USD": np.ones(len(t))} | {name: np.exp(log) for name, log in logs.items()}


def _vnd_log(fx: Exchange, t: Floats, ppp: float, shock: Floats) -> Floats:
    match fx.vnd:
        case "ppp":
            return ppp * t
        case "drift":
            return math.log1p(fx.vnd_drift) * t
    return np.asarray(gbm_log_median(fx.vnd_drift, fx.vnd_volatility, t) + shock)


def _cny_log(fx: Exchange, x0: float, t: Floats, ppp: float, shock: Floats) -> Floats:
    match fx.cny:
        case "ppp":
            return x0 + ppp * t
        case "drift":
            return x0 + math.log1p(fx.cny_drift) * t
    level = math.log(fx.cny_level)
    return np.asarray(ou_log_mean(x0, level, fx.cny_return_rate, t) + shock)


def _shocks(fx: Exchange, t: Floats, luck: FxLuck | None) -> tuple[Floats, Floats]:
    """Departures of both logarithms from their medians at each date."""
    if luck is None:
        elapsed = np.maximum(t, 0.0)
        chance_vnd = float(ndtri(fx.vnd_quantile))
        chance_cny = float(ndtri(fx.cny_quantile))
        spread = fx.cny_volatility * np.sqrt(ou_log_clock(fx.cny_return_rate, elapsed))
        return chance_vnd * fx.vnd_volatility * np.sqrt(elapsed), chance_cny * spread
    steps = np.diff(np.maximum(t, 0.0), prepend=0.0)
    z_vnd: Floats = ndtri(luck.vnd[: len(t)])
    other = math.sqrt(1.0 - fx.correlation**2) * ndtri(luck.cny[: len(t)])
    z_cny = fx.correlation * z_vnd + other
    walk: Floats = np.cumsum(fx.vnd_volatility * np.sqrt(steps) * z_vnd)
    pushes = fx.cny_volatility * np.sqrt(ou_log_clock(fx.cny_return_rate, steps))
    return walk, _returning(pushes * z_cny, np.exp(-fx.cny_return_rate * steps))


def _returning(pushes: Floats, memory: Floats) -> Floats:
    """Departures that fade between dates."""
    departure, path = 0.0, []
    for push, kept in zip(pushes.tolist(), memory.tolist(), strict=True):
        departure = departure * kept + push
        path.append(departure)
    return np.array(path)
