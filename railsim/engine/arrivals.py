"""When the lots of a flow arrive, by the kind of its arrivals."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from railsim.corridor.arrays import Floats, Ints
from railsim.corridor.tables import Plan
from railsim.corridor.time.timing import central_hours, hours, mean_hours
from railsim.engine.luck import Luck
from railsim.errors import BudgetError
from railsim.scenario.schema.demand import Annual, Listed, Poisson, Renewal, Scheduled
from railsim.units import MS_PER_DAY, MS_PER_HOUR

MOST_LOTS = 20_000_000


def arrival_times(plan: Plan, f: int, luck: Luck) -> Ints:
    """Milliseconds at which the lots of flow f arrive, ascending, warm-up included."""
    span, name = plan.span, plan.flows.names[f]
    arrivals = plan.flows.arrivals[f]
    match arrivals:
        case Annual():
            expected = plan.lots_per_day[f]
            midnight = span.begin_ms // MS_PER_DAY * MS_PER_DAY
            edges = midnight + np.arange(len(expected) + 1) * MS_PER_DAY
            times = _by_inversion(plan, name, luck, expected, edges)
            return times[times >= span.begin_ms]
        case Poisson():
            length_h = (span.end_ms - span.begin_ms) / MS_PER_HOUR
            expected = np.array([arrivals.rate_per_h * length_h])
            edges = np.array([span.begin_ms, span.end_ms])
            return _by_inversion(plan, name, luck, expected, edges)
        case Renewal():
            return _renewal(plan, name, luck, arrivals)
        case Scheduled():
            return _scheduled(plan, name, luck, arrivals)
        case Listed():
            at_h = np.array(sorted(arrivals.at_h), dtype=np.float64)
            times = span.measure_ms + np.rint(at_h * MS_PER_HOUR).astype(np.int64)
            return times[(times >= span.begin_ms) & (times < span.end_ms)]
        case _:
            raise AssertionError(f"no such arrivals: {arrivals}")


def _by_inversion(
    plan: Plan, name: str, luck: Luck, expected: Floats, edges: Ints
) -> Ints:
    """Poisson arrivals by inverting the cumulative rate (Cinlar 1975).

    `expected[i]` lots between `edges[i]` and `edges[i + 1]`; pieces without lots are
    passed over.
    """
    cumulative = np.concatenate([[0.0], np.cumsum(expected)])
    total = float(cumulative[-1])
    reached = _unit_arrivals(plan, name, luck, total)
    piece = np.searchsorted(cumulative, reached, side="left") - 1
    piece = np.clip(piece, 0, len(expected) - 1)
    inside = (reached - cumulative[piece]) / expected[piece]
    lengths = np.diff(edges)[piece]
    times: Ints = edges[piece] + np.floor(inside * lengths).astype(np.int64)
    return times


def _check_budget(plan: Plan, name: str, lots: float) -> None:
    """Refuse before the numbers are drawn; every lot makes at least an event."""
    most = min(MOST_LOTS, plan.max_events)
    if not lots <= most:
        raise BudgetError(
            f"flows.{name}: {lots:.3g} lots a year are more than the {most} that "
            f"run.max_events = {plan.max_events} and the memory allow"
        )


def _unit_arrivals(plan: Plan, name: str, luck: Luck, total: float) -> Floats:
    """Arrivals of a unit-rate process up to `total`; equally spaced without chance."""
    _check_budget(plan, name, total)
    if plan.is_deterministic:
        return np.arange(0.5, total, 1.0)
    count = int(total + 10.0 * math.sqrt(total) + 50.0)
    while True:
        reached = np.cumsum(-special.log1p(-luck.uniforms(f"arrival.{name}", count)))
        if reached[-1] > total:
            return reached[reached <= total]
        count *= 2


def _renewal(plan: Plan, name: str, luck: Luck, arrivals: Renewal) -> Ints:
    span = plan.span
    length_h = (span.end_ms - span.begin_ms) / MS_PER_HOUR
    mean = mean_hours(arrivals.gap)
    if mean <= 0.0:
        raise BudgetError(f"flows.{name}: gaps between lots are zero")
    _check_budget(plan, name, length_h / mean)
    count = int(length_h / mean * 1.2 + 100.0)
    while True:
        _check_budget(plan, name, count / 4.0)
        gaps = hours(arrivals.gap, luck.uniforms(f"arrival.{name}", count))
        if plan.is_deterministic:
            gaps = np.full(count, central_hours(arrivals.gap))
        gaps_ms = np.rint(np.maximum(gaps, 0.0) * MS_PER_HOUR).astype(np.int64)
        times = np.cumsum(gaps_ms)
        if times[-1] > span.end_ms - span.begin_ms:
            return span.begin_ms + times[times < span.end_ms - span.begin_ms]
        count *= 2


def _scheduled(plan: Plan, name: str, luck: Luck, arrivals: Scheduled) -> Ints:
    span = plan.span
    length_h = (span.end_ms - span.begin_ms) / MS_PER_HOUR
    _check_budget(plan, name, length_h / arrivals.every_h)
    planned = np.arange(math.ceil(length_h / arrivals.every_h)) * arrivals.every_h
    if arrivals.lateness is not None:
        if plan.is_deterministic:
            planned = planned + central_hours(arrivals.lateness)
        else:
            late = luck.uniforms(f"arrival.{name}", len(planned))
            planned = planned + hours(arrivals.lateness, late)
    times = span.begin_ms + np.rint(planned * MS_PER_HOUR).astype(np.int64)
    times = np.sort(times)
    return times[(times >= span.begin_ms) & (times < span.end_ms)]
