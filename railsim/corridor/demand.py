"""How many lots of every flow come on every day of a year."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from railsim.corridor.arrays import Floats
from railsim.corridor.time.clock import Span, date_of_ms, ms_of_date
from railsim.corridor.time.hours import new_year_day
from railsim.scenario.schema import Scenario
from railsim.scenario.schema.demand import Annual, Flow, Growth, Season
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
    growth = scenario.growth[flow.growth]
    log_gdp = math.fsum(
        math.log1p(growth_rate(growth, y))
        for y in range(scenario.economy.flow_base_year + 1, year + 1)
    )
    shock = growth.shocks.get(str(year), 1.0)
    return tonnes * math.exp(commodity.income_elasticity * log_gdp) * shock


def season_of(scenario: Scenario, flow: Flow) -> Season | None:
    """The season of a flow's commodity in its direction."""
    commodity = scenario.commodities[flow.commodity]
    name = commodity.season_by_direction.get(flow.direction, commodity.season)
    return None if name is None else scenario.seasons[name]


def mean_lot_teu(scenario: Scenario, flow: Flow) -> float:
    """Mean size of a lot; of bulk, the TEU its tonnes would fill."""
    size = scenario.lot_sizes[flow.lot_size]
    return math.fsum(n * p for n, p in zip(size.teu, size.probability, strict=True))


def lots_per_day(scenario: Scenario, flow: Flow, span: Span, tonnes: float) -> Floats:
    """Expected lots of every day from `span.begin_ms` to `span.end_ms`.

    The days of the calendar year sum to the year's lots exactly; the days of the
    warm-up follow the same profile.
    """
    commodity = scenario.commodities[flow.commodity]
    lots = tonnes / (commodity.tonnes_per_teu * mean_lot_teu(scenario, flow))
    first, last = date_of_ms(span.begin_ms), date(span.year, 12, 31)
    days = [first + timedelta(days=d) for d in range((last - first).days + 1)]
    weights = day_weights(season_of(scenario, flow), days)
    measured = (ms_of_date(date(span.year, 1, 1)) - ms_of_date(first)) // MS_PER_DAY
    return weights * (lots / math.fsum(weights[measured:]))


def day_weights(season: Season | None, days: list[date]) -> Floats:
    """Relative arrivals of days: month times weekday times lunar profile."""
    if season is None:
        return np.ones(len(days))
    new_years = {
        year: new_year_day(year, season.lunar_utc_offset_h)
        for year in range(days[0].year - 1, days[-1].year + 2)
    }
    return np.array([_weight(season, day, new_years) for day in days])


def _weight(season: Season, day: date, new_years: Mapping[int, date]) -> float:
    weight = season.month_factors[day.month - 1]
    weight *= season.weekday_factors[day.weekday()]
    for new_year in new_years.values():
        after = (day - new_year).days
        for profile in season.lunar.values():
            if profile.first_day <= after <= profile.last_day:
                weight *= profile.factor
    return weight
