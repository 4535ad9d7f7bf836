"""When works start and how long they take, by inverse transforms of quantiles."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr, ndtri

from railsim.formulas.delivery import lognormal_from_two_quantiles
from railsim.formulas.statistics import triangular_ppf
from railsim.project.delivery.luck import LEAST
from railsim.scenario.schema.worth.delivery import (
    Duration,
    ExponentialPart,
    FixedStart,
    MixtureStart,
    Slippage,
    Start,
    TriangularDuration,
    UniformStart,
    WindowStart,
)
from railsim.traffic import Floats


def start_years(start: Start, u: Floats) -> Floats:
    """Decimal years of the start that quantiles `u` stand for, slippage left out."""
    match start:
        case FixedStart():
            return np.full(u.shape, start.year)
        case WindowStart():
            steps = np.cumsum(start.probabilities)[:-1]
            years: Floats = np.array(start.years)[np.searchsorted(steps, u)]
            return years
        case UniformStart():
            return start.low_year + u * (start.high_year - start.low_year)
        case MixtureStart():
            return _mixture(start, u)


def _mixture(start: MixtureStart, u: Floats) -> Floats:
    """Parts do not overlap: each is the inverse of its own stretch of the quantiles."""
    years = np.empty(u.shape)
    below = 0.0
    parts = [part for part in start.ordered() if part.weight > 0]
    for part in parts:
        is_here = (u > below) | (part is parts[0])
        inside = np.clip(u[is_here] - below, 0.0, part.weight) / part.weight
        inside = np.minimum(inside, 1.0 - LEAST)
        if isinstance(part, ExponentialPart):
            years[is_here] = part.low_year - part.mean_years * np.log1p(-inside)
        else:
            span = part.high_year - part.low_year
            years[is_here] = part.low_year + inside * span
        below += part.weight
    return years


def slippage_years(start: Start, slippage: Slippage | None, u: Floats) -> Floats:
    """Years from the date that is set to the start of works; 0 where none come on top.

    A lognormal given that it stays below its limit: Q(u F(limit)).
    """
    is_slipping = not isinstance(start, MixtureStart) and start.is_slipping
    if not is_slipping or slippage is None:
        return np.zeros(u.shape)
    if slippage.sigma == 0:
        return np.full(u.shape, min(slippage.median_years, slippage.limit_years))
    log_limit = math.log(slippage.limit_years / slippage.median_years)
    kept = ndtr(log_limit / slippage.sigma)
    years: Floats = slippage.median_years * np.exp(slippage.sigma * ndtri(u * kept))
    return np.minimum(years, slippage.limit_years)


def duration_years(duration: Duration, commissioning: float, u: Floats) -> Floats:
    """Years from the start of main works to opening, `commissioning` years included."""
    if isinstance(duration, TriangularDuration):
        corners = (duration.low_years, duration.mode_years, duration.high_years)
        low, mode, high = corners
        return np.array(triangular_ppf(u=u.tolist(), low=low, mode=mode, high=high))
    fit = lognormal_from_two_quantiles(
        q1=duration.p50_factor, p1=0.5, q2=duration.p80_factor, p2=0.8
    )
    factor = np.exp(fit["mu"] + fit["sigma"] * ndtri(u))
    return np.asarray(duration.works_years * factor + commissioning)
