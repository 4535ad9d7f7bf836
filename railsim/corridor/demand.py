"""How many lots of every flow come on every day of a year."""

from __future__ import annotations

import itertools
import math
from datetime import date

import numpy as np

from railsim.corridor.arrays import Floats, Ints, floats
from railsim.corridor.time.clock import (
    Span,
    day_of_date,
    months_of_days,
    weekdays_of_days,
    years_of_days,
)
from railsim.corridor.time.hours import new_year_day
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Annual, Flow, Growth, LotSize, Season
from railsim.sharing import once_for
from railsim.units import MS_PER_DAY


def growth_rate(growth: Growth, year: int) -> float:
    """Growth of a year, linear between the years that are given, constant outside."""
    points = sorted((int(y), rate) for y, rate in growth.rate_by_year.items())
    if year <= points[0][0]:
        return points[0][1]
    for (y0, g0), (y1, g1) in itertools.pairwise(points):
        if year <= y1:
            return g0 + (g1 - g0) * (year - y0) / (y1 - y0)
    return points[-1][1]


def tonnes_of_year(
    scenario: Scenario, flow: Flow, year: int, *, cost_ratio: float
) -> float:
    """T0 (GDP / GDP0)^e (GC / GC0)^n S: tonnes of an annual flow in a year.

    Elasticities are those of the commodity; `cost_ratio` is GC / GC0, floored at 0.2
    (MODEL specification 2.2).
    """
    assert isinstance(flow.arrivals, Annual)
    commodity = scenario.commodities[flow.commodity]
    response = math.pow(max(cost_ratio, 0.2), commodity.cost_elasticity)
    tonnes = flow.arrivals.tonnes * response
    if flow.growth is None:
        return tonnes
    log_gdp = _log_gdp(scenario, flow.growth, year)
    shock = scenario.growth[flow.growth].shocks.get(str(year), 1.0)
    return tonnes * math.exp(commodity.income_elasticity * log_gdp) * shock


@once_for("growth", "economy", most=1024)
def _log_gdp(scenario: Scenario, growth: str, year: int) -> float:
    """ln(GDP / GDP0) of a growth path, GDP0 that of the year of the base flows."""
    path, first = scenario.growth[growth], scenario.economy.flow_base_year
    return math.fsum(
        math.log1p(growth_rate(path, y)) for y in range(first + 1, year + 1)
    )


def season_of(scenario: Scenario, flow: Flow) -> Season | None:
    """The season of a flow's commodity in its direction."""
    commodity = scenario.commodities[flow.commodity]
    name = commodity.season_by_direction.get(flow.direction, commodity.season)
    return None if name is None else scenario.seasons[name]


def mean_lot_teu(scenario: Scenario, flow: Flow) -> float:
    """Mean size of a lot; of bulk, the TEU its tonnes would fill."""
    return _mean_teu(scenario.lot_sizes[flow.lot_size])


@once_for(most=1024)
def _mean_teu(size: LotSize) -> float:
    return math.fsum(n * p for n, p in zip(size.teu, size.probability, strict=True))


def lots_per_day(scenario: Scenario, flow: Flow, span: Span, tonnes: float) -> Floats:
    """Expected lots of every day from `span.begin_ms` to `span.end_ms`.

    The days of the calendar year sum to the year's lots exactly; the days of the
    warm-up follow the same profile.
    """
    commodity = scenario.commodities[flow.commodity]
    lots = tonnes / (commodity.tonnes_per_teu * mean_lot_teu(scenario, flow))
    weights, whole = _profile(season_of(scenario, flow), span)
    return weights * (lots / whole)


@once_for(most=4096)
def _profile(season: Season | None, span: Span) -> tuple[Floats, float]:
    """Relative arrivals of the days of a span, and their sum over the year itself."""
    first, new_year = span.begin_ms // MS_PER_DAY, day_of_date(date(span.year, 1, 1))
    days = np.arange(first, day_of_date(date(span.year, 12, 31)) + 1)
    weights = day_weights(season, days)
    return weights, math.fsum(weights[new_year - first :].tolist())


def day_weights(season: Season | None, days: Ints) -> Floats:
    """Relative arrivals of numbered days: month times weekday times lunar profile."""
    if season is None:
        return np.ones(len(days))
    weights = floats(season.month_factors)[months_of_days(days) - 1]
    weights *= floats(season.weekday_factors)[weekdays_of_days(days)]
    first_year, last_year = years_of_days(days[[0, -1]]).tolist()
    for year in range(first_year - 1, last_year + 2):
        after = days - day_of_date(new_year_day(year, season.lunar_utc_offset_h))
        for profile in season.lunar.values():
            is_near = (profile.first_day <= after) & (after <= profile.last_day)
            weights[is_near] *= profile.factor
    return weights
